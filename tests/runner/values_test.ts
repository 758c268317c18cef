import assert from "node:assert/strict";
import { join } from "@std/path";
import { parseWorkflowDocument, valueOf } from "../../lib/runner/config/document.ts";
import { canonicalJson } from "../../lib/runner/key.ts";
import { allowed } from "../support.ts";
import { Project } from "./project.ts";

const ignore = !allowed("read", "write", "run", "env");

Deno.test("canonicalJson() tells 0 from -0", () => {
  assert.notEqual(canonicalJson([0]), canonicalJson([-0]));
});

Deno.test({
  name: "--set takes a path as it is written",
  ignore,
  fn: async (t) => {
    await using project = await Project.create();
    await project.edit("workflow.yaml", "scale: {", "own: { path: number.txt }\n  scale: {");
    await project.edit("workflow.yaml", "number: number.txt", "number: ${own.path}");
    const names = [
      "1.10",
      "007",
      "0x10",
      "1e3",
      "my #1.csv",
      "a: b.csv",
      "!a.csv",
      "#a",
      "[x",
      "@x",
      "a\\b",
    ];
    for (const [i, name] of names.entries()) {
      await t.step(name, async () => {
        await project.write(name, String(i + 100));
        const { code, err } = await project.run("reproduce", "--set", `own.path=${name}`);
        assert.equal(code, 0, err);
        assert.equal(await project.read("figures/sum.txt"), String(2 * (i + 100)));
      });
    }
  },
});

Deno.test({
  name: "--set takes a number where workflow.yaml has auto",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    await project.edit("workflow.yaml", "factor: 2", "factor: auto");
    const { code, err } = await project.run("reproduce", "--set", "scale.factor=3");
    assert.equal(code, 0, err);
    assert.equal(await project.read("figures/sum.txt"), "60");
  },
});

Deno.test({
  name: "a param says which task makes a target",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    const scale = await project.read("tasks/scale.ts");
    await Deno.mkdir(join(project.root, "tasks/makers"));
    await project.write(
      "tasks/makers/negate.ts",
      scale.replaceAll("../", "../../").replace("(number", "(-number"),
    );
    const makers =
      "by: scale\n  makers: { scale: { task: tasks/scale.ts }, negate: { task: tasks/makers/negate.ts } }";
    await project.edit("workflow.yaml", "task: tasks/scale.ts", "task: ${makers.${by}.task}");
    await project.edit("workflow.yaml", "seed: 0", `seed: 0\n  ${makers}`);
    assert.equal((await project.run("reproduce", "--set", "by=negate")).code, 0);
    assert.equal(await project.read("figures/sum.txt"), "-40");
    assert.equal((await project.run("reproduce")).code, 0);
    assert.equal(await project.read("figures/sum.txt"), "40");
    // What makes it now is all that counts: the other task's code makes nothing stale.
    await project.edit("tasks/makers/negate.ts", "-number", "-1 * number");
    assert.match((await project.run("status")).out, /2 targets: 2 fresh/);
    for (
      const [set, says] of [
        ["by=negat", /--set by: there is no makers\.negat; did you mean negate\?/],
        [
          "makers.scale.task=tasks/scala.ts",
          /tasks\/scala\.ts does not exist; did you mean tasks\/scale\.ts\?/,
        ],
        ["makers.scale.task=../scale.ts", /\.\.\/scale\.ts: expected such as tasks\/clean\.ts/],
      ] as const
    ) {
      const { code, err } = await project.run("status", "--set", set);
      assert.equal(code, 2);
      assert.match(err, says);
    }
  },
});

Deno.test({
  name: "an input is another target's output however its path is spelt",
  ignore,
  fn: async (t) => {
    for (
      const spell of ["./cache/scaled.txt", "figures/../cache//scaled.txt", "ROOT/cache/scaled.txt"]
    ) {
      await t.step(spell, async () => {
        await using project = await Project.create();
        const path = spell.replace("ROOT", project.root);
        await project.edit("workflow.yaml", "a: cache/scaled.txt", `a: ${path}`);
        assert.equal((await project.run("reproduce")).code, 0);
        await project.run("reproduce", "--set", "scale.factor=3");
        assert.equal(await project.read("figures/sum.txt"), "60");
      });
    }
  },
});

Deno.test({
  name: "an integer that a number cannot hold exactly is refused, and is kept as text",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    await project.edit("workflow.yaml", "seed: 0", "seed: 9007199254740993");
    const { code, err } = await project.run("status");
    assert.equal(code, 2);
    assert.match(
      err,
      /workflow\.yaml:3:9: 9007199254740993 cannot be held exactly; write it in quotes/,
    );
    await project.edit("workflow.yaml", "9007199254740993", '"9007199254740993"');
    assert.equal((await project.run("status")).code, 0);
  },
});

Deno.test({
  name: "parseWorkflowDocument() refuses an inexact whole number however it is written",
  ignore: !allowed("env"),
  fn: () => {
    const parse = (text: string): unknown =>
      valueOf(parseWorkflowDocument(new TextEncoder().encode(text), "workflow.yaml"));
    const inexact = [
      "9007199254740993.0",
      "+9.007199254740993e15",
      "-9007199254740993",
      "0x20000000000e01",
    ];
    for (const text of inexact) assert.throws(() => parse(text), /cannot be held exactly/, text);
    for (const text of ["1e300", "1.50E+20", "-1e23", "9007199254740992.0", "0.1", "1e3"]) {
      assert.equal(parse(text), Number(text));
    }
  },
});

Deno.test({
  name: "a params schema that transforms is applied once, and its values have keys of their own",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    await project.edit("tasks/sum.ts", "offset: z.number()", "offset: z.coerce.date()");
    await project.edit("tasks/sum.ts", "String(a + params.offset)", "params.offset.toISOString()");
    for (const day of ["2001-01-01", "2002-02-02"]) {
      await project.run("reproduce", "--set", `scale.offset=${day}`);
      assert.match(await project.read("figures/sum.txt"), new RegExp(`^${day}`));
    }
  },
});

Deno.test({
  name: "a chain of 9,000 targets is put in order, and of 20,000 errors the first 20 are printed",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    const link = (i: number): string =>
      `  cache/${i}.txt: { task: tasks/sum.ts, inputs: { a: cache/${
        i + 1
      }.txt }, params: { offset: 1 } }`;
    const chain = Array.from({ length: 9000 }, (_, i) => link(i)).join("\n");
    const head = "version: 1\nparams: { seed: 0 }\ntargets:\n";
    const last =
      "  cache/9000.txt: { task: tasks/sum.ts, inputs: { a: number.txt }, params: { offset: 1 } }";
    await project.write("workflow.yaml", `${head}${chain}\n${last}\n`);
    const { code, err } = await project.run("status", "cache/8999.txt");
    assert.equal(code, 0, err);
    await project.write(
      "workflow.yaml",
      `${head}${chain.replaceAll("offset", "ofset")}\n${last}\n`,
    );
    const wrong = await project.run("status");
    assert.equal(wrong.code, 2);
    assert.equal(wrong.err.trim().split("\n").length, 21);
    assert.match(wrong.err, /and \d+ more errors/);
  },
});
