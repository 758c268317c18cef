/**
 * Copies figures into a folder, each only if it has the bytes that its digest says. A process of its own,
 * since a build may write to `cache/` and `figures/` alone: `copy_figures.ts FOLDER (FILE DIGEST NAME)…`.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { copyVerified } from "../copy_verified.ts";

const [folder, ...files] = Deno.args;
if (folder !== undefined) {
  for (let i = 0; i + 2 < files.length; i += 3) {
    const [file = "", digest, name = ""] = files.slice(i, i + 3);
    const target = join(folder, name);
    await Deno.mkdir(dirname(target), { recursive: true });
    // By a name beside it, so that a reader never sees half a figure.
    const staged = `${target}.part`;
    await Deno.remove(staged).catch(() => {});
    if (await copyVerified(file, staged) !== digest) throw new Error(`${file} is damaged`);
    await Deno.rename(staged, target);
  }
}
