/**
 * Copies figures into a folder. A process of its own, since a build may write to `cache/` and
 * `figures/` alone: `deno run --allow-read=figures,FOLDER --allow-write=FOLDER copy_figures.ts FOLDER FILE…`.
 *
 * @module
 */
import { basename, join } from "@std/path";

const [folder, ...files] = Deno.args;
if (folder !== undefined) {
  await Deno.mkdir(folder, { recursive: true });
  for (const file of files) {
    const target = join(folder, basename(file));
    // By a name beside it, so that a reader never sees half a figure.
    const staged = `${target}.part`;
    await Deno.copyFile(file, staged);
    await Deno.rename(staged, target);
  }
}
