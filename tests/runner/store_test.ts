import assert from "node:assert/strict";
import { join } from "@std/path";
import { allowed } from "../support.ts";
import { FileDigests } from "../../lib/runner/file_digests.ts";
import { Store, type TargetState } from "../../lib/runner/store.ts";
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
    name: `use() says that ${what} stands where a lock belongs, and leaves it alone`,
    ignore,
    fn: async () => {
      await using project = await Project.create();
      await Deno.mkdir(join(project.root, "cache/locks"), { recursive: true });
      const path = join(project.root, "cache/locks/cache");
      await make(path);
      for (const command of ["reproduce", "gc"]) {
        const { code, err } = await project.run(command);
        assert.equal(code, 2, err);
        assert.match(err, /cache\/locks\/cache: it is not a plain file\. Remove it/);
        assert.doesNotMatch(err, /^ {4}at /m);
      }
      assert.equal(await project.read("number.txt"), "20");
      await Deno.remove(path, { recursive: true });
      assert.equal((await project.run("reproduce")).code, 0);
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
        const store = new Store(root, await FileDigests.open(root));
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
