import { fromFileUrl, isAbsolute, join } from "@std/path";
import type { Digest } from "../../base/digest.ts";
import { InputError } from "../../base/errors.ts";
import type { Plan } from "../config/planned.ts";

/** A file to be written: a text, or bytes that are at a path and have a digest. */
export type DeliveredFile =
  & { readonly name: string }
  & ({ readonly text: string } | { readonly file: string; readonly digest: Digest });

/** Files and where they go: a folder, or a file that ends in `.zip`; absolute. */
export interface Delivery {
  readonly to: string;
  readonly files: readonly DeliveredFile[];
}

/** A path of the command line as an absolute one: it is relative to where the person stands. */
export function fromHere(path: string): string {
  return isAbsolute(path) ? path : join(Deno.env.get("INIT_CWD") ?? Deno.cwd(), path);
}

/**
 * Writes files to wherever a person wants them.
 *
 * @param plan The workflow.
 * @param to A folder or a zip file, as written on the command line.
 * @param files The files; their names may have folders.
 * @throws {InputError} When they cannot be written there.
 */
export async function deliver(
  { root }: Pick<Plan, "root">,
  to: string,
  files: readonly DeliveredFile[],
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
  const order: Delivery = { to: fromHere(to), files };
  const ended = child.output();
  const input = new Blob([JSON.stringify(order)]).stream();
  await input.pipeTo(child.stdin).catch(() => {});
  const { success, stderr } = await ended;
  if (success) return;
  const said = new TextDecoder().decode(stderr).trim().split("\n")[0] ?? "";
  const reason = said.replace(/^error: (Uncaught \(in promise\) )?(\w+: )?/, "");
  throw new InputError(`Cannot write to ${to}: ${reason}`);
}
