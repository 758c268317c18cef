import assert from "node:assert/strict";
import { stream } from "../../lib/stats/random/stream.ts";
import { allowed } from "../support.ts";
import { auditCache } from "./cache_audit.ts";
import { kill, Project, type Run } from "./project.ts";
import { repetitions } from "./soak.ts";

const ignore = !allowed("read", "write", "run", "env");

/** Targets whose task ran, over all runs. */
function built(runs: readonly Run[]): string[] {
  return runs.flatMap(({ out }) =>
    [...out.matchAll(/^built +(\S+)/gm)].map(([, name = ""]) => name)
  );
}

for (const count of [2, 10]) {
  Deno.test({
    name: `${count} runs at once give the right bytes, and run each task once`,
    ignore,
    fn: async () => {
      await using project = await Project.create();
      for (let i = 0; i < repetitions(1, 20); i++) {
        const args = ["reproduce", "--set", `scale.factor=${i + 2}`];
        const runs = await Promise.all(Array.from({ length: count }, () => project.run(...args)));
        assert.deepEqual(runs.map(({ code, err }) => [code, err]), runs.map(() => [0, ""]));
        assert.deepEqual(built(runs).sort(), ["cache/scaled.txt", "figures/sum.txt"]);
        assert.equal(await project.read("figures/sum.txt"), String(20 * (i + 2)));
        await auditCache(project);
      }
    },
  });
}

Deno.test({
  name: "ten runs of other numbers at once: each makes its own, and the cache holds all",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    const sets = Array.from({ length: 10 }, (_, i) => ["--set", `scale.factor=${i + 3}`]);
    const runs = await Promise.all(sets.map((set) => project.run("reproduce", ...set)));
    assert.deepEqual(runs.map(({ code, err }) => [code, err]), runs.map(() => [0, ""]));
    assert.equal(built(runs).length, 20);
    await auditCache(project);
    for (const [i, set] of sets.entries()) {
      assert.doesNotMatch((await project.run("reproduce", ...set)).out, /^built/m);
      assert.equal(await project.read("figures/sum.txt"), String(20 * (i + 3)));
    }
  },
});

Deno.test({
  name: "of ten runs at once some are killed: the others complete",
  ignore: ignore || Deno.build.os === "windows",
  fn: async () => {
    await using project = await Project.create();
    await project.run("reproduce");
    for (let i = 0; i < repetitions(1, 20); i++) {
      const random = stream(0, "killed among ten", i);
      const args = ["reproduce", "--set", `scale.factor=${i + 3}`];
      const ends = await Promise.all(Array.from({ length: 10 }, async (_, k) => {
        const run = project.command(args).spawn();
        const timer = k % 2 === 0 ? setTimeout(() => kill(run), 1500 * random()) : 0;
        const { code, signal } = await run.output();
        clearTimeout(timer);
        return signal ?? code;
      }));
      assert.deepEqual(ends.filter((end) => end !== "SIGKILL" && end !== 0), []);
      assert.equal(await project.read("figures/sum.txt"), String(20 * (i + 3)));
      await auditCache(project);
    }
  },
});

Deno.test({
  name: "a run that waits for another's task names its holder, and goes on when that ends",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    const [{ key }] = JSON.parse((await project.run("explain", "cache/scaled.txt", "--json")).out);
    await Deno.mkdir(`${project.root}/cache/locks`, { recursive: true });
    const path = `${project.root}/cache/locks/${key}`;
    using held = await Deno.open(path, { create: true, read: true, write: true });
    await held.lock(true);
    await held.write(new TextEncoder().encode("process 12 is making it"));
    const run = project.command(["reproduce"]).spawn();
    const reader = run.stdout.pipeThrough(new TextDecoderStream()).getReader();
    assert.match(
      (await reader.read()).value ?? "",
      /^waiting +cache\/scaled\.txt: process 12 is making it$/m,
    );
    await held.unlock();
    while (!(await reader.read()).done);
    await run.stderr.cancel();
    assert.equal((await run.status).code, 0);
    assert.equal(await project.read("figures/sum.txt"), "40");
    assert.deepEqual(await project.list("cache/locks"), ["cache"]);
  },
});
