import assert from "node:assert/strict";
import { join } from "@std/path";
import { FileDigests } from "../../lib/runner/file_digests.ts";
import { listFolder } from "../../lib/base/list_folder.ts";
import { allowed } from "../support.ts";

Deno.test({
  name: "listFolder() lists files at any depth, and FileDigests.ofInput() sees an edit of each",
  ignore: !allowed("read", "write"),
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "list-folder-" });
    try {
      await Deno.mkdir(join(folder, "b/c"), { recursive: true });
      await Deno.mkdir(join(folder, ".git"));
      for (const path of ["a", "b/c/d", ".hidden", ".git/e"]) {
        await Deno.writeTextFile(join(folder, path), path);
      }
      // Neither is followed: the first leads round in a circle.
      await Deno.symlink(folder, join(folder, "b/loop"));
      await Deno.symlink(join(folder, "none"), join(folder, "gone"));
      assert.deepEqual(await listFolder(folder), ["a", "b/c/d"]);
      const digests = await FileDigests.load(join(folder, ".digests"));
      const before = await digests.ofInput(folder);
      await Deno.writeTextFile(join(folder, ".git/e"), "other");
      assert.equal(await digests.ofInput(folder), before);
      await Deno.writeTextFile(join(folder, "b/c/d"), "other");
      assert.notEqual(await digests.ofInput(folder), before);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
