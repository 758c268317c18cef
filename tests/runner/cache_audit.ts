/**
 * Holds a project's cache against the invariants that lib/runner/store.ts states.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "@std/path";
import { type Digest, digestOfFile } from "../../lib/base/digest.ts";
import type { RunRecord } from "../../lib/runner/record.ts";
import type { Project } from "./project.ts";

/**
 * Fails unless every record can be read and has its contents, every content has the bytes that its
 * name says, and every output in place is a whole content.
 */
export async function auditCache(project: Project): Promise<void> {
  const contents = new Set<string>();
  for (const folder of await project.list("cache/contents")) {
    for (const name of await project.list(`cache/contents/${folder}`)) {
      const digest = await digestOfFile(join(project.root, "cache/contents", folder, name));
      assert.equal(digest, name, "a content has the bytes that its name says");
      contents.add(digest);
    }
  }
  for (const name of await project.list("cache/records")) {
    if (name.endsWith(".tmp")) continue;
    const record = JSON.parse(await project.read(`cache/records/${name}`)) as RunRecord;
    assert.equal(name, `${record.key}.json`);
    for (const { digest, path } of Object.values(record.outputs)) {
      assert.ok(contents.has(digest), `a record names ${path}, whose content is not there`);
    }
  }
  for (const folder of ["figures", "cache"]) {
    for (const name of await project.list(folder)) {
      if (!name.endsWith(".txt")) continue;
      const digest: Digest = await digestOfFile(join(project.root, folder, name));
      assert.ok(contents.has(digest), `${folder}/${name} is no whole content`);
    }
  }
}
