import { statOf } from "./ending.ts";
import { join } from "@std/path";

/**
 * The files in a person's own folder, at any depth, as paths from it with `/`, sorted. Names that
 * begin with a dot do not count, and links to folders are not followed.
 *
 * @param folder The folder.
 */
export async function listFolder(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory, isSymlink } of Deno.readDir(folder)) {
    if (name.startsWith(".")) continue;
    const path = join(folder, name);
    if (isDirectory) {
      files.push(...(await listFolder(path)).map((inner) => `${name}/${inner}`));
    } else if (!isSymlink || statOf(path)?.isFile) {
      files.push(name);
    }
  }
  return files.sort();
}
