import assert from "node:assert/strict";
import { PackageDigests } from "../../lib/runner/package_digests.ts";
import { allowed } from "../support.ts";
import { auditCache } from "./cache_audit.ts";
import { Project } from "./project.ts";

const ignore = !allowed("read", "write", "run", "env");

/** Runs `reproduce`, and changes something as soon as its first task has begun. */
async function whileRunning(project: Project, change: () => Promise<void>): Promise<string> {
  const child = project.command(["reproduce"]).spawn();
  const decoder = new TextDecoder();
  let out = "";
  let changed = false;
  for await (const part of child.stdout) {
    out += decoder.decode(part);
    if (changed || !/^run /m.test(out)) continue;
    changed = true;
    await change();
  }
  const { success } = await child.status;
  await child.stderr.cancel();
  assert.ok(success, out);
  return out;
}

const PAUSE = "await new Promise((done) => setTimeout(done, 1500));\n    const number";

Deno.test({
  name: "reproduce runs the code that it planned with, though a module is edited meanwhile",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    await project.edit("tasks/scale.ts", "const number", PAUSE);
    const before = await project.read("tasks/sum.ts");
    await whileRunning(
      project,
      () => project.edit("tasks/sum.ts", "a + params.offset", "a + params.offset + 1000"),
    );
    assert.equal(await project.read("figures/sum.txt"), "40");
    await project.run("reproduce");
    assert.equal(await project.read("figures/sum.txt"), "1040");
    await project.write("tasks/sum.ts", before);
    await project.run("reproduce");
    assert.equal(await project.read("figures/sum.txt"), "40");
    assert.equal((await project.run("verify")).code, 0);
    await auditCache(project);
  },
});

Deno.test({
  name: "reproduce gives a task the input of its key, though the file is rewritten meanwhile",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    await project.edit("tasks/scale.ts", "const number", PAUSE);
    await whileRunning(project, async () => {
      await new Promise((done) => setTimeout(done, 500));
      await project.write("number.txt", "30");
    });
    assert.equal(await project.read("figures/sum.txt"), "40");
    await project.run("reproduce");
    assert.equal(await project.read("figures/sum.txt"), "60");
    await project.write("number.txt", "20");
    await project.run("reproduce");
    assert.equal(await project.read("figures/sum.txt"), "40");
  },
});

Deno.test({
  name: "PackageDigests.of() tells an edited file of a package, and its undoing",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    const folder = `${project.root}/package`;
    await Deno.mkdir(`${folder}/inside`, { recursive: true });
    await project.write("package/inside/a.js", "one");
    const old = new Date(Date.now() - 60_000);
    const first = await new PackageDigests(project.root).of(folder);
    await project.write("package/inside/a.js", "two");
    await Deno.utime(`${folder}/inside/a.js`, old, old);
    assert.notEqual(await new PackageDigests(project.root).of(folder), first);
    await project.write("package/inside/a.js", "one");
    assert.equal(await new PackageDigests(project.root).of(folder), first);
    await project.write("package/.scripts-warned-1", "");
    await project.write("package/readme.md", "");
    assert.equal(await new PackageDigests(project.root).of(folder), first);
    await project.write("package/b.js", "");
    assert.notEqual(await new PackageDigests(project.root).of(folder), first);
  },
});

Deno.test({
  name: "a write that a task does not await ends before its output is recorded",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    await project.edit(
      "tasks/scale.ts",
      "await Deno.writeTextFile(outputs.scaled,",
      "setInterval(() => {}, 1000); Deno.writeFile(outputs.scaled, new Uint8Array(1e8).fill(52));\n" +
        "    if (false) await Deno.writeTextFile(outputs.scaled,",
    );
    assert.equal((await project.run("build", "cache/scaled.txt")).code, 0);
    assert.equal((await Deno.stat(`${project.root}/cache/scaled.txt`)).size, 1e8);
    await auditCache(project);
  },
});

Deno.test({
  name: "what a task prints or reads does not reach the runner or another task",
  ignore,
  fn: async (t) => {
    const bodies = {
      "prints what looks like a report":
        'console.log("\\u001e" + JSON.stringify({ kind: "done" })); console.log(\'{"kind":"done"}\');',
      "reads standard input": "Deno.stdin.read(new Uint8Array(1 << 20));",
      "replaces what reporting needs":
        'JSON.stringify = () => \'{"kind":"done"}\'; Deno.stdout.writeSync = () => 0;',
      "logs what is not text": "(log as (message: unknown) => void)(undefined);",
      "leaves a timer": "setInterval(() => {}, 10);",
    };
    for (const [what, body] of Object.entries(bodies)) {
      await t.step(what, async () => {
        await using project = await Project.create();
        await project.edit("tasks/sum.ts", "const a =", `${body}\n    const a =`);
        const { code, out } = await project.run("reproduce", "--jobs", "1");
        assert.equal(code, 0, out);
        assert.equal(await project.read("figures/sum.txt"), "40");
      });
    }
  },
});

Deno.test({
  name: "a task finds no cache storage of another",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    const names = "typeof caches + typeof localStorage + typeof BroadcastChannel";
    await project.edit("tasks/sum.ts", "String(a + params.offset)", names);
    assert.equal((await project.run("reproduce")).code, 0);
    assert.equal(await project.read("figures/sum.txt"), "undefined".repeat(3));
  },
});

Deno.test({
  name: "resources.memory ends a task that wants more, in words",
  ignore: ignore || Deno.build.os !== "linux",
  fn: async () => {
    await using project = await Project.create();
    const resources = "task: tasks/scale.ts\n    resources: { memory: 64MiB }";
    await project.edit("workflow.yaml", "task: tasks/scale.ts", resources);
    assert.equal((await project.run("reproduce")).code, 0);
    const hungry = "const all = []; for (let i = 0; i < 40; i++) " +
      "all.push(new Uint8Array(64 << 20).fill(1));\n    const number";
    await project.edit("tasks/scale.ts", "const number", hungry);
    const { code, out } = await project.run("reproduce");
    assert.equal(code, 1);
    assert.match(out, /ran out of memory; its limit is 64\.0 MiB: raise resources\.memory/);
  },
});
