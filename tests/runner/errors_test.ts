import assert from "node:assert/strict";
import { join } from "@std/path";
import { allowed } from "../support.ts";
import { Project, WORKFLOW } from "./project.ts";

const ignore = !allowed("read", "write", "run", "env");

/** What is wrong, how to make it so, and what the error says. */
const CASES: readonly (readonly [name: string, from: string, to: string, says: RegExp])[] = [
  [
    "an unknown field",
    "task: tasks/scale.ts",
    "taks: x\n    task: tasks/scale.ts",
    /workflow\.yaml:7:5: unknown field taks .*did you mean task\?/,
  ],
  [
    "a missing task module",
    "tasks/sum.ts",
    "tasks/sun.ts",
    /workflow\.yaml:11:11: task module tasks\/sun\.ts does not exist; did you mean tasks\/sum\.ts/,
  ],
  [
    "an unknown input",
    "{ a: cache/scaled.txt }",
    "{ b: cache/scaled.txt }",
    /has no input b.*did you mean a/,
  ],
  [
    "an input that none makes",
    "{ a: cache/scaled.txt }",
    "{ a: cache/scald.txt }",
    /no target makes cache\/scald\.txt; did you mean cache\/scaled\.txt/,
  ],
  ["a missing file", "number.txt", "numbers.txt", /8:23: .*there is no file numbers\.txt/],
  [
    "an undefined reference",
    "${scale.factor}",
    "${scale.facter}",
    /9:23: \$\{scale\.facter\} is not defined; did you mean scale\.factor/,
  ],
  [
    "a param that refers to itself",
    "factor: 2",
    "factor: ${scale.factor}",
    /4:\d+: \$\{scale\.factor\} refers to another value or holds several; scale\.factor may only refer/,
  ],
  [
    "a parameter of the wrong type",
    "factor: 2",
    "factor: two",
    /4:20: parameter factor of cache\/scaled\.txt: expected number/,
  ],
  ["a field of the wrong type", "version: 1", "version: one", /:1:10: version: expected 1/],
  [
    "a list for a map",
    "{ number: number.txt }",
    "[number.txt]",
    /:8:13: targets\.cache\/scaled\.txt\.inputs: expected record, received array/,
  ],
  [
    "a task without the export",
    "tasks/sum.ts",
    "tasks/none.ts",
    /:11:11: tasks\/none\.ts has no task as its default export; write `export default defineTask/,
  ],
  [
    "a task that cannot be parsed",
    "tasks/sum.ts",
    "tasks/broken.ts",
    /:11:11: tasks\/broken\.ts cannot be loaded: /,
  ],
  [
    "a duplicate output",
    "task: tasks/sum.ts",
    "task: tasks/sum.ts\n    outputs: { sum: cache/scaled.txt }",
    /:12:21: output cache\/scaled\.txt is made twice; first listed at workflow\.yaml:6:3/,
  ],
  [
    "one output of two targets of a loop",
    "figures/sum.txt:\n",
    "figures/sum.txt:\n    for: { a: [1, 2] }\n",
    /:10:3: target figures\/sum\.txt is made twice; first at workflow\.yaml:10:3/,
  ],
  [
    "a loop over no list",
    "figures/sum.txt:\n",
    "figures/sum_{a}.txt:\n    for: { a: ${scale.factor} }\n",
    /:11:15: for: a must be a list/,
  ],
  [
    "a loop over nothing",
    "figures/sum.txt:\n",
    "figures/sum_{a}.txt:\n    for: { a: [] }\n",
    /:11:15: for: a is an empty list/,
  ],
  ["bytes that are not UTF-8", "scale: {", "scale: \udcff {", /:4:10: not UTF-8 text/],
  [
    "a duplicate key",
    "  scale:",
    "  seed: 1\n  scale:",
    /workflow\.yaml:4:\d+: seed is written twice/,
  ],
  ["a tab", "    task: tasks/sum.ts", "\ttask: tasks/sum.ts", /workflow\.yaml:11:.*not valid YAML/],
  [
    "a cycle",
    "{ number: number.txt }",
    "{ number: figures/sum.txt }",
    /cycle: .*cache\/scaled\.txt.* needs .*figures\/sum\.txt/,
  ],
  ["a tag", "factor: 2", "factor: !!set { a }", /:4:26: the tag !!set is not used here/],
  ["a tag of one's own", "factor: 2", "factor: !x 2", /:4:23: the tag !x is not used here/],
  [
    "two names that are one",
    "offset: 0",
    'null: 0, "null": 1',
    /:4:32: null is written twice; first at workflow\.yaml:4:23/,
  ],
  ["an alias", "offset: 0", "offset: *x", /not valid YAML|aliases are not used/],
  [
    "an output elsewhere",
    "figures/sum.txt:",
    "elsewhere/sum.txt:",
    /outputs go to cache\/ or figures\//,
  ],
];

/** UTF-8, except that a lone surrogate becomes a byte that is none. */
function bytes(text: string): Uint8Array {
  const [before = "", ...after] = text.split("\udcff");
  const encode = (part: string): number[] => [...new TextEncoder().encode(part)];
  return Uint8Array.from([...encode(before), ...after.flatMap((part) => [0xff, ...encode(part)])]);
}

Deno.test({
  name: "a broken workflow.yaml is an error with place and remedy, and nothing is written",
  ignore,
  fn: async (t) => {
    await using project = await Project.create();
    await project.write("tasks/none.ts", "export const other = 1;\n");
    await project.write("tasks/broken.ts", "export default {\n");
    for (const [name, from, to, says] of CASES) {
      await t.step(name, async () => {
        assert.ok(WORKFLOW.includes(from));
        await Deno.writeFile(
          join(project.root, "workflow.yaml"),
          bytes(WORKFLOW.replace(from, to)),
        );
        const { code, err, out } = await project.run("reproduce");
        assert.equal(code, 2, out + err);
        assert.match(err, says);
        assert.doesNotMatch(err, /\n\s+at /);
        assert.deepEqual(await project.list("figures"), []);
        assert.deepEqual(await project.list("cache/records"), []);
      });
    }
  },
});

/** A file with a fault in most of its lines. */
const FAULTY = `version: 1
params:
  seed: 0
  scale: { factor: two, offset: 0 }
extra: 1
targets:
  cache/scaled.txt:
    task: tasks/skale.ts
    inputs: { number: number.txt }
  cache/other.txt:
    task: tasks/scale.ts
    inputs: { nomber: number.txt }
    params: { factor: \${scale.factor}, scale: 1 }
  figures/sum.txt:
    task: tasks/sum.ts
    inputs: { a: figures/a.txt }
    params: { offset: \${scale.ofset} }
    outputs: { sum: elsewhere/sum.txt }
  figures/a.txt:
    task: tasks/sum.ts
    inputs: { a: figures/b.txt }
    params: { offset: 0 }
  figures/b.txt:
    task: tasks/sum.ts
    inputs: { a: figures/a.txt }
    params: { offset: 0 }
  figures/c.txt:
    task: tasks/sum.ts
    inputs: { a: missing.txt }
    params: { offset: 0 }
    outputs: { sum: figures/a.txt }
  figures/d.txt:
    task: tasks/sum.ts
    resources: { time: soon }
`;

Deno.test({
  name: "all faults of a workflow.yaml are told at once, in order of line",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    await project.write("workflow.yaml", FAULTY);
    const { code, err } = await project.run("status");
    assert.equal(code, 2);
    assert.deepEqual(
      err.trim().split("\n").map((line) => line.replace(/^workflow\.yaml:(\d+):\d+: /, "$1 ")),
      [
        "4 parameter factor of cache/other.txt: expected number, received string",
        "5 unknown field extra in workflow.yaml; valid: cache, params, targets, version",
        "8 task module tasks/skale.ts does not exist; did you mean tasks/scale.ts?",
        "10 cache/other.txt lacks the input number of tasks/scale.ts",
        "12 tasks/scale.ts has no input nomber; did you mean number?",
        "13 tasks/scale.ts has no parameter scale; valid: factor",
        "17 ${scale.ofset} is not defined; did you mean scale.offset?",
        "18 output elsewhere/sum.txt: outputs go to cache/ or figures/",
        "19 cycle: figures/a.txt (workflow.yaml:19:3) needs figures/b.txt (workflow.yaml:23:3) " +
        "needs figures/a.txt (workflow.yaml:19:3)",
        "31 output figures/a.txt is made twice; first listed at workflow.yaml:19:3",
        "34 targets.figures/d.txt.resources.time: a duration such as 10m",
      ],
    );
  },
});

Deno.test({
  name: "a fault that several targets share is told once, with how many there are",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    const target = (name: string): string =>
      `  figures/${name}.txt:\n    task: tasks/sum.ts\n    inputs: { a: cache/scaled.txt }\n` +
      "    params: { offset: ${scale.offset} }\n";
    await project.write("workflow.yaml", `${WORKFLOW}${target("b")}${target("c")}`);
    const { code, err } = await project.run("status", "--set", "scale.offset=x");
    assert.equal(code, 2);
    assert.equal(
      err.trim(),
      "--set scale.offset: parameter offset of figures/sum.txt and 2 more: expected number, " +
        "received string",
    );
  },
});

Deno.test({
  name: "faults of the command line exit with 2 and offer the nearest name",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    const cases: readonly (readonly [string[], RegExp])[] = [
      [["reproduce", "--set", "scale.facto=1"], /--set scale\.facto: .*did you mean scale\.factor/],
      [
        ["reproduce", "--set", "shape.factor=1"],
        /--set shape\.factor: .*did you mean scale\.factor/,
      ],
      [["reproduce", "--set", "scale=1"], /this is a section; set one of scale\.factor/],
      [["reproduce", "--set", "scale.factor"], /write --set NAME=VALUE/],
      [["reproduce", "--dryrun"], /option --dryrun; did you mean --dry-run/],
      [["build", "figures/som.txt"], /no such target; did you mean figures\/sum\.txt/],
      [["build", "figures"], /it is a folder: name a target in it, or all by 'figures\/\*'/],
      [["build", ""], /Cannot find "": no such target/],
      [["reproduse"], /no command reproduse; did you mean reproduce/],
    ];
    for (const [args, says] of cases) {
      const { code, err } = await project.run(...args);
      assert.equal(code, 2, err);
      assert.match(err, says);
    }
  },
});

Deno.test({
  name: "a target is named by any path to it from where the person stands",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    await Deno.mkdir(join(project.root, "figures"));
    const paths: readonly (readonly [here: string, path: string])[] = [
      [".", "./cache/scaled.txt"],
      [".", "figures/..//cache/scaled.txt"],
      [".", join(project.root, "cache/scaled.txt")],
      ["figures", "../cache/scaled.txt"],
      ["figures", "../cache/scal*"],
    ];
    for (const [here, path] of paths) {
      const env = { INIT_CWD: join(project.root, here) };
      const { stdout } = await project.command(["status", path], env).output();
      assert.match(new TextDecoder().decode(stdout), /1 target: 1 never built/, path);
    }
  },
});

Deno.test({
  name: "a task may read its inputs and write its outputs, and nothing else",
  ignore,
  fn: async (t) => {
    const bodies: readonly (readonly [name: string, body: string, says: RegExp])[] = [
      ["read", 'await Deno.readTextFile("workflow.yaml");', /read access to "?workflow\.yaml/],
      ["write", 'await Deno.writeTextFile("/tmp/undeclared", "");', /write access to/],
      ["network", 'await fetch("http://127.0.0.1:8000");', /net access to/],
      ["run", 'await new Deno.Command("ls").output();', /run access to/],
      ["no output", "return;", /did not write its output scaled/],
      [
        "too much",
        'await Deno.writeTextFile(outputs.scaled + "2", "");',
        /which is not an output of it/,
      ],
      ["exit", "Deno.exit(3);", /ended itself, with code 3/],
    ];
    for (const [name, body, says] of bodies) {
      await t.step(name, async () => {
        await using project = await Project.create();
        await project.edit("tasks/scale.ts", "const number", `${body}\n    const number`);
        const { code, out } = await project.run("reproduce");
        assert.equal(code, 1, out);
        assert.match(out, says);
        assert.deepEqual(await project.list("cache/records"), []);
        assert.match((await project.run("status")).out, /scaled.txt\s+failed/);
      });
    }
  },
});
