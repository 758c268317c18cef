import { fromFileUrl, resolve } from "@std/path";
import type { Digest } from "../../base/digest.ts";
import { InputError } from "../../base/errors.ts";

/** A file that is to be written out of the project: a text, or bytes at a path, with their digest. */
export type Copied =
  & { readonly name: string }
  & ({ readonly text: string } | { readonly file: string; readonly digest: Digest });

/** Files and where they go: a folder, or a file that ends in `.zip`; absolute. */
export interface CopyOrder {
  readonly to: string;
  readonly files: readonly Copied[];
}

/** A path of the command line as an absolute one: it is relative to where the person stands. */
export function fromHere(path: string): string {
  return resolve(Deno.env.get("INIT_CWD") ?? Deno.cwd(), path);
}

/**
 * Writes files to any folder, in a process of its own: this one may write to the folders of outputs alone.
 *
 * @param root Folder of the project.
 * @param to A folder, or a file that ends in `.zip`, as a person wrote it.
 * @param what What the files are, for the error.
 * @param files The files; their names may have folders.
 * @throws {InputError} When one cannot be written.
 */
export async function copyOut(
  root: string,
  to: string,
  what: string,
  files: readonly Copied[],
): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    cwd: root,
    env: { NO_COLOR: "1" },
    args: [
      // A folder's name may have a comma, which a list of permissions cannot say.
      ...["run", "--quiet", "--no-prompt", "--allow-read", "--allow-write"],
      fromFileUrl(new URL("./copy_results.ts", import.meta.url)),
    ],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const order: CopyOrder = { to: fromHere(to), files };
  const ended = child.output();
  const input = new Blob([JSON.stringify(order)]).stream();
  await input.pipeTo(child.stdin).catch(() => {});
  const { success, stderr } = await ended;
  if (success) return;
  const said = new TextDecoder().decode(stderr).trim().split("\n")[0] ?? "";
  const reason = said.replace(/^error: (Uncaught \(in promise\) )?(\w+: )?/, "");
  throw new InputError(`Cannot copy the ${what} to ${to}: ${reason}`);
}
