import { basename, dirname, isAbsolute, join } from "@std/path";
import { type Digest, digestOf } from "../../base/digest.ts";
import type { PlannedTarget } from "../config/planned.ts";
import { copyVerified } from "../copy_verified.ts";
import type { Manifest } from "../key.ts";
import { listFolder } from "../../base/list_folder.ts";
import { ContentLost, type Store } from "../store.ts";
import type { InputFile } from "../task.ts";

/** A person's own input is no longer what the target's key says: look at it again. */
export class InputChanged extends Error {}

/**
 * Copies the inputs of a target into its staging folder. A task reads these copies, whose digests are
 * those in its key, whatever is edited meanwhile.
 *
 * @param root Folder of the project.
 * @param store The cache.
 * @param target The target.
 * @param manifest What its key stands for.
 * @param folder Where the copies go.
 * @throws {InputChanged} When a person's own input has changed since its digest was taken.
 * @throws {ContentLost} When the cached output of another target is damaged.
 */
export async function copyInputs(
  root: string,
  store: Store,
  target: PlannedTarget,
  manifest: Manifest,
  folder: string,
): Promise<Record<string, InputFile>> {
  const inputs: Record<string, InputFile> = {};
  for (const [logical, { path, producer }] of target.inputs) {
    const digest = manifest.inputs[logical];
    if (digest === undefined) continue;
    Deno.mkdirSync(join(folder, logical));
    const copy = join(folder, logical, basename(path));
    const own = isAbsolute(path) ? path : join(root, path);
    const copied = await copyInput(producer === undefined ? own : store.contentPath(digest), copy)
      .catch((cause) => {
        if (cause instanceof Deno.errors.NotFound) return undefined;
        throw cause;
      });
    if (copied !== digest) {
      if (producer === undefined) throw new InputChanged(`${path} changed while it was used`);
      throw new ContentLost(digest);
    }
    inputs[logical] = { name: path, digest, path: copy };
  }
  return inputs;
}

/** Copies a file, or the files of a folder, and gives the digest as FileDigests.ofInput() does. */
async function copyInput(from: string, to: string): Promise<Digest> {
  if (!Deno.statSync(from).isDirectory) return await copyVerified(from, to);
  Deno.mkdirSync(to);
  const files: [string, Digest][] = [];
  for (const name of await listFolder(from)) {
    if (!Deno.statSync(join(from, name)).isFile) continue;
    Deno.mkdirSync(dirname(join(to, name)), { recursive: true });
    files.push([name, await copyVerified(join(from, name), join(to, name))]);
  }
  return digestOf(JSON.stringify(files));
}
