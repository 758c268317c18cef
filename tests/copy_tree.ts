import { dirname, join } from "@std/path";

/**
 * Copies a file, or a folder with all that is in it.
 *
 * @param from What to copy.
 * @param to Where the copy goes; its parent is made.
 */
export async function copyTree(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) {
    await Deno.mkdir(dirname(to), { recursive: true });
    return await Deno.copyFile(from, to);
  }
  for await (const { name } of Deno.readDir(from)) await copyTree(join(from, name), join(to, name));
}
