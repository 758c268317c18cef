import assert from "node:assert/strict";
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
    /4:\d+: scale\.factor may refer to a plain value only, and \$\{scale\.factor\} is none/,
  ],
  [
    "a parameter of the wrong type",
    "factor: 2",
    "factor: two",
    /4:20: parameter factor of cache\/scaled\.txt: expected number/,
  ],
  ["a duplicate key", "  scale:", "  seed: 1\n  scale:", /workflow\.yaml:4:\d+: not valid YAML/],
  ["a tab", "    task: tasks/sum.ts", "\ttask: tasks/sum.ts", /workflow\.yaml:11:.*not valid YAML/],
  [
    "a cycle",
    "{ number: number.txt }",
    "{ number: figures/sum.txt }",
    /cycle: .*cache\/scaled\.txt.* needs .*figures\/sum\.txt/,
  ],
  ["an alias", "offset: 0", "offset: *x", /not valid YAML|aliases are not used/],
  [
    "an output elsewhere",
    "figures/sum.txt:",
    "elsewhere/sum.txt:",
    /outputs go to cache\/ or figures\//,
  ],
];

Deno.test({
  name: "a broken workflow.yaml is an error with place and remedy, and nothing is written",
  ignore,
  fn: async (t) => {
    await using project = await Project.create();
    for (const [name, from, to, says] of CASES) {
      await t.step(name, async () => {
        assert.ok(WORKFLOW.includes(from));
        await project.write("workflow.yaml", WORKFLOW.replace(from, to));
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

Deno.test({
  name: "all faults of a workflow.yaml are told at once, in order of line",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    await project.edit("workflow.yaml", "tasks/scale.ts", "tasks/skale.ts");
    await project.edit("workflow.yaml", "${scale.offset}", "${scale.ofset}");
    const { err } = await project.run("status");
    assert.match(err, /:7:11: [^\n]*skale[^\n]*\n[^\n]*:13:23: [^\n]*ofset/);
  },
});

Deno.test({
  name: "faults of the command line exit with 2 and offer the nearest name",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    const cases: readonly (readonly [string[], RegExp])[] = [
      [["reproduce", "--set", "scale.facto=1"], /--set scale\.facto: .*did you mean scale\.factor/],
      [["reproduce", "--set", "scale=1"], /this is a section; set one of scale\.factor/],
      [["reproduce", "--set", "scale.factor"], /write --set NAME=VALUE/],
      [["reproduce", "--dryrun"], /option --dryrun; did you mean --dry-run/],
      [["build", "figures/som.txt"], /no such target; did you mean figures\/sum\.txt/],
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
        /which is no output of it/,
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
