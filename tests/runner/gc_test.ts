import assert from "node:assert/strict";
import { allowed } from "../support.ts";
import { Project } from "./project.ts";

const ignore = !allowed("read", "write", "run", "env");

/** Names of all contents in a project's cache. */
async function contents(project: Project): Promise<string[]> {
  const folders = await project.list("cache/contents");
  return (await Promise.all(folders.map((name) => project.list(`cache/contents/${name}`)))).flat();
}

Deno.test({
  name: "gc keeps what is current or recent, removes the rest, and says how much",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    await project.run("reproduce", "--set", "scale.factor=3");
    await project.run("reproduce");
    assert.equal((await contents(project)).length, 2);
    assert.equal((await project.list("cache/records")).length, 4);
    assert.match((await project.run("gc")).out, /Removed 0 records, 0 contents/);

    const old = new Date("2020-01-01");
    for (const name of await project.list("cache/records")) {
      await Deno.utime(`${project.root}/cache/records/${name}`, old, old);
    }
    // Nothing but the order of records decides: the current ones stay however old they are.
    const dry = await project.run("gc", "--dry-run");
    assert.match(dry.out, /Would remove 2 records, 1 contents and 0 leftovers.*2 bytes/);
    assert.equal((await project.list("cache/records")).length, 4);
    assert.match((await project.run("gc")).out, /Removed 2 records, 1 contents/);
    assert.equal((await contents(project)).length, 1);
    assert.match((await project.run("reproduce")).out, /All 2 targets are fresh/);
  },
});

Deno.test({
  name: "gc --max removes the longest unused first, and never what is current",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    for (const factor of ["3", "4", "2"]) {
      await project.run("reproduce", "--set", `scale.factor=${factor}`);
      await new Promise((done) => setTimeout(done, 20));
    }
    // To use a result again makes it recent: of 60 and 80, 60 is the later one now.
    await project.run("reproduce", "--set", "scale.factor=3");
    await project.run("reproduce");
    const { out } = await project.run("gc", "--max", "0.004KiB", "--json");
    const { records, contents: removed, bytes, kept } = JSON.parse(out);
    assert.deepEqual({ records, removed, bytes, kept }, {
      records: 2,
      removed: 1,
      bytes: 2,
      kept: 4,
    });
    assert.match((await project.run("reproduce", "--set", "scale.factor=3")).out, /2 restored/);
    assert.match((await project.run("reproduce", "--set", "scale.factor=4")).out, /2 built/);
  },
});

Deno.test({
  name: "gc removes what killed runs left, and leaves alone what a person edited",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    await project.run("reproduce");
    await project.write("figures/sum.txt", "mine");
    await project.run("reproduce");
    const temporary = `sum.txt.${crypto.randomUUID()}.tmp`;
    await project.write(`figures/${temporary}`, "half");
    await project.write("figures/notes.tmp", "mine");
    await Deno.mkdir(`${project.root}/cache/staging/0123456789ab-left`);
    await project.write("cache/staging/0123456789ab-left/scaled.txt", "half");
    await project.write(`cache/locks/${"0".repeat(64)}`, "process 1");
    const { out } = await project.run("gc");
    assert.match(out, /and 3 leftovers of runs: 17 bytes/);
    assert.match(out, /cache\/aside\/ holds 1 files that you changed; they are yours/);
    assert.deepEqual((await project.list("figures")).sort(), ["notes.tmp", "sum.txt"]);
    assert.deepEqual(await project.list("cache/staging"), []);
    assert.equal((await project.list("cache/aside")).length, 1);
  },
});

Deno.test({
  name: "gc waits for a run to end, and a run for gc",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    await project.run("reproduce");
    {
      using held = await Deno.open(`${project.root}/cache/locks/cache`, { read: true });
      await held.lock(false);
      const gc = project.command(["gc"]).spawn();
      const reader = gc.stdout.pipeThrough(new TextDecoderStream()).getReader();
      assert.match((await reader.read()).value ?? "", /waiting +another run is using the cache/);
      await held.unlock();
      assert.match((await reader.read()).value ?? "", /Removed/);
      await drain(reader);
      await gc.stderr.cancel();
      assert.equal((await gc.status).code, 0);
    }
    using held = await Deno.open(`${project.root}/cache/locks/cache`, { read: true, write: true });
    await held.lock(true);
    await held.write(new TextEncoder().encode("process 12 is cleaning the cache"));
    const run = project.command(["reproduce"]).spawn();
    const reader = run.stdout.pipeThrough(new TextDecoderStream()).getReader();
    assert.match((await reader.read()).value ?? "", /waiting +process 12 is cleaning the cache/);
    await held.unlock();
    assert.match((await reader.read()).value ?? "", /All 2 targets are fresh/);
    await drain(reader);
    await run.stderr.cancel();
    assert.equal((await run.status).code, 0);
  },
});

/** Reads to the end: a process whose pipe is closed may fail for that. */
async function drain(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await reader.read()).done);
}
