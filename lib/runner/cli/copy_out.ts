import { fromFileUrl } from "@std/path";
import { InputError } from "../../base/errors.ts";
import type { Digest } from "../../base/digest.ts";

/** A file that is to be copied out of the project. */
export interface Copied {
  readonly file: string;
  readonly digest: Digest;
  /** Its name in the folder that it goes to. */
  readonly name: string;
}

/**
 * Copies files to any folder, in a process of its own: this one may write to the folders of outputs alone.
 *
 * @param root Folder of the project.
 * @param folder Where to, from there.
 * @param what What the files are, for the error.
 * @param files The files, each verified as it is copied.
 * @throws {InputError} When one cannot be copied.
 */
export async function copyOut(
  root: string,
  folder: string,
  what: string,
  files: readonly Copied[],
): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    cwd: root,
    env: { NO_COLOR: "1" },
    args: [
      // A folder's name may have a comma, which a list of permissions cannot say.
      ...["run", "--quiet", "--no-prompt", "--allow-read", "--allow-write"],
      fromFileUrl(new URL("./copy_results.ts", import.meta.url)),
      ...[folder, ...files.flatMap(({ file, digest, name }) => [file, digest, name])],
    ],
  }).output();
  if (success) return;
  const said = new TextDecoder().decode(stderr).trim().split("\n")[0] ?? "";
  const reason = said.replace(/^error: (Uncaught \(in promise\) )?(\w+: )?/, "");
  throw new InputError(`Cannot copy the ${what} to ${folder}: ${reason}`);
}
