import assert from "node:assert/strict";
import { allowed } from "../support.ts";
import { Project } from "./project.ts";

/** Files that the changes below touch; each is put back after its change. */
const SOURCES = [
  "workflow.yaml",
  "lib/round.ts",
  "lib/half.ts",
  "number.txt",
  "deno.json",
  "deno.lock",
];

/** A kind of change, how it is made, and the reasons that explain gives for cache/scaled.txt. */
interface Case {
  readonly change: string;
  readonly make: (project: Project) => Promise<void>;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly state: string;
  readonly says: readonly string[];
}

const CASES: readonly Case[] = [
  {
    change: "a comment in workflow.yaml",
    make: (project) => project.edit("workflow.yaml", "targets:", "# A comment.\ntargets:"),
    state: "fresh",
    says: [],
  },
  {
    change: "a param in workflow.yaml",
    make: (project) => project.edit("workflow.yaml", "factor: 2", "factor: 3"),
    state: "stale",
    says: ["param factor 2 → 3"],
  },
  {
    change: "a param on the command line",
    make: () => Promise.resolve(),
    args: ["--set", "scale.factor=4"],
    state: "stale",
    says: ["param factor 2 → 4"],
  },
  {
    change: "a param of another target",
    make: (project) => project.edit("workflow.yaml", "offset: 0", "offset: 1"),
    state: "fresh",
    says: [],
  },
  {
    change: "the root seed, which the task does not use",
    make: (project) => project.edit("workflow.yaml", "seed: 0", "seed: 1"),
    state: "fresh",
    says: [],
  },
  {
    change: "code two imports away",
    make: (project) => project.edit("lib/half.ts", "0.5", "0.25"),
    state: "stale",
    says: ["code lib/half.ts changed"],
  },
  {
    change: "an import more",
    make: (project) =>
      project.edit("lib/round.ts", "import", 'import "../lib/base/std/path.ts";\nimport'),
    state: "stale",
    says: ["code lib/base/std/path.ts added", "code lib/round.ts changed"],
  },
  {
    change: "the version of a package",
    make: async (project) => {
      await project.edit("deno.json", "npm:d3-color@3.1.0", "npm:d3-color@3.1.1");
      await project.edit(
        "deno.lock",
        '"npm:d3-color@3.1.0": "3.1.0"',
        '"npm:d3-color@3.1.1": "3.1.1"',
      );
    },
    state: "stale",
    says: ["package d3-color@3.1.0 removed", "package d3-color@3.1.1 added"],
  },
  {
    change: "an input's bytes",
    make: (project) => project.write("number.txt", "21"),
    state: "stale",
    says: ["input number changed"],
  },
  {
    change: "an input's time only",
    make: ({ root }) => Deno.utime(`${root}/number.txt`, new Date(), new Date()),
    state: "fresh",
    says: [],
  },
  {
    change: "an output edited",
    make: (project) => project.write("cache/scaled.txt", "mine"),
    state: "in cache",
    says: ["edited output cache/scaled.txt"],
  },
  {
    change: "an output deleted",
    make: ({ root }) => Deno.remove(`${root}/cache/scaled.txt`),
    state: "in cache",
    says: ["missing output cache/scaled.txt"],
  },
  {
    change: "an environment variable that is declared",
    make: () => Promise.resolve(),
    env: { SCALE_UNIT: "cm" },
    state: "stale",
    says: ["environment SCALE_UNIT changed"],
  },
  {
    change: "an environment variable that is not",
    make: () => Promise.resolve(),
    env: { OTHER_UNIT: "cm" },
    state: "fresh",
    says: [],
  },
];

Deno.test({
  name: "explain gives the right reason for each kind of change, or none",
  ignore: !allowed("read", "write", "run", "env"),
  fn: async (t) => {
    await using project = await Project.create();
    await project.write("lib/half.ts", "export const HALF = 0.5;\n");
    await project.write(
      "lib/round.ts",
      'import { HALF } from "./half.ts";\nimport "d3-color";\n' +
        "export const round = (x: number): number => Math.floor(x + HALF);\n",
    );
    await project.edit(
      "workflow.yaml",
      "{ number: number.txt }",
      "{ number: number.txt }\n    env: [SCALE_UNIT]",
    );
    const sources = await Promise.all(
      SOURCES.map(async (path) => [path, await project.read(path)] as const),
    );
    assert.equal((await project.run("reproduce")).code, 0);
    for (const { change, make, args = [], env = {}, state, says } of CASES) {
      await t.step(change, async () => {
        await make(project);
        const command = ["explain", "cache/scaled.txt", ...args];
        const { stdout, stderr } = await project.command(command, env).output();
        const text = new TextDecoder().decode(stdout);
        assert.equal(new TextDecoder().decode(stderr), "");
        const [first, ...rest] = text.split("\n\n")[0]!.split("\n").map((line) => line.trim());
        assert.equal(first, `cache/scaled.txt: ${state}`);
        const expected = state === "fresh"
          ? ["nothing has changed since its record was made"]
          : says;
        assert.deepEqual(rest, expected);
        for (const [path, source] of sources) await project.write(path, source);
        assert.equal((await project.run("reproduce")).code, 0);
      });
    }
  },
});

Deno.test({
  name: "explain follows what a target waits on to the reason, and lists what the key is made of",
  ignore: !allowed("read", "write", "run", "env"),
  fn: async () => {
    await using project = await Project.create();
    await project.run("reproduce");
    const { out } = await project.run("explain", "figures/sum.txt", "--set", "scale.factor=3");
    assert.match(
      out,
      /^figures\/sum\.txt: may run\n {2}cache\/scaled\.txt: stale\n {4}param factor 2 → 3\n/,
    );
    assert.match(out, /key is not known before/);
    assert.match(out, / {2}modules\n {4}tasks\/sum\.ts {2,}[0-9a-f]{12}\n/);
    assert.match(out, /Its last run took .* and made\n {4}figures\/sum\.txt {2,}[0-9a-f]{12}\n/);
    assert.match(out, /\n\nand logged\n {4}the sum of 40 and 0\n/);
    assert.ok(out.indexOf("Its last run") < out.indexOf("key is not known"), "changes come first");
    const packages = (text: string): RegExpExecArray | null => / {2}packages\n {4}zod@/.exec(text);
    assert.match(out, /\n {2}\d+ packages \(--all lists them\)\n/);
    assert.equal(packages(out), null);
    assert.ok(packages((await project.run("explain", "figures/sum.txt", "--all")).out));
    const json = JSON.parse((await project.run("explain", "figures/sum.txt", "--json")).out);
    assert.equal(json[0].state, "fresh");
    assert.equal(json[0].key, json[0].record.key);
    assert.deepEqual(json[0].manifest, json[0].record.manifest);
  },
});
