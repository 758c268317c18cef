import assert from "node:assert/strict";
import { join } from "@std/path";
import { allowed } from "../support.ts";
import { Project } from "./project.ts";

const ignore = !allowed("read", "write", "run", "env");

/** What may stand at the top level of a module that a task imports, and what is said of it. */
const TOP_LEVELS: readonly (readonly [name: string, body: string, says: RegExp])[] = [
  ["a program", 'new Deno.Command("ls").outputSync();', /cannot be loaded: .*"?ls/],
  ["a file elsewhere", 'Deno.readTextFileSync("/etc/passwd");', /cannot be loaded: .*read access/],
  ["an input", 'Deno.readTextFileSync("ROOT/number.txt");', /cannot be loaded: .*read access/],
  ["a write", 'Deno.writeTextFileSync("ROOT/x", "");', /cannot be loaded: .*write access/],
  ["a host", 'await fetch("http://127.0.0.1:8000");', /cannot be loaded: .*net access/],
  ["a remote module", 'await import("https://esm.sh/x" + "");', /cannot be loaded: /],
  ["an error", 'throw new Error("on purpose");', /cannot be loaded: on purpose$/m],
  ["no error", "throw undefined;", /cannot be loaded: undefined$/m],
  ["an end", "Deno.exit(0);", /cannot be loaded: it ends the process when it is loaded/],
  ["a promise that nothing settles", "await new Promise(() => {});", /ends the process in which/],
  ["an endless loop", "for (;;);", /does not end within 20 s/],
  [
    "all memory",
    "const a = []; for (;;) a.push(new Array(1e6).fill(0));",
    /ends the process|within 20 s/,
  ],
];

Deno.test({
  name: "the top level of a task module can do nothing, and an error names the task and its place",
  ignore,
  fn: async (t) => {
    await using project = await Project.create();
    for (const [name, body, says] of TOP_LEVELS) {
      await t.step(name, async () => {
        const top = body.replace("ROOT", project.root);
        await project.write("lib/round.ts", `export const round = Math.round;\n${top}\n`);
        const { code, out, err } = await project.run("status");
        assert.deepEqual([code, out], [2, ""], err);
        assert.match(err, /^workflow\.yaml:7:11: tasks\/scale\.ts cannot be loaded: /);
        assert.match(err, says);
        assert.equal(err.trim().split("\n").length, 1, err);
      });
    }
  },
});

Deno.test({
  name: "the top level of a task module sees no secret, and what it prints is in nobody's output",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    await project.write(
      "lib/round.ts",
      `export const round = Math.round;
console.log("printed", Deno.env.get("HF_TOKEN"));
Deno.stdout.writeSync(new TextEncoder().encode("[1]"));
if (Deno.env.get("HF_TOKEN") !== undefined) throw new Error("seen");
`,
    );
    for (const args of [["complete", "build", ""], ["status", "--json"], ["graph"]]) {
      const command = project.command(args, { HF_TOKEN: "hf_verysecret" });
      const { code, stdout, stderr } = await command.output();
      const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
      assert.equal(code, 0, text);
      assert.doesNotMatch(text, /printed|\[1\]|hf_very/);
    }
  },
});

/** Wrong declarations, and what is said of them. */
const DECLARATIONS: readonly (readonly [from: string, to: string, says: RegExp])[] = [
  ['description: "Scales a number"', "description: 1", /wrong definition: description/],
  ["outputs: { scaled", 'secrets: ["PATH"], outputs: { scaled', /asks for the secret PATH, which/],
  ["outputs: { scaled", 'network: () => [""], outputs: { scaled', /wrong answer .*network\.0/],
  ["outputs: { scaled", "network: () => 1, outputs: { scaled", /wrong answer .*network/],
  ["outputs: { scaled", "check: () => ({}), outputs: { scaled", /wrong answer .*fault\.param/],
  ["outputs: { scaled", "check() { throw 1 }, outputs: { scaled", /could not be checked: 1/],
  [
    "outputs: { scaled",
    "check() { for (;;); }, outputs: { scaled",
    /one of the checks does not end/,
  ],
  ["params: z.object({ factor: z.number() })", "params: 1", /scale\.ts cannot be loaded: /],
  ["params: z.object({ factor: z.number() }),", "", /scale\.ts has no parameter factor/],
];

Deno.test({
  name: "what a task module declares is checked",
  ignore,
  fn: async (t) => {
    for (const [from, to, says] of DECLARATIONS) {
      await t.step(to, async () => {
        await using project = await Project.create();
        await project.edit("tasks/scale.ts", from, to);
        const { code, err } = await project.run("status");
        assert.equal(code, 2, err);
        assert.match(err, says);
        assert.doesNotMatch(err, /\n\s+at |\[object/);
      });
    }
  },
});

Deno.test({
  name:
    "what task modules declare is remembered for the same code, and a damaged memory does no harm",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    assert.equal((await project.run("status")).code, 0);
    const path = "cache/states/.definitions.json";
    const known = await project.read(path);
    assert.equal((await project.run("status")).code, 0);
    assert.equal(await project.read(path), known);
    for (const damaged of ["", "null", "[1", known.replaceAll('"seeded":false', '"seeded":1')]) {
      await project.write(path, damaged);
      assert.equal((await project.run("status")).code, 0);
      assert.deepEqual(JSON.parse(await project.read(path)), JSON.parse(known));
    }
    await Deno.remove(join(project.root, path));
    await Deno.mkdir(join(project.root, path));
    assert.equal((await project.run("status")).code, 0);
    await project.edit("tasks/scale.ts", "z.number()", "z.number().max(1)");
    assert.match((await project.run("status")).err, /parameter factor of cache\/scaled\.txt: /);
  },
});
