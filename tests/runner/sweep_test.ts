import assert from "node:assert/strict";
import { parse } from "csv-parse/sync";
import { folderName, runName } from "../../lib/runner/cli/run_folder.ts";
import { readVaried } from "../../lib/runner/cli/combinations.ts";
import { define } from "../../lib/runner/config/definition.ts";
import { type MapNode, parseWorkflowDocument } from "../../lib/runner/config/document.ts";
import { allowed } from "../support.ts";
import { Project } from "./project.ts";

const ignore = !allowed("read", "write", "run", "env");

/** The small project's command line, with a sweep that finds the sum and a claim about it. */
const MAIN = `import { main } from "./runner/cli/main.ts";
import { SWEEP_OPTIONS as own } from "./runner/cli/commands.ts";
import { selectResults } from "./runner/cli/select.ts";
import { runSweep } from "./runner/cli/sweep.ts";
const sweep = (project, options) => runSweep(project, options, {
  targets: selectResults,
  async findings({ store }, records) {
    const { digest } = records.get("figures/sum.txt").outputs.sum;
    const value = Number(await Deno.readTextFile(store.contentPath(digest)));
    const claim = { kind: "claim", of: "figures/sum.txt", name: "the sum is even, \\"always\\"" };
    return [
      { kind: "number", of: "figures/sum.txt", name: "sum", value, detail: "" },
      { ...claim, value: value % 2 === 0 ? "holds" : "fails", detail: "it is\\n" + value },
    ];
  },
});
const options = ["set", "jobs", "keep-going", "dry-run", "quiet", "json"];
const commands = {
  sweep: { arguments: "[TARGET…]", summary: "sweep", options, own, load: () => Promise.resolve(sweep) },
};
Deno.exit(await main(Deno.args, { root: Deno.cwd(), results: "figures", commands }));
`;

async function create(): Promise<Project> {
  const project = await Project.create();
  await project.write(
    "lib/main.ts",
    MAIN.replaceAll("(project, options)", "(project: any, options: any)"),
  );
  return project;
}

Deno.test({
  name: "sweep runs what differs between combinations and nothing else",
  ignore,
  fn: async () => {
    await using project = await create();
    await project.run("reproduce");
    // 2 and 2.01 scale 20 to the same 40, so their sums are shared; factor 2 with offset 0 is there.
    const args = ["sweep", "-S", "scale.factor=2,2.01,3", "-S", "scale.offset=0,1,2"];
    const first = await project.run(...args);
    assert.equal(first.code, 0, first.err);
    const built = [...first.out.matchAll(/^built +(\S+)/gm)].map(([, name]) => name);
    assert.equal(built.filter((name) => name === "cache/scaled.txt").length, 2);
    assert.equal(built.filter((name) => name === "figures/sum.txt").length, 5);
    assert.match(first.out, /9 of 9 runs finished: 7 tasks ran, 11 results were there\./);
    assert.match((await project.run(...args, "--quiet")).out, /: 0 tasks ran, 18 results were/);

    const folder = "runs/scale.factor,scale.offset";
    const sum = await project.read(`${folder}/scale.factor=3,scale.offset=2/figures/sum.txt`);
    assert.equal(sum, "62");
    // What stands in its own place is untouched.
    assert.equal(await project.read("figures/sum.txt"), "40");
    assert.match((await project.run("status")).out, /2 targets: 2 fresh/);
    await project.edit("workflow.yaml", "factor: 2", "factor: 5");
    assert.match((await project.run("status")).out, /param factor 2 → 5/);
    assert.deepEqual(await project.list(`${folder}/scale.factor=3,scale.offset=2/cache`), []);

    const rows: Record<string, string>[] = parse(await project.read(`${folder}/sweep.csv`), {
      columns: true,
    });
    assert.equal(rows.length, 18);
    assert.deepEqual(rows.filter(({ kind }) => kind === "number").map((row) => row["value"]), [
      ...["40", "41", "42", "40", "41", "42", "60", "61", "62"],
    ]);
    assert.deepEqual({ ...rows.at(-1) }, {
      run: "scale.factor,scale.offset/scale.factor=3,scale.offset=2",
      ...{ "scale.factor": "3", "scale.offset": "2", kind: "claim", of: "figures/sum.txt" },
      ...{ name: 'the sum is even, "always"', value: "holds", detail: "it is\n62" },
    });
  },
});

Deno.test({
  name: "sweep goes on after a combination that fails, and exits with 1",
  ignore,
  fn: async () => {
    await using project = await create();
    await project.edit(
      "tasks/scale.ts",
      "const number =",
      'if (params.factor === 3) throw new Error("three");\n    const number =',
    );
    const args = ["sweep", "-S", "scale.factor=2,3,x,4", "--name", "odd"];
    const { code, out, err } = await project.run(...args);
    assert.equal(code, 1);
    assert.match(err, /scale\.factor=3 failed: cache\/scaled\.txt could not be built/);
    assert.match(err, /scale\.factor=x failed: .*factor of cache\/scaled\.txt: expected number/);
    assert.match(out, /2 of 4 runs finished: 4 tasks ran/);
    const rows: string[][] = parse(await project.read("runs/odd/sweep.csv"));
    assert.deepEqual(rows.filter((row) => row[2] === "error").map((row) => row[1]), ["3", "x"]);
    const whole = await project.run("sweep", "-S", "scale.offset=1,2", "figures/sun.txt");
    assert.equal(whole.code, 2);
    assert.match(whole.err, /no such target; did you mean figures\/sum\.txt/);
    const missing = await project.run("compare", "odd/scale.factor=3", "odd");
    assert.equal(missing.code, 2);
    assert.match(
      missing.err,
      /There is no finished run odd\/scale\.factor=3 in runs\/; did you mean odd/,
    );
  },
});

Deno.test({
  name: "compare says what moved between runs and what did not",
  ignore,
  fn: async () => {
    await using project = await create();
    const early = await project.run("compare", "a", "b");
    assert.equal(early.code, 2);
    assert.match(
      early.err,
      /There is no finished run a in runs\/; make runs with: deno task sweep/,
    );
    await project.run("sweep", "-S", "scale.factor=2,2.01,3", "--quiet");
    const { out } = await project.run("compare", "scale.factor");
    assert.match(out, /^- A: runs\/scale\.factor\/scale\.factor=2\n- B: .*\n- C: /);
    assert.match(
      out,
      /## params: 1 of 3 differ\n\n.*\n.*\n\| scale\.factor \| 2 +\| 2\.01 \| 3 +\|\n/,
    );
    assert.match(
      out,
      /## numbers: 1 of 1 differ\n\n.*\n.*\n\| figures\/sum\.txt: sum \| 40 +\| 40 +\| 60 +\|/,
    );
    assert.match(out, /## claims: 1 of 1 differ/);
    assert.match(
      out,
      /## figures: 1 of 1 differ\n[^|]*\n.*\n.*\n\| figures\/sum\.txt \| A +\| A +\| C +\|/,
    );
    const two = await project.run(
      "compare",
      "scale.factor=2",
      "runs/scale.factor/scale.factor=2.01/",
      "--json",
    );
    const { runs, rows } = JSON.parse(two.out);
    assert.deepEqual(runs, ["scale.factor/scale.factor=2", "scale.factor/scale.factor=2.01"]);
    const moved = rows.filter((row: { moved: boolean }) => row.moved);
    assert.deepEqual(moved.map(({ name }: { name: string }) => name), ["scale.factor"]);
    const pair = await project.run("compare", "scale.factor=2", "scale.factor=3");
    assert.match(pair.out, /figures\/sum\.txt: sum \| 40 +\| 60 +\| \+50 %/);
    const same = await project.run("compare", "scale.factor=2", "scale.factor=2.01", "--all");
    assert.match(same.out, /## numbers: 0 of 1 differ\n\n.*\n.*\n\| figures\/sum\.txt: sum \| 40 /);

    const cases: readonly [string[], RegExp][] = [
      [["compare"], /compare needs RUN RUN…/],
      [["compare", "scale.factor=2"], /compare needs two runs or more; this is one/],
      [["compare", "scale.factor=2", "scale.factor=2"], /two runs or more/],
      [["compare", "scale.fctor"], /did you mean scale\.factor\?/],
      [["compare", "../../x", "scale.factor"], /There is no finished run \.\.\/\.\.\/x/],
    ];
    for (const [args, says] of cases) {
      const { code, err } = await project.run(...args);
      assert.match(err, says);
      assert.equal(code, 2);
    }
    await project.write("runs/scale.factor/scale.factor=2/run.json", "{}");
    assert.match(
      (await project.run("compare", "scale.factor")).err,
      /Cannot read runs\/scale\.factor\/scale\.factor=2\/run\.json: it is damaged; run its sweep again/,
    );
  },
});

/** The params that are varied. */
const params = (): MapNode =>
  define(parseWorkflowDocument(
    new TextEncoder().encode(
      "version: 1\nparams: { a: { b: 1, c: 2 }, ks: [1], text: x, path: null }\ntargets: {}\n",
    ),
    "workflow.yaml",
  )).params;

const read = (...texts: string[]): readonly (readonly string[])[] =>
  readVaried(texts, params(), []).map(({ values }) => values);

/** Reading YAML asks for the environment. */
const test = (name: string, fn: () => void): void =>
  Deno.test({ name, ignore: !allowed("env"), fn });

test("readVaried() splits at commas outside brackets and quotes", () => {
  assert.deepEqual(read("a.b=1,2", "a.c=0.5"), [["1", "2"], ["0.5"]]);
  assert.deepEqual(read("ks=[1, 5],[1]"), [["[1, 5]", "[1]"]]);
  assert.deepEqual(read("ks={min: 1, max: [2, 3]} , 4"), [["{min: 1, max: [2, 3]}", "4"]]);
  assert.deepEqual(read(`text="a, b",c,it's,d[1`), [["a, b", "c", "it's", "d[1"]]);
  assert.deepEqual(read(`path='a, b.csv',null`), [["a, b.csv", "null"]]);
  assert.deepEqual(read(`a.b="1",1`), [[`"1"`, "1"]]);
});

test("readVaried() refuses what cannot be swept, and says why", () => {
  const hundred = Array.from({ length: 100 }, (_, i) => i).join(",");
  const cases: readonly [string[], RegExp][] = [
    [[], /sweep needs what to vary, such as: -S a\.b=1,2/],
    [["a.b"], /Cannot understand -S a\.b: write -S NAME=VALUE,VALUE/],
    [["=1"], /Cannot understand -S =1/],
    [["a.d=1"], /-S a\.d: no such name under params; did you mean a\.b\?/],
    [["a=1"], /-S a: this is a section; set one of a\.b, a\.c/],
    [["a.b="], /Cannot vary a\.b: it has no values/],
    [["a.b=1,,2"], /Cannot vary a\.b: a value is empty/],
    [["a.b=1,2,"], /a value is empty/],
    [["a.b=1,2,1"], /Cannot vary a\.b: it is given 1 twice/],
    [["a.b=0.1,0.10"], /it is given 0\.1 and 0\.10, which are equal/],
    [["a.b=1", "a.b=2"], /Cannot vary a\.b: it is given twice/],
    [["a.b=[1"], /-S a\.b: not valid YAML/],
    [
      [`a.b=${hundred}`, `a.c=${hundred}`, `text=${hundred}`],
      /Cannot sweep 1000000 combinations: up/,
    ],
  ];
  for (const [texts, says] of cases) assert.throws(() => read(...texts), says);
  assert.throws(
    () => readVaried(["a.b=1"], params(), [{ name: "a.b", text: "2" }]),
    /Cannot vary a\.b: it is given twice/,
  );
});

Deno.test("folderName() gives every text a folder of its own, within every file system's limits", () => {
  const texts = ["a=1", "a=1/2", "a=1%2F2", "..", ".", "-S", "a b", "é", "a'b", 'a"b', "*", "\n"];
  texts.push("x".repeat(300), `${"x".repeat(300)}y`);
  const names = texts.map(folderName);
  assert.equal(new Set(names.map((name) => name.toLowerCase())).size, texts.length);
  for (const name of names) assert.match(name, /^[\w%=,+][\w%.=,+-]{0,139}$/);
  assert.equal(runName([{ name: "a.b", text: "1" }, { name: "c", text: "x/y" }]), "a.b=1,c=x%2Fy");
});
