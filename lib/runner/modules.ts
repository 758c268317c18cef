import { join, relative, resolve, toFileUrl } from "@std/path";
import { InputError } from "../base/errors.ts";
import { type Digest, digestOf } from "../base/digest.ts";
import type { TaskId } from "./names.ts";

/** The code that a task's result can depend on. */
export interface TaskCode {
  /** The project's own modules by path relative to the project: the task and all that it imports. */
  readonly modules: Readonly<Record<string, Digest>>;
  /** Packages by `name@version`, with what the lock file says of their content. */
  readonly packages: Readonly<Record<string, string>>;
  /** The packages that the modules import themselves, as name → version. */
  readonly direct: Readonly<Record<string, string>>;
  /** Absolute folders of the packages: no part of the key, but what the task may read. */
  readonly folders: readonly string[];
}

interface Info {
  readonly modules: readonly InfoModule[];
  readonly redirects: Readonly<Record<string, string>>;
  readonly npmPackages?: Readonly<Record<string, InfoPackage>>;
}

interface InfoPackage {
  readonly name: string;
  readonly version: string;
  readonly dependencies: readonly string[];
  readonly localPath?: string;
}

interface InfoModule {
  readonly specifier: string;
  readonly local?: string;
  readonly npmPackage?: string;
  readonly error?: string;
  readonly dependencies?: readonly { readonly code?: { readonly specifier?: string } }[];
}

/**
 * The transitive import graph of each task: its modules by content, its packages by the lock file.
 * Imports of types alone do not count: they leave no trace in what runs. One `deno info` for all
 * tasks takes some 30 ms, so nothing is remembered between runs and nothing can be out of date.
 *
 * @param root Folder of the project.
 * @param tasks The task modules.
 * @throws {InputError} When a module cannot be found or parsed.
 */
export async function taskCode(
  root: string,
  tasks: Iterable<TaskId>,
): Promise<ReadonlyMap<TaskId, TaskCode>> {
  const ids = [...new Set(tasks)];
  const info = await denoInfo(root, ids);
  const integrity = await lockedPackages(root);
  const bySpecifier = new Map(info.modules.map((module) => [module.specifier, module]));
  const digests = new Map<string, Promise<Digest>>();
  const digest = (path: string): Promise<Digest> => {
    const known = digests.get(path) ?? Deno.readFile(path).then(digestOf);
    digests.set(path, known);
    return known;
  };
  const code = new Map<TaskId, TaskCode>();
  for (const id of ids) {
    const modules: Record<string, Digest> = {};
    const packages = new Map<string, string>();
    const direct: Record<string, string> = {};
    const seen = new Set<string>();
    const open = [toFileUrl(join(root, id)).href];
    for (let specifier = open.pop(); specifier !== undefined; specifier = open.pop()) {
      const actual = info.redirects[specifier] ?? specifier;
      if (seen.has(actual)) continue;
      seen.add(actual);
      const module = bySpecifier.get(actual);
      if (module?.error !== undefined) throw new InputError(`Cannot load ${id}: ${module.error}`);
      if (module?.npmPackage !== undefined) {
        addPackage(module.npmPackage, info, integrity, packages);
        const entry = info.npmPackages?.[module.npmPackage];
        if (entry) direct[entry.name] = entry.version;
      }
      if (module?.local !== undefined) {
        modules[relative(root, module.local).replaceAll("\\", "/")] = await digest(module.local);
      }
      for (const { code } of module?.dependencies ?? []) {
        if (code?.specifier !== undefined) open.push(code.specifier);
      }
    }
    const folders = [
      ...Object.keys(direct).map((name) => join(root, "node_modules", name)),
      ...[...packages.keys()].flatMap((name) => info.npmPackages?.[name]?.localPath ?? []),
    ];
    code.set(id, { modules, packages: Object.fromEntries(packages), direct, folders });
  }
  return code;
}

async function denoInfo(root: string, tasks: readonly TaskId[]): Promise<Info> {
  const imports = tasks.map((id) => `import ${JSON.stringify(toFileUrl(join(root, id)).href)};`);
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    // A module of its own imports all tasks, so that one graph has them.
    args: [
      "info",
      "--quiet",
      "--json",
      `data:text/typescript,${encodeURIComponent(imports.join(""))}`,
    ],
    cwd: root,
  }).output();
  if (!success) {
    throw new InputError(`Cannot read the import graph: ${new TextDecoder().decode(stderr)}`);
  }
  return JSON.parse(new TextDecoder().decode(stdout)) as Info;
}

async function lockedPackages(root: string): Promise<ReadonlyMap<string, string>> {
  try {
    const text = await Deno.readTextFile(resolve(root, "deno.lock"));
    const { npm = {} } = JSON.parse(text) as { npm?: Record<string, { integrity?: string }> };
    return new Map(Object.entries(npm).map(([id, { integrity = "" }]) => [id, integrity]));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return new Map();
    throw cause;
  }
}

function addPackage(
  id: string,
  info: Info,
  integrity: ReadonlyMap<string, string>,
  packages: Map<string, string>,
): void {
  if (packages.has(id)) return;
  packages.set(id, integrity.get(id) ?? "not in the lock file");
  for (const next of info.npmPackages?.[id]?.dependencies ?? []) {
    addPackage(next, info, integrity, packages);
  }
}
