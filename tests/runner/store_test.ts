import assert from "node:assert/strict";
import { join } from "@std/path";
import { allowed } from "../support.ts";
import { FileDigests } from "../../lib/runner/file_digests.ts";
import type { TargetState } from "../../lib/runner/record.ts";
import { Store } from "../../lib/runner/store.ts";
import { Project } from "./project.ts";

const ignore = !allowed("read", "write", "run", "env") || Deno.build.os === "windows";

/** What may stand where a lock file belongs. */
const OBSTACLES: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  "a pipe": (path) => new Deno.Command("mkfifo", { args: [path] }).output(),
  "a folder": (path) => Deno.mkdir(path),
  "a link": (path) => Deno.symlink("../../number.txt", path),
};

for (const [what, make] of Object.entries(OBSTACLES)) {
  Deno.test({
    name: `use() removes ${what} that stands where a lock belongs`,
    ignore,
    fn: async () => {
      await using project = await Project.create();
      await Deno.mkdir(join(project.root, "cache/locks"), { recursive: true });
      const path = join(project.root, "cache/locks/cache");
      for (const command of ["reproduce", "gc"]) {
        await Deno.remove(path).catch(() => {});
        await make(path);
        const { code, err } = await project.run(command);
        assert.equal(code, 0, err);
      }
      assert.equal(await project.read("number.txt"), "20");
    },
  });
}

Deno.test({
  name: "clean does not delete through a link",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    await project.edit("workflow.yaml", "figures/sum.txt", "figures/mine/sum.txt");
    assert.equal((await project.run("reproduce")).code, 0);
    const folder = join(project.root, "figures/mine");
    await Deno.rename(folder, join(project.root, "elsewhere"));
    await Deno.symlink("../elsewhere", folder);
    const { code, err } = await project.run("clean");
    assert.equal(code, 2);
    assert.match(err, /figures\/mine is a symbolic link; remove the link/);
    assert.equal(await project.read("elsewhere/sum.txt"), "40");
  },
});

for (const code of ["EROFS", "EACCES", "ENOSPC"]) {
  Deno.test({
    name: `setState() ${code === "ENOSPC" ? "reports" : "leaves out what meets"} ${code}`,
    ignore,
    fn: async () => {
      const root = await Deno.makeTempDir();
      const real = Deno.writeTextFileSync;
      Deno.writeTextFileSync = (): never => {
        throw Object.assign(new Error("refused"), { code });
      };
      try {
        const store = new Store(root, await FileDigests.load(root));
        const set = store.setState({ target: "a" } as TargetState);
        if (code === "ENOSPC") await assert.rejects(set, /refused/);
        else await set;
      } finally {
        Deno.writeTextFileSync = real;
        await Deno.remove(root, { recursive: true });
      }
    },
  });
}
