import assert from "node:assert/strict";
import { join } from "@std/path";
import { allowed } from "../support.ts";
import { auditCache } from "./cache_audit.ts";
import { Project } from "./project.ts";

const ignore = !allowed("read", "write", "run", "env");

/** Paths of all contents, relative to the project. */
async function contents(project: Project): Promise<string[]> {
  const folders = (await project.list("cache/contents")).map((name) => `cache/contents/${name}`);
  return (await Promise.all(
    folders.map(async (folder) => (await project.list(folder)).map((name) => `${folder}/${name}`)),
  )).flat();
}

/** What may happen to a content. */
const DAMAGES: Readonly<Record<string, (path: string) => Promise<void>>> = {
  truncated: (path) => Deno.truncate(path, 1),
  emptied: (path) => Deno.truncate(path, 0),
  flipped: async (path) => {
    const bytes = await Deno.readFile(path);
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    await Deno.writeFile(path, bytes);
  },
  deleted: (path) => Deno.remove(path),
};

for (const [damage, harm] of Object.entries(DAMAGES)) {
  Deno.test({
    name: `a content that was ${damage} is said to be lost, and its task runs again`,
    ignore,
    fn: async () => {
      await using project = await Project.create();
      await project.run("reproduce");
      for (const path of await contents(project)) {
        await Deno.chmod(join(project.root, path), 0o644);
        await harm(join(project.root, path));
      }
      const status = await project.run("status", "--check");
      assert.equal(status.code, 1);
      assert.match(
        status.out,
        /scaled\.txt +stale +cached content of cache\/scaled\.txt lost or damaged/,
      );
      await Deno.remove(join(project.root, "figures/sum.txt"));
      const { code, out } = await project.run("reproduce");
      assert.equal(code, 0, out);
      assert.match(out, /run .*cached content .* lost or damaged/);
      assert.equal(await project.read("figures/sum.txt"), "40");
      await auditCache(project);
      assert.match((await project.run("reproduce")).out, /All 2 targets are fresh/);
    },
  });
}

Deno.test({
  name: "a damaged record, state or list of digests is a miss, never an error",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    await project.run("reproduce");
    for (const text of ["", "{", "null", "[]", "{}", '{"outputs":null}', "\u0000\u0001"]) {
      for (const folder of ["cache/records", "cache/states"]) {
        for (const name of await project.list(folder)) {
          await project.write(`${folder}/${name}`, text);
        }
        const status = await project.run("status");
        const warnings = status.err.replace(/^warning: The record .* is damaged.*\n/gm, "");
        assert.deepEqual([status.code, warnings], [0, ""], `${folder}: ${text}`);
        const { code, err, out } = await project.run("reproduce");
        assert.deepEqual([code, err], [0, ""], `${folder}: ${text}: ${out}`);
        assert.equal(await project.read("figures/sum.txt"), "40");
        await auditCache(project);
      }
    }
  },
});

/** What a person may do to an output, what is said, and what is kept aside. */
const OUTPUTS: readonly {
  readonly what: string;
  readonly harm: (path: string) => Promise<void>;
  readonly says: RegExp;
  readonly aside?: string;
}[] = [
  {
    what: "edited",
    harm: (path) => Deno.writeTextFile(path, "mine"),
    says: /restored +figures\/sum\.txt from the cache: edited output/,
    aside: "mine",
  },
  {
    what: "edited and read-only",
    harm: async (path) => {
      await Deno.writeTextFile(path, "mine");
      await Deno.chmod(path, 0o444);
    },
    says: /restored +figures\/sum\.txt from the cache: edited output/,
    aside: "mine",
  },
  {
    what: "deleted",
    harm: (path) => Deno.remove(path),
    says: /restored +figures\/sum\.txt from the cache: missing output/,
  },
  { what: "read-only", harm: (path) => Deno.chmod(path, 0o444), says: /All 2 targets are fresh/ },
  {
    what: "a link to nothing",
    harm: async (path) => {
      await Deno.remove(path);
      await Deno.symlink("nowhere", path);
    },
    says: /restored +figures\/sum\.txt from the cache: missing output/,
  },
  {
    what: "a link to another file",
    harm: async (path) => {
      await Deno.writeTextFile(join(path, "../../other.txt"), "other");
      await Deno.remove(path);
      await Deno.symlink("../other.txt", path);
    },
    says: /restored +figures\/sum\.txt from the cache: edited output/,
  },
];

for (const { what, harm, says, aside } of OUTPUTS) {
  Deno.test({
    name: `an output that is ${what} is noticed and put right, and nobody's work is lost`,
    ignore: ignore || Deno.build.os === "windows",
    fn: async () => {
      await using project = await Project.create();
      await project.run("reproduce");
      await harm(join(project.root, "figures/sum.txt"));
      const { code, out, err } = await project.run("reproduce");
      assert.deepEqual([code, err], [0, ""], out);
      assert.match(out, says);
      assert.equal(await project.read("figures/sum.txt"), "40");
      const kept = await project.list("cache/aside");
      if (aside !== undefined) assert.equal(await project.read(`cache/aside/${kept}`), aside);
      assert.equal(await project.read("other.txt").catch(() => "other"), "other");
      assert.match((await project.run("reproduce")).out, /All 2 targets are fresh/);
    },
  });
}

/** What a task may do wrong, and what is said of it. */
const TASKS: readonly (readonly [what: string, body: string, says: RegExp])[] = [
  ["throws", 'throw new Error("on purpose");', /failed +cache\/scaled\.txt: Error: on purpose/],
  ["throws no error", "throw 3;", /failed +cache\/scaled\.txt: 3/],
  [
    "rejects late",
    'Promise.reject(new Error("late")); await new Promise((f) => setTimeout(f, 500));',
    /late/,
  ],
  ["exits", "Deno.exit(0);", /it ended itself, with code 0, before it was done/],
  ["exits and catches it", "try { Deno.exit(1); } catch { /* goes on */ }", /itself, with code 1/],
  ["exits as Node does", "process.exit(2);", /it ended itself, with code 2/],
  ["waits for nothing", "await new Promise(() => {});", /waits for something that never happens/],
  ["hangs", "for (;;);", /took longer than 1 s; give it more under resources\.time/],
  ["sleeps", "await new Promise((f) => setTimeout(f, 1e8));", /took longer than 1 s/],
  [
    "kills itself",
    'Deno.kill(Deno.pid, "SIGKILL");',
    /process ended by SIGKILL|may not: Requires run access/,
  ],
  ["writes too little", "return;", /did not write its output scaled/],
  [
    "writes too much",
    'await Deno.writeTextFile(outputs.scaled + "2", "");',
    /wrote scaled\.txt2, which is not an output of it/,
  ],
  [
    "makes a folder",
    "await Deno.mkdir(outputs.scaled); return;",
    /did not write its output scaled/,
  ],
];

Deno.test({
  name: "a task that goes wrong fails by name, leaves no record, and what needs it is not tried",
  ignore: ignore || Deno.build.os === "windows",
  fn: async (t) => {
    await using project = await Project.create();
    const good = await project.read("tasks/scale.ts");
    const workflow = await project.read("workflow.yaml");
    const limited = workflow.replace(
      "task: tasks/scale.ts",
      "task: tasks/scale.ts\n    resources: { time: 1s }",
    );
    for (const [what, body, says] of TASKS) {
      await t.step(what, async () => {
        // Only what is about time has a short one: a busy machine takes long for everything else.
        const isAboutTime = /longer than/.test(says.source);
        await project.write("workflow.yaml", isAboutTime ? limited : workflow);
        await project.write(
          "tasks/scale.ts",
          good.replace("const number", `${body}\n    const number`),
        );
        const { code, out, err } = await project.run("reproduce", "--keep-going");
        assert.deepEqual([code, err], [1, ""], out);
        assert.match(out, says);
        assert.match(out, /skipped +figures\/sum\.txt: needs cache\/scaled\.txt/);
        assert.deepEqual(await project.list("cache/records"), []);
        assert.match((await project.run("status")).out, /scaled\.txt +failed/);
      });
    }
    await project.write("tasks/scale.ts", good);
    const { code, out } = await project.run("reproduce");
    assert.equal(code, 0, out);
    assert.equal(await project.read("figures/sum.txt"), "40");
  },
});

Deno.test({
  name: "a task may fill its output streams: it ends, and what is kept of them is bounded",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    const fill = `const block = new TextEncoder().encode("x".repeat(1 << 16));
    for (let i = 0; i < 400; i++) {
      Deno.stderr.writeSync(block);
      Deno.stdout.writeSync(block);
      console.error("line");
      console.log("line");
    }
    `;
    await project.edit("tasks/scale.ts", "const number", `${fill}const number`);
    const { code, out, err } = await project.run("reproduce");
    assert.deepEqual([code, err], [0, ""], out.slice(0, 2000));
    assert.equal(await project.read("figures/sum.txt"), "40");
    const records = await project.list("cache/records");
    for (const name of records) {
      assert.ok((await Deno.stat(`${project.root}/cache/records/${name}`)).size < 1 << 20);
    }
  },
});

Deno.test({
  name:
    "times of files and of the clock decide nothing: an edit is seen, a mere change of time not",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    const path = (name: string): string => join(project.root, name);
    await project.run("reproduce");
    for (const year of ["2001", "2101"]) {
      const then = new Date(`${year}-01-01`);
      const cached = (await project.list("cache/records")).map((name) => `cache/records/${name}`);
      for (const name of ["number.txt", "figures/sum.txt", "tasks/sum.ts", ...cached]) {
        await Deno.utime(path(name), then, then);
      }
      assert.match((await project.run("reproduce")).out, /All 2 targets are fresh/, year);
      // The clock was ahead when the digests were taken: they look newer than any edit.
      const remembered = JSON.parse(await project.read("cache/states/.digests.json"));
      for (const entry of Object.values<{ taken: number }>(remembered)) entry.taken = +then;
      await project.write("cache/states/.digests.json", JSON.stringify(remembered));
      // An edit of the same size, whose time is put back.
      const { mtime } = await Deno.stat(path("number.txt"));
      await project.write("number.txt", "30");
      await Deno.utime(path("number.txt"), mtime!, mtime!);
      assert.match((await project.run("reproduce")).out, /2 built|2 restored/, year);
      assert.equal(await project.read("figures/sum.txt"), "60");
      await project.write("number.txt", "20");
      assert.match((await project.run("reproduce")).out, /2 restored/, year);
    }
  },
});

/** Puts a file system of memory at a folder; false where that is not allowed. */
async function mount(folder: string, size: string): Promise<boolean> {
  const args = ["-t", "tmpfs", "-o", `size=${size}`, "none", folder];
  try {
    return (await new Deno.Command("mount", { args, stderr: "null" }).output()).success;
  } catch {
    return false;
  }
}

async function unmount(folder: string): Promise<void> {
  // On a busy machine a process that has just ended may still hold it.
  await new Deno.Command("umount", { args: ["--lazy", folder] }).output();
}

/** Whether this user may mount. */
async function mounts(): Promise<boolean> {
  if (ignore || Deno.build.os !== "linux") return false;
  const folder = await Deno.makeTempDir();
  const may = await mount(folder, "64k");
  if (may) await unmount(folder);
  await Deno.remove(folder);
  return may;
}

const mayMount = await mounts();

for (const how of ["another file system", "a link"]) {
  Deno.test({
    name: `the cache may be ${how}`,
    ignore: ignore || Deno.build.os === "windows" || (how !== "a link" && !mayMount),
    fn: async () => {
      await using project = await Project.create();
      const cache = join(project.root, "cache");
      if (how === "a link") {
        await Deno.mkdir(join(project.root, "elsewhere"));
        await Deno.symlink("elsewhere", cache);
      } else {
        await Deno.mkdir(cache);
        await mount(cache, "16m");
      }
      try {
        assert.deepEqual(await project.ran("reproduce"), ["cache/scaled.txt", "figures/sum.txt"]);
        await project.write("figures/sum.txt", "mine");
        await project.write("cache/scaled.txt", "mine too");
        const { code, out } = await project.run("reproduce");
        assert.equal(code, 0, out);
        assert.equal(await project.read("figures/sum.txt"), "40");
        const aside = await Promise.all(
          (await project.list("cache/aside")).map((name) => project.read(`cache/aside/${name}`)),
        );
        assert.deepEqual(aside.sort(), ["mine", "mine too"]);
        await auditCache(project);
        assert.match((await project.run("reproduce")).out, /All 2 targets are fresh/);
      } finally {
        if (how !== "a link") await unmount(cache);
      }
    },
  });
}

Deno.test({
  name:
    "a disk that is full anywhere is said, leaves the cache sound, and costs nothing once mended",
  ignore: !mayMount,
  fn: async (t) => {
    await using project = await Project.create();
    await Deno.mkdir(join(project.root, "cache"));
    // The output has 1 MiB; it is staged, moved, and copied into its place.
    await project.edit("tasks/scale.ts", "params.factor))", "params.factor)).padStart(1 << 20)");
    const cache = join(project.root, "cache");
    for (
      const size of ["4k", "64k", "1040k", "1200k", "2052k"]
    ) {
      await t.step(size, async () => {
        await mount(cache, size);
        try {
          await Deno.remove(join(project.root, "figures"), { recursive: true }).catch(() => {});
          const full = await project.run("reproduce");
          assert.deepEqual([full.code, full.err], [1, ""], full.out);
          assert.match(full.out, /no space left/i);
          assert.doesNotMatch(full.out, /^ *at /m);
          await auditCache(project);
          const args = ["-o", "remount,size=16m", cache];
          await new Deno.Command("mount", { args }).output();
          const { code, out, err } = await project.run("reproduce");
          assert.deepEqual([code, err], [0, ""], out);
          assert.equal(await project.read("figures/sum.txt"), "40");
          await auditCache(project);
        } finally {
          await unmount(cache);
        }
      });
    }
  },
});
