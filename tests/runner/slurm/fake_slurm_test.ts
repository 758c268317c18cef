import assert from "node:assert/strict";
import { UnavailableError } from "../../../lib/base/errors.ts";
import { patiently } from "../../../lib/runner/executor/slurm/patiently.ts";
import { Queue } from "../../../lib/runner/executor/slurm/queue.ts";
import { allowed } from "../../support.ts";
import { Project } from "../project.ts";
import { FakeSlurm } from "./fake_slurm.ts";
import { follow } from "./follow.ts";

const ignore = !allowed("read", "write", "run", "env", "sys") || Deno.build.os === "windows";

interface Case {
  /** What becomes of the arrays that are submitted. */
  readonly words: readonly string[];
  /** Files that the fake commands read. */
  readonly files?: Readonly<Record<string, string>>;
  /** Under resources. */
  readonly resources?: string;
  /** Whether the target is built in the end. */
  readonly built: boolean;
  readonly said?: RegExp;
  /** Arguments of the last sbatch. */
  readonly last?: RegExp;
}

/** What the queue says of jobs, and what comes of it. */
const CASES: Readonly<Record<string, Case>> = {
  "a preempted job is submitted again": {
    words: ["PREEMPTED", "RUN"],
    built: true,
    said: /job 1_0 on node1 was preempted; .*trying again/,
  },
  "a job whose node broke down goes elsewhere": {
    words: ["NODE_FAIL", "RUN"],
    resources: "slurm: { exclude: bad7 }",
    built: true,
    last: /^--exclude=bad7,node1$/m,
  },
  "a node that did not boot counts as broken": {
    words: ["BOOT_FAIL", "RUN"],
    built: true,
    last: /^--exclude=node1$/m,
  },
  "a job out of memory gets twice as much as it asked for": {
    words: ["OUT_OF_MEMORY", "RUN"],
    resources: "memory: 1GiB",
    built: true,
    last: /^--mem=2048M$/m,
  },
  "a job out of memory gets twice as much as Slurm gave it": {
    words: ["OUT_OF_MEMORY", "RUN"],
    built: true,
    said: /trying again with 2048MiB/,
    last: /^--mem=2048M$/m,
  },
  "a job twice out of memory has failed": {
    words: ["OUT_OF_MEMORY", "OUT_OF_MEMORY"],
    built: false,
    said: /job 2_0 on node2 ran out of memory; raise resources\.memory/,
  },
  "a job over its time is submitted again": { words: ["TIMEOUT", "RUN"], built: true },
  "workflow.yaml says how often": {
    words: ["TIMEOUT"],
    resources: "retries: { timeout: 0 }",
    built: false,
    said: /took longer than its time limit/,
  },
  "a job that failed is not submitted again": {
    words: ["FAILED"],
    built: false,
    said: /job 1_0 on node1 failed before it could say why; it wrote no log to cache\/jobs/,
  },
  "unless workflow.yaml asks for it": {
    words: ["FAILED", "RUN"],
    resources: "retries: { failed: 1 }",
    built: true,
  },
  "a cancelled job is not submitted again": {
    words: ["CANCELLED"],
    built: false,
    said: /job 1_0 on node1 was cancelled/,
  },
  "a job cancelled for its dependency is submitted again": {
    words: ["DEPENDENCY", "RUN"],
    built: true,
  },
  "a job that ended well without a record has failed": {
    words: ["COMPLETED"],
    built: false,
    said: /ended well but left no record; is the cache on a file system that the nodes share/,
  },
  "accounting tells of a job that left the queue": {
    words: ["GONE"],
    files: { accounted: "1_0|CANCELLED by 1000|0:15|node9" },
    built: false,
    said: /job 1_0 on node9 was cancelled/,
  },
  "without accounting, the file of finished jobs tells, by ids apart from the array's": {
    words: ["GONE", "RUN"],
    files: { finished: "7|COMPLETED|0:0|x\n1_0|NODE_FAIL|0:0|node3" },
    built: true,
    last: /^--exclude=node3$/m,
  },
  "without either, the controller tells": {
    words: ["GONE"],
    files: {
      controlled: "JobId=9 ArrayJobId=1 ArrayTaskId=0 JobState=FAILED Reason=NonZeroExitCode " +
        "NodeList=node4",
    },
    built: false,
    said: /job 1_0 on node4 failed/,
  },
  "a job that nobody knows is lost, and submitted once more": {
    words: ["GONE", "RUN"],
    built: true,
    said: /job 1_0 is unknown to the queue, and left no record; trying again/,
  },
  "a queue that does not answer says nothing of a job": {
    words: ["RUN"],
    files: { silent: "" },
    built: true,
  },
  "what Slurm refuses has failed, in its words": {
    words: ["REFUSE"],
    built: false,
    said: /Slurm refuses the job: invalid partition specified: nope; see resources/,
  },
};

Deno.test({
  name: "the state of a job says whether it is tried again, and how",
  ignore,
  fn: async (t) => {
    await using project = await Project.create();
    const workflow = await project.read("workflow.yaml");
    for (const [i, [name, one]] of Object.entries(CASES).entries()) {
      await t.step(name, async () => {
        const { words, files, resources, built, said, last } = one;
        const more = `task: tasks/scale.ts\n    resources: { ${resources ?? ""} }`;
        await project.write("workflow.yaml", workflow.replace("task: tasks/scale.ts", more));
        await project.write("number.txt", String(i + 1));
        using fake = new FakeSlurm(words, files);
        const result = await follow(project, ["cache/scaled.txt"]);
        assert.deepEqual(result.failed, built ? [] : ["cache/scaled.txt"], result.said);
        assert.equal(fake.submitted.length, words.length, result.said);
        if (built) assert.equal(await project.read("cache/scaled.txt"), String(2 * (i + 1)));
        if (said !== undefined) assert.match(result.said, said);
        if (last !== undefined) assert.match(fake.submitted.at(-1) ?? "", last);
      });
    }
  },
});

Deno.test({
  name: "a controller that takes no jobs ends the command in words",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    using _fake = new FakeSlurm(["BUSY"]);
    await assert.rejects(
      follow(project, ["cache/scaled.txt"]),
      new UnavailableError(
        "Slurm takes no jobs now: Unable to contact slurm controller (connect failure)",
      ),
    );
  },
});

Deno.test({
  name: "without Slurm, with --jobs or without --executor, the command says what to do",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    const said = async (...args: string[]): Promise<string> => {
      const command = project.command(["reproduce", ...args], { PATH: "/nowhere" });
      return new TextDecoder().decode((await command.output()).stderr).trim();
    };
    assert.equal(
      await said("--executor", "slurm"),
      "There is no sbatch on this machine: run this where Slurm's commands are, such as a login " +
        "node of the cluster",
    );
    assert.match(await said("--executor", "slurmm"), /Cannot run tasks by slurmm.*slurm\?/);
    assert.match(await said("--no-wait"), /--no-wait needs --executor slurm/);
    assert.match(await said("--executor=slurm", "--jobs=4"), /how many jobs run, Slurm decides/);
  },
});

Deno.test({
  name: "resources and resources.slurm become options of sbatch, and no secret goes along",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    const resources = `task: tasks/scale.ts
    env: [LIMIT, NOTHING]
    resources:
      cpus: 4
      memory: 3.5GiB
      gpu: a100:2
      time: 2h
      slurm:
        partition: gpu
        account: lab
        qos: long
        constraint: "skylake|zen"
        exclude: n[1-3]
        prologue: |
          module load tools
          module list`;
    await project.edit("workflow.yaml", "task: tasks/scale.ts", resources);
    Deno.env.set("LIMIT", "it's 4");
    Deno.env.set("HF_TOKEN", "hf_not_for_nodes");
    try {
      using fake = new FakeSlurm(["PENDING", "PENDING"]);
      const { left } = await follow(project, ["figures/sum.txt"], { wait: false });
      assert.equal(left, 2);
      const [first = "", second = ""] = fake.submitted;
      const given = first.trim().split("\n");
      for (
        const option of [
          ...["--parsable", "--no-requeue", "--kill-on-invalid-dep=yes", "--signal=B:TERM@60"],
          ...["--array=0", "--cpus-per-task=4", "--mem=3584M", "--gres=gpu:a100:2", "--time=123"],
          ...["--partition=gpu", "--account=lab", "--qos=long", "--constraint=skylake|zen"],
          ...["--exclude=n[1-3]", "--comment=0 cache/scaled.txt"],
        ]
      ) assert.ok(given.includes(option), `${option} in\n${first}`);
      assert.match(first, /^--job-name=se-\d{14}-[0-9a-f]{8}$/m);
      assert.match(second, /^--dependency=afterok:1_0$/m);
      const [script = "", plain = ""] = fake.scripts;
      assert.match(script, /^#!\/bin\/bash -l\nmodule load tools\nmodule list\n/);
      assert.match(script, /^export LIMIT='it'\\''s 4'\nunset NOTHING\n/m);
      assert.match(plain, /^#!\/bin\/sh\nexport TMPDIR/);
      assert.ok(![first, script].some((text) => /hf_not|srun/.test(text)));
    } finally {
      Deno.env.delete("LIMIT");
      Deno.env.delete("HF_TOKEN");
    }
  },
});

Deno.test({
  name: "a later run finds jobs by their names where the first was killed before it noted them",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    using fake = new FakeSlurm(["PENDING", "PENDING", "RUN"]);
    await follow(project, ["figures/sum.txt"], { wait: false });
    const [run = ""] = await project.list("cache/jobs");
    const [scaled] = JSON.parse((await project.run("status", "--json")).out);
    const log = `cache/jobs/${run}/0-0.log`;
    assert.deepEqual(scaled.job, { id: "1_0", state: "PENDING", node: "node1", reason: "", log });
    const { code, err } = await project.run("gc");
    assert.equal(code, 2);
    assert.ok(err.startsWith(`Jobs wait or run that use the cache: se-${run}. Wait for them`), err);
    await Deno.remove(`${project.root}/cache/jobs/${run}/1.job`);
    const { left } = await follow(project, ["figures/sum.txt"], { wait: false });
    assert.deepEqual([left, fake.submitted.length], [2, 2]);
    // Of another number, no job is of use.
    await project.edit("workflow.yaml", "factor: 2", "factor: 3");
    await follow(project, ["cache/scaled.txt"]);
    assert.deepEqual([await project.read("cache/scaled.txt"), fake.submitted.length], ["60", 3]);
  },
});

Deno.test({
  name: "a job ends at once where the record is there by now, and says where there is no such job",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    using _fake = new FakeSlurm(["PENDING"]);
    await follow(project, ["cache/scaled.txt"], { wait: false });
    const [run = ""] = await project.list("cache/jobs");
    assert.equal((await project.run("build", "cache/scaled.txt")).code, 0);
    const { code, out } = await project.run("node", run, "0", "0");
    assert.deepEqual([code, out], [0, "the record of cache/scaled.txt is there; nothing to do\n"]);
    const none = await project.run("node", run, "7", "0");
    assert.deepEqual([none.code, none.err.startsWith("There is no job 7-0 in ")], [2, true]);
  },
});

Deno.test({
  name: "the queue is asked at most five times a minute, and one query is of all runs",
  ignore,
  fn: async () => {
    using fake = new FakeSlurm([]);
    const queue = new Queue();
    await queue.past([{ id: "1_0", raw: undefined }], "2026-01-01");
    for (const known of [true, true, false, false]) {
      assert.equal(await queue.jobs(["se-1", "se-2"]) !== undefined, known);
    }
    assert.deepEqual(fake.asked, ["sacct", "sacct", "scontrol", "squeue", "squeue"]);
    assert.ok(!queue.mayAsk);
  },
});

Deno.test("patiently() finds what appears late, and gives up in the end", async () => {
  let looks = 0;
  const third = (): Promise<number | undefined> => Promise.resolve(++looks < 3 ? undefined : looks);
  assert.equal(await patiently("/nowhere", third, 5000), 3);
  assert.equal(await patiently("/nowhere", () => Promise.resolve(undefined), 0), undefined);
});
