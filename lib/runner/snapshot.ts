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
  for (const [path, text] of configOf(root, code)) files.set(path, new TextEncoder().encode(text));
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

/**
 * The snapshot's deno.json, and its deno.lock where packages lie in Deno's own cache: with the packages
 * that the tasks reach and no others, since each process of a task reads them.
 */
function configOf(
  root: string,
  code: ReadonlyMap<TaskId, TaskCode>,
): ReadonlyMap<string, string> {
  const config: Config = JSON.parse(Deno.readTextFileSync(join(root, "deno.json")));
  const names = new Set(
    [...code.values()].flatMap(({ packages }) => Object.keys(packages).map(nameOf)),
  );
  const reached = (specifier: string): boolean =>
    names.has(nameOf(specifier.replace(/^npm:\/?/, "")));
  const { compilerOptions } = config;
  const imports = pick(config.imports ?? {}, (_, to) => !to.startsWith("npm:") || reached(to));
  if (config.nodeModulesDir !== "none") {
    // The packages are there: the snapshot must not install them again.
    const nodeModulesDir = config.nodeModulesDir === "auto" ? "manual" : config.nodeModulesDir;
    const text = { imports, compilerOptions, nodeModulesDir, lock: false };
    return new Map([["deno.json", JSON.stringify(text)]]);
  }
  const { version, npm, ...lock }: Lock = JSON.parse(
    Deno.readTextFileSync(join(root, "deno.lock")),
  );
  const specifiers = pick(lock.specifiers ?? {}, reached);
  return new Map([
    ["deno.json", JSON.stringify({ imports, compilerOptions, nodeModulesDir: "none" })],
    ["deno.lock", JSON.stringify({ version, specifiers, npm })],
  ]);
}

interface Config {
  readonly imports?: Readonly<Record<string, string>>;
  readonly compilerOptions?: unknown;
  readonly nodeModulesDir?: string;
}

interface Lock {
  readonly version: string;
  readonly specifiers?: Readonly<Record<string, string>>;
  readonly npm?: unknown;
}

/** The name of a package in `name@version` or `@scope/name@version/path`. */
function nameOf(id: string): string {
  return /^(?:@[^/]+\/)?[^@/]+/.exec(id)?.[0] ?? id;
}

function pick<T>(
  from: Readonly<Record<string, T>>,
  keep: (name: string, value: T) => boolean,
): Record<string, T> {
  return Object.fromEntries(Object.entries(from).filter(([name, value]) => keep(name, value)));
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
