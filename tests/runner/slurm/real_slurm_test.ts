import assert from "node:assert/strict";
import { join } from "@std/path";
import type { Event } from "../../../lib/runner/event.ts";
import { allowed } from "../../support.ts";
import { kill, Project } from "../project.ts";
import { follow } from "./follow.ts";
import { HAS_SLURM, RealSlurm } from "./real_slurm.ts";

const ignore = !allowed("read", "write", "run", "env", "sys", "net") || !HAS_SLURM;

/** A real queue needs its time: an array's last element may be seconds away. */
const PACE = { tick: 200, first: 1500, longest: 10_000, queries: 12, patience: 5000, lost: 60_000 };

/** A task that does what its param says. */
const ACT = `import { z } from "zod";
import { defineTask } from "../lib/runner/task.ts";
export default defineTask({
  description: "Sleeps, takes memory, and writes",
  params: z.object({ seconds: z.number(), mebibytes: z.number() }),
  inputs: { number: { kind: "txt" } },
  outputs: { text: { kind: "txt" } },
  async run({ params, inputs, outputs }) {
    const all = [];
    for (let i = 0; i < params.mebibytes; i += 32) all.push(new Uint8Array(32 << 20).fill(1));
    await new Promise((done) => setTimeout(done, 1000 * params.seconds));
    await Deno.writeTextFile(outputs.text, await Deno.readTextFile(inputs.number!.path));
  },
});
`;

interface Act {
  readonly seconds?: number;
  readonly mebibytes?: number;
  readonly resources?: string;
}

/** Gives a project targets \`cache/NAME.txt\` that do what is said of them. */
async function act(project: Project, acts: Readonly<Record<string, Act>>): Promise<string[]> {
  await project.write("tasks/act.ts", ACT);
  const targets = Object.entries(acts).map(([name, { seconds = 0, mebibytes = 0, resources }]) => `
  cache/${name}.txt:
    task: tasks/act.ts
    inputs: { number: number.txt }
    params: { seconds: ${seconds}, mebibytes: ${mebibytes} }
    resources: { ${resources ?? ""} }`);
  await project.write(
    "workflow.yaml",
    `version: 1\nparams: { seed: 0 }\ntargets:${targets.join("")}\n`,
  );
  return Object.keys(acts).map((name) => `cache/${name}.txt`);
}

/** Does something when a target's job has begun. */
function whenStarted(target: string, work: () => Promise<void>): (event: Event) => void {
  return (event) => {
    if (event.kind === "started" && event.target === target) void work();
  };
}

Deno.test({
  name: "--executor slurm, on a real Slurm",
  ignore,
  fn: async (t) => {
    await using slurm = await RealSlurm.start();

    await t.step("makes the bytes of a local run, and then has nothing to do", async () => {
      await using here = await Project.create();
      await using there = await Project.create();
      assert.equal((await here.run("reproduce")).code, 0);
      const { code, out, err } = await there.run("reproduce", "--executor", "slurm");
      assert.equal(code, 0, err + out);
      assert.match(out, /submit +2 jobs in 2 arrays, called se-/);
      for (const path of ["cache/scaled.txt", "figures/sum.txt"]) {
        assert.equal(await there.read(path), await here.read(path));
      }
      assert.deepEqual(
        (await there.list("cache/records")).sort(),
        (await here.list("cache/records")).sort(),
      );
      assert.deepEqual(await there.list("cache/jobs"), []);
      const again = await there.run("reproduce", "--executor", "slurm");
      assert.match(again.out, /All 2 targets are fresh/);
      const rebuilt = await there.run(
        ...["build", "cache/scaled.txt", "--executor", "slurm", "--rebuild", "cache/scaled.txt"],
      );
      assert.match(rebuilt.out, /built +cache\/scaled\.txt in .* the same bytes as before/);
      assert.match(
        (await there.run("doctor", "--executor", "slurm")).out,
        /has +arrays of up to 1000/,
      );
    });

    await t.step("tells the true cause of each failure, or recovers", async () => {
      await using project = await Project.create();
      const targets = await act(project, {
        cancelled: { seconds: 60 },
        late: { seconds: 60, resources: "time: 1s, retries: { timeout: 0 }" },
        hungry: { mebibytes: 800, resources: "memory: 512MiB" },
        dead: { resources: "slurm: { prologue: 'exit 3' }" },
      });
      const scancel = async (): Promise<void> => {
        const { out } = await project.run("status", "cache/cancelled.txt", "--json");
        await slurm.scancel(JSON.parse(out)[0].job.id);
      };
      const heard = whenStarted("cache/cancelled.txt", scancel);
      const { failed, said } = await follow(project, targets, { pace: PACE, heard });
      assert.match(said, /cancelled\.txt: job \d+_0 on \S+ was cancelled/);
      assert.match(said, /late\.txt: took longer than 1 s; give it more under resources\.time/);
      assert.match(said, /hungry\.txt: ran out of memory; .*; trying again with 1024MiB/);
      assert.match(said, /dead\.txt: job \d+_0 on \S+ failed before it could say why/);
      assert.deepEqual(failed.toSorted(), [
        "cache/cancelled.txt",
        "cache/dead.txt",
        "cache/late.txt",
      ]);
    });

    await t.step(
      "outlives the controller, and jobs outlive the process that submitted them",
      async () => {
        await using project = await Project.create();
        await act(project, { slow: { seconds: 4 } });
        const process = project.command(["build", "cache/slow.txt", "--executor", "slurm"]).spawn();
        while ((await project.list("cache/jobs")).length === 0) {
          await new Promise((done) => setTimeout(done, 100));
        }
        const [run] = await project.list("cache/jobs");
        while (!(await project.list(join("cache/jobs", run ?? ""))).includes("0-0.started")) {
          await new Promise((done) => setTimeout(done, 100));
        }
        kill(process);
        await process.output();
        const before = (await slurm.jobs()).length;
        const restarted = slurm.restartController();
        const { failed, events } = await follow(project, ["cache/slow.txt"], { pace: PACE });
        await restarted;
        assert.deepEqual(failed, []);
        assert.ok(events.some(({ kind }) => kind === "built"), JSON.stringify(events));
        assert.equal((await slurm.jobs()).length, before, "nothing was submitted twice");
      },
    );

    await t.step("refuses a job whose code changed since, and cancels when asked to", async () => {
      await using project = await Project.create();
      const [target = ""] = await act(project, {
        waits: { resources: "slurm: { prologue: sleep 2 }" },
      });
      await follow(project, [target], { wait: false });
      await project.edit("tasks/act.ts", "1000 * params.seconds", "1001 * params.seconds");
      const [run = ""] = await project.list("cache/jobs");
      const ended = join(project.root, "cache", "jobs", run, "0-0.ended");
      while (await Deno.stat(ended).then(() => false, () => true)) {
        await new Promise((done) => setTimeout(done, 100));
      }
      assert.match(
        JSON.parse(await Deno.readTextFile(ended)).message,
        /not what it was when its job was submitted: code tasks\/act\.ts changed; run the command again/,
      );
      const controller = new AbortController();
      const heard = (event: Event): void => {
        if (event.kind === "submitted") controller.abort();
      };
      const { signal } = controller;
      const { left } = await follow(project, [target], { pace: PACE, heard, signal, cancel: true });
      assert.equal(left, 0);
      assert.match((await slurm.jobs()).at(-1) ?? "", /CANCELLED|COMPLETING/);
    });
  },
});
