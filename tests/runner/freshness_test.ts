import assert from "node:assert/strict";
import type { Assessment } from "../../lib/runner/assess.ts";
import { statusTable } from "../../lib/runner/cli/status.ts";
import { terminal } from "../../lib/runner/cli/terminal.ts";
import type { Event } from "../../lib/runner/event.ts";
import type { TargetName } from "../../lib/runner/names.ts";
import { allowed } from "../support.ts";
import { Project } from "./project.ts";

const ignore = !allowed("read", "write", "run", "env");

Deno.test({
  name: "reproduce builds all once, then runs nothing",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    assert.deepEqual(await project.ran("reproduce"), ["cache/scaled.txt", "figures/sum.txt"]);
    assert.equal(await project.read("figures/sum.txt"), "40");
    const again = await project.run("reproduce");
    assert.match(again.out, /All 2 targets are fresh; no task ran/);
    assert.equal(again.code, 0);
  },
});

Deno.test({
  name: "a target runs again for code, params and inputs, and not for comments, order or times",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    await project.run("reproduce");
    await project.edit("workflow.yaml", "version: 1", "# a comment\nversion:   1");
    await project.edit("workflow.yaml", "{ factor: 2, offset: 0 }", "{ offset: 0, factor: 2 }");
    await Deno.utime(`${project.root}/number.txt`, new Date(), new Date());
    assert.deepEqual(await project.ran("reproduce"), []);

    await project.edit("tasks/sum.ts", "Adds", "Sums");
    assert.deepEqual(await project.ran("reproduce"), ["figures/sum.txt"]);

    // Another module, but the same number: what comes after does not run.
    await project.write("lib/round.ts", "export const round = (x: number) => Math.round(x);\n");
    assert.deepEqual(await project.ran("reproduce"), ["cache/scaled.txt"]);

    assert.deepEqual(await project.ran("reproduce", "--set", "scale.offset=1"), [
      "figures/sum.txt",
    ]);
    assert.equal(await project.read("figures/sum.txt"), "41");

    await project.write("number.txt", "30");
    assert.deepEqual(await project.ran("reproduce"), ["cache/scaled.txt", "figures/sum.txt"]);
    assert.equal(await project.read("figures/sum.txt"), "60");

    // What was built before is taken from the cache.
    await project.write("number.txt", "20");
    assert.match(
      (await project.run("status")).out,
      /in cache\s+figures/,
    );
    const { out } = await project.run("reproduce");
    assert.match(out, /0 built, 2 restored/);
    assert.equal(await project.read("figures/sum.txt"), "40");
  },
});

Deno.test({
  name: "a lost output is restored, an edited one kept aside, a damaged content rebuilt",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    await project.run("reproduce");
    await Deno.remove(`${project.root}/figures/sum.txt`);
    assert.match((await project.run("reproduce")).out, /restored .*: missing output figures/);
    await project.write("figures/sum.txt", "mine");
    assert.match((await project.run("status")).out, /in cache\s+edited output figures/);
    assert.match((await project.run("reproduce")).out, /aside .*no task's work/);
    assert.equal(await project.read("figures/sum.txt"), "40");
    const [aside] = await project.list("cache/aside");
    assert.equal(await project.read(`cache/aside/${aside}`), "mine");

    for (const folder of await project.list("cache/contents")) {
      for (const name of await project.list(`cache/contents/${folder}`)) {
        const path = `${project.root}/cache/contents/${folder}/${name}`;
        await Deno.chmod(path, 0o644);
        await Deno.truncate(path, 1);
      }
    }
    const { out, code } = await project.run("reproduce");
    assert.equal(code, 0);
    assert.match(out, /cached content .* lost or damaged/);
    assert.equal(await project.read("figures/sum.txt"), "40");
  },
});

Deno.test({
  name: "status tells each target's state and reasons, and runs nothing",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    assert.match((await project.run("status")).out, /cache\/scaled.txt\s+never built/);
    await project.run("reproduce");
    const fresh = await project.run("status", "--check");
    assert.equal(fresh.code, 0);
    assert.match(fresh.out, /figures\/sum.txt\s+fresh/);
    const stale = await project.run("status", "--check", "--set", "scale.factor=3");
    assert.equal(stale.code, 1);
    assert.match(stale.out, /cache\/scaled.txt\s+stale\s+param factor 2 → 3/);
    assert.match(stale.out, /figures\/sum.txt\s+may run\s+waits on cache\/scaled.txt/);
    assert.equal(await project.read("figures/sum.txt"), "40");
  },
});

Deno.test({
  name: "reproduce --rebuild-pool runs again what makes the pools, and nothing for the same bytes",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    const text = await project.read("workflow.yaml");
    await project.write(
      "workflow.yaml",
      text.replaceAll("cache/scaled.txt", "cache/pool_scaled.txt") + `  cache/other.txt:
    task: tasks/scale.ts
    inputs: { number: figures/sum.txt }
    params: { factor: 1 }
`,
    );
    await project.run("reproduce");
    assert.match(
      (await project.run("reproduce", "--rebuild-pool", "--dry-run")).out,
      /^cache\/pool_scaled\.txt +stale +asked for\nfigures\/sum\.txt +may run/,
    );
    const { out } = await project.run("reproduce", "--rebuild-pool");
    assert.match(
      out,
      /^run +cache\/pool_scaled\.txt: asked for\nbuilt .* the same bytes as before/,
    );
    assert.match(out, /1 built, 0 restored, 1 fresh/);
  },
});

Deno.test("statusTable() breaks lines between words, caps the reasons, and ends with totals", () => {
  const long =
    "a failure that is told in a good many words, more than one line of the terminal has";
  const reasons = [
    { kind: "failed", message: long },
    ...Array.from(
      { length: 9 },
      (_, i) => ({ kind: "code", path: `lib/${i}.ts`, change: "changed" }),
    ),
  ];
  const states = new Map([
    ["cache/a.txt", { state: "stale", reasons }],
    ["b", { state: "fresh", reasons: [] }],
    ["c", { state: "fresh", reasons: [] }],
  ]) as unknown as ReadonlyMap<TargetName, Assessment>;
  const lines = statusTable(states, 40).split("\n");
  assert.ok(lines.every((line) => line.length <= 40), lines.join("\n"));
  assert.equal(lines[0], "cache/a.txt  stale");
  assert.equal(lines[1]?.slice(0, 12), "    failed: ");
  const text = lines.map((line) => line.trim()).join(" ");
  assert.ok(text.includes(long), text);
  assert.ok(text.includes("lib/3.ts changed and 5 more: deno task explain cache/a.txt"), text);
  assert.equal(lines.at(-1), "3 targets: 1 stale, 2 fresh");
});

Deno.test("terminal() counts the targets that are done, and shows notes unless quiet", () => {
  const target = (name: string): TargetName => name as TargetName;
  const events: Event[] = [
    { kind: "planned", targets: 3 },
    { kind: "fresh", target: target("a") },
    { kind: "started", target: target("b"), reasons: [] },
    { kind: "warning", target: target("b"), message: "on the CPU", once: true },
    { kind: "warning", target: target("b"), message: "not converged" },
    { kind: "built", target: target("b"), seconds: 1, same: false },
    { kind: "restored", target: target("c"), reasons: [] },
  ];
  const shown = (options: { interactive: boolean; quiet: boolean }): string => {
    let text = "";
    const write = (more: string): void => void (text += more);
    events.forEach(terminal({ color: false, columns: 80, write, ...options }));
    return text;
  };
  const plain = shown({ interactive: false, quiet: false });
  assert.match(plain, /^note +b: on the CPU$/m);
  assert.match(plain, /^warning +b: not converged$/m);
  assert.match(plain, /^built +b in 1\.00 s, 2\/3$/m);
  assert.match(plain, /^restored +c from the cache, 3\/3$/m);
  assert.equal(shown({ interactive: false, quiet: true }), "warning   b: not converged\n");
  assert.match(
    shown({ interactive: true, quiet: false }),
    /^1\/3 targets done, 1 running\n {2}⋯ b/m,
  );
});

Deno.test({
  name: "reproduce says where the results are, and what they are made from",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    assert.match((await project.run("reproduce")).out, /\nResults: figures\/sum\.txt\n$/);
    await project.edit(
      "workflow.yaml",
      "  seed: 0\n",
      "  seed: 0\n  responses: { source: simulated, path: null }\n",
    );
    const { out } = await project.run("reproduce");
    assert.match(
      out,
      /fresh; no task ran\.\nResults: figures\/sum\.txt, from simulated responses\n$/,
    );
    const set = ["--set", "responses.source=csv", "--set", "responses.path=my table.csv"];
    assert.match(
      (await project.run("reproduce", ...set)).out,
      /, from the responses in my table\.csv\n$/,
    );
    const lines = (await project.run("reproduce", "--json")).out.trim().split("\n");
    assert.equal(JSON.parse(lines.at(-1)!).kind, "done");
    assert.doesNotMatch((await project.run("build", "cache/scaled.txt")).out, /Results/);
  },
});
