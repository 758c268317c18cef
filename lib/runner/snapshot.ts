import { dirname, join } from "@std/path";
import { digestOf } from "../base/digest.ts";
import type { TaskCode } from "./modules.ts";
import type { TaskId } from "./names.ts";

/** Where snapshots of code lie, in the folder of the project. */
export const SNAPSHOTS = join("cache", "code");

/**
 * Writes the modules of the tasks, as they were read when the run was planned, to a folder from
 * which tasks run: what is edited meanwhile does not reach them.
 *
 * @param root Folder of the project.
 * @param code The tasks' code.
 * @returns The folder, absolute; it holds its own deno.json.
 */
export function snapshotCode(
  root: string,
  code: ReadonlyMap<TaskId, TaskCode>,
): string {
  const files = new Map<string, Uint8Array>();
  for (const { sources } of code.values()) {
    for (const [path, bytes] of sources) files.set(path, bytes);
  }
  const config = JSON.parse(Deno.readTextFileSync(join(root, "deno.json")));
  // The packages are there: the snapshot must not install them again.
  const nodeModulesDir = config.nodeModulesDir === "auto" ? "manual" : config.nodeModulesDir;
  const { imports, compilerOptions } = config;
  const text = JSON.stringify({ imports, compilerOptions, nodeModulesDir });
  files.set("deno.json", new TextEncoder().encode(text));
  if (nodeModulesDir === "none") files.set("deno.lock", Deno.readFileSync(join(root, "deno.lock")));
  const listed = [...files].map(([path, bytes]) => `${path} ${digestOf(bytes)}`).sort();
  const folder = join(Deno.realPathSync(root), SNAPSHOTS, digestOf(listed.join("\n")).slice(0, 16));
  for (const [path, bytes] of files) {
    const file = join(folder, path);
    if (holds(file, bytes)) continue;
    Deno.mkdirSync(dirname(file), { recursive: true });
    const temporary = `${file}.${crypto.randomUUID()}.tmp`;
    Deno.writeFileSync(temporary, bytes);
    Deno.renameSync(temporary, file);
  }
  markUsed(folder);
  return folder;
}

/** For gc, which removes the snapshots that no run has used for long. */
function markUsed(folder: string): void {
  try {
    const now = new Date();
    Deno.utimeSync(folder, now, now);
  } catch {
    // Then it goes earlier, and is written again.
  }
}

function holds(file: string, bytes: Uint8Array): boolean {
  try {
    return Deno.lstatSync(file).isFile && digestOf(Deno.readFileSync(file)) === digestOf(bytes);
  } catch {
    return false;
  }
}
