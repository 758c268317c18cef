import assert from "node:assert/strict";
import { stream } from "../../lib/stats/random/stream.ts";
import { allowed } from "../support.ts";
import { auditCache } from "./cache_audit.ts";
import { kill, Project } from "./project.ts";
import { repetitions } from "./soak.ts";

const ignore = !allowed("read", "write", "run", "env");

/** Three figures from a loop, beside the two targets that each project has. */
const LOOP = `  figures/sum_\${offset}.txt:
    for: { offset: [1, 2, 3] }
    task: tasks/sum.ts
    inputs: { a: cache/scaled.txt }
    params: { offset: \${offset} }
`;

Deno.test({
  name: "a run killed at any moment leaves a sound cache, and the next one completes it",
  ignore: ignore || Deno.build.os === "windows",
  fn: async () => {
    await using project = await Project.create();
    await project.write("workflow.yaml", await project.read("workflow.yaml") + LOOP);
    // The second run finds all modules compiled, as those below do.
    await project.run("reproduce");
    const began = performance.now();
    assert.equal((await project.run("reproduce", "--set", "scale.factor=1")).code, 0);
    const whole = performance.now() - began;
    const kills = repetitions(8, 220);
    let killed = 0;
    for (let i = 0; killed < kills; i++) {
      assert.ok(i < 2 * kills, `only ${killed} of ${i} runs were still on when killed`);
      // Another factor each time, so that there is all to do.
      const factor = i + 3;
      const args = ["reproduce", "--set", `scale.factor=${factor}`];
      const run = project.command(args).spawn();
      const ended = run.output();
      const timer = setTimeout(() => kill(run), whole * stream(0, "crash", i)());
      if ((await ended).signal === "SIGKILL") killed++;
      clearTimeout(timer);
      await auditCache(project);

      const { code, err } = await project.run(...args);
      assert.deepEqual({ code, err }, { code: 0, err: "" }, `after kill ${i}`);
      await auditCache(project);
      const sums = [["sum", 0], ["sum_1", 1], ["sum_2", 2], ["sum_3", 3]] as const;
      for (const [name, offset] of sums) {
        assert.equal(await project.read(`figures/${name}.txt`), String(20 * factor + offset));
      }
    }
    assert.equal((await project.run("gc")).code, 0);
    assert.deepEqual(await project.list("cache/staging"), []);
    assert.deepEqual((await project.list("figures")).filter((name) => name.endsWith(".tmp")), []);
  },
});

/** A task that tells its process and then never ends. */
const ENDLESS = "Deno.writeTextFileSync(outputs.scaled, String(Deno.pid));\n" +
  "    await new Promise((done) => setTimeout(done, 1e9));\n    const number";

/** Waits for what will be so soon. */
async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let i = 0; i < 1000; i++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error("it did not come to pass in 20 s");
}

/** Starts a run whose first task never ends, and waits until that task's process is known. */
async function endless(project: Project): Promise<{ run: Deno.ChildProcess; task: string }> {
  await project.edit("tasks/scale.ts", "const number", ENDLESS);
  const run = project.command(["reproduce"]).spawn();
  const task = await eventually(async () => {
    const [staging] = await project.list("cache/staging");
    const text = staging && await project.read(`cache/staging/${staging}/out/scaled.txt`)
      .catch(() => "");
    return text || undefined;
  });
  return { run, task };
}

/** Undefined for as long as there is a process. */
async function gone(pid: string): Promise<true | undefined> {
  const { success } = await new Deno.Command("kill", { args: ["-0", pid], stderr: "null" })
    .output();
  return success ? undefined : true;
}

Deno.test({
  name: "the task of a killed run ends with it",
  ignore: ignore || Deno.build.os === "windows",
  fn: async () => {
    await using project = await Project.create();
    const { run, task } = await endless(project);
    run.kill("SIGKILL");
    await run.output();
    await eventually(() => gone(task));
  },
});

Deno.test({
  name: "an interrupt ends the tasks, exits with 130 and leaves nothing; the next run goes on",
  ignore: ignore || Deno.build.os === "windows",
  fn: async (t) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      await t.step(signal, async () => {
        await using project = await Project.create();
        const { run, task } = await endless(project);
        run.kill(signal);
        const { code, stdout } = await run.output();
        const text = new TextDecoder().decode(stdout);
        assert.equal(code, 130, text);
        assert.match(text, /^stopped {3}cache\/scaled\.txt$/m);
        assert.match(text, /Interrupted; run again to go on from here/);
        await eventually(() => gone(task));
        assert.deepEqual(await project.list("cache/staging"), []);
        await project.edit("tasks/scale.ts", ENDLESS, "const number");
        assert.equal((await project.run("reproduce")).code, 0);
        assert.equal(await project.read("figures/sum.txt"), "40");
      });
    }
  },
});
