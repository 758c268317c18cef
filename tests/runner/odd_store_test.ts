import assert from "node:assert/strict";
import { join } from "@std/path";
import { allowed } from "../support.ts";
import { auditCache } from "./cache_audit.ts";
import { Project } from "./project.ts";

const ignore = !allowed("read", "write", "run", "env") || Deno.build.os === "windows";
const COMMANDS = ["status", "explain figures/sum.txt", "graph", "gc", "clean", "reproduce"];

const REPLACEMENTS: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  "a folder": (path) => Deno.mkdir(path),
  "a pipe": (path) => new Deno.Command("mkfifo", { args: [path] }).output(),
  "a link to itself": (path) => Deno.symlink(path, path),
};

/** The files of a folder of the store, at any depth. */
async function filesIn(project: Project, folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await project.list(folder)) {
    const path = `${folder}/${name}`;
    const { isDirectory } = await Deno.lstat(join(project.root, path));
    found.push(...isDirectory ? await filesIn(project, path) : [path]);
  }
  return found;
}

for (const [what, put] of Object.entries(REPLACEMENTS)) {
  Deno.test({
    name: `the store is healed where ${what} stands in the place of its files`,
    ignore,
    fn: async (t) => {
      await using project = await Project.create();
      await project.run("reproduce");
      for (const folder of ["records", "states", "contents", "locks"]) {
        await t.step(folder, async () => {
          for (const path of await filesIn(project, `cache/${folder}`)) {
            await Deno.remove(join(project.root, path));
            await put(join(project.root, path));
          }
          for (const name of await project.list("figures")) {
            await Deno.remove(join(project.root, "figures", name));
          }
          for (const command of COMMANDS) {
            const { code, out, err } = await project.run(...command.split(" "));
            assert.equal(code, 0, `${command}: ${out}${err}`);
          }
          assert.equal(await project.read("figures/sum.txt"), "40");
          await auditCache(project);
        });
      }
    },
  });
}

Deno.test({
  name: "a file in the place of cache/ or of one of its folders ends a run in words",
  ignore,
  fn: async (t) => {
    for (const folder of ["cache", "cache/locks", "cache/records", "cache/contents"]) {
      await t.step(folder, async () => {
        await using project = await Project.create();
        if (folder !== "cache") await Deno.mkdir(join(project.root, "cache"));
        await project.write(folder, "");
        const { code, out, err } = await project.run("reproduce");
        assert.notEqual(code, 0);
        assert.match(out + err, /Move away the file that stands where a folder belongs/);
        assert.doesNotMatch(out + err, /^\s+at |os error/m);
        await Deno.remove(join(project.root, folder));
        assert.equal((await project.run("reproduce")).code, 0);
      });
    }
  },
});

Deno.test({
  name: "status warns of a damaged record",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    await project.run("reproduce");
    const [name] = await project.list("cache/records");
    await project.write(`cache/records/${name}`, "{}");
    const { code, err } = await project.run("status");
    assert.equal(code, 0);
    assert.match(err, /^warning: The record .* is damaged and was not used/);
  },
});
