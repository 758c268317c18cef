import { join, relative, toFileUrl } from "@std/path";
import { InputError } from "../base/errors.ts";
import type { Digest } from "../base/digest.ts";
import { CodeDigests } from "./code_digests.ts";
import type { TaskId } from "./names.ts";
import { PackageDigests } from "./package_digests.ts";

/** The code that a task's result can depend on. */
export interface TaskCode {
  /** The project's own modules by path relative to it: the task and all that it imports, by their code. */
  readonly modules: Readonly<Record<string, Digest>>;
  /** Packages by `name@version`, with a digest of the files that they bring. */
  readonly packages: Readonly<Record<string, string>>;
  /** The packages that the modules import themselves, as name → version. */
  readonly direct: Readonly<Record<string, string>>;
  /** Absolute folders of the packages: no part of the key, but what the task may read. */
  readonly folders: readonly string[];
  /** The bytes of the modules, by path: a task runs these, whatever is edited meanwhile. */
  readonly sources: ReadonlyMap<string, Uint8Array>;
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
 * The transitive import graph of each task: its modules and its packages by content.
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
  const asked = denoInfo(root, ids);
  const digests = new PackageDigests(root);
  digests.lookAhead();
  const info = await asked;
  const packageDigests = await digestPackages(info, digests);
  const bySpecifier = new Map(info.modules.map((module) => [module.specifier, module]));
  const codeDigests = new CodeDigests(root);
  const read = new Map<string, { readonly bytes: Uint8Array; readonly digest: Digest }>();
  const source = (path: string): { readonly bytes: Uint8Array; readonly digest: Digest } => {
    const known = read.get(path);
    if (known !== undefined) return known;
    const bytes = Deno.readFileSync(path);
    const fresh = { bytes, digest: codeDigests.of(path, bytes) };
    read.set(path, fresh);
    return fresh;
  };
  const code = new Map<TaskId, TaskCode>();
  for (const id of ids) {
    const modules: Record<string, Digest> = {};
    const sources = new Map<string, Uint8Array>();
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
        addPackage(module.npmPackage, info, packageDigests, packages);
        const entry = info.npmPackages?.[module.npmPackage];
        if (entry) direct[entry.name] = entry.version;
      }
      if (module?.local !== undefined) {
        const path = relative(root, module.local).replaceAll("\\", "/");
        const { bytes, digest } = source(module.local);
        modules[path] = digest;
        sources.set(path, bytes);
      }
      for (const { code } of module?.dependencies ?? []) {
        if (code?.specifier !== undefined) open.push(code.specifier);
      }
    }
    const folders = [
      ...Object.keys(direct).map((name) => join(root, "node_modules", name)),
      ...[...packages.keys()].flatMap((name) => info.npmPackages?.[name]?.localPath ?? []),
    ];
    code.set(id, { modules, packages: Object.fromEntries(packages), direct, folders, sources });
  }
  await codeDigests.save();
  return code;
}

/**
 * The graph of the tasks. Where packages lie in `node_modules`, Deno looks through that folder once for
 * each round of imports, which takes three times as long as all else: it is asked without the folder
 * first, and the packages are looked up in it here.
 */
async function denoInfo(root: string, tasks: readonly TaskId[]): Promise<Info> {
  const imports = tasks.map((id) => `import ${JSON.stringify(toFileUrl(join(root, id)).href)};`);
  // A module of its own imports all tasks, so that one graph has them.
  const module = `data:text/typescript,${encodeURIComponent(imports.join(""))}`;
  const ask = async (...options: string[]): Promise<Info> => {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--quiet", "--json", ...options, module],
      cwd: root,
    }).output();
    if (success) return JSON.parse(new TextDecoder().decode(stdout)) as Info;
    throw new InputError(`Cannot read the import graph: ${new TextDecoder().decode(stderr)}`);
  };
  return placed(root, await ask("--node-modules-dir=none")) ?? await ask();
}

/** The graph with its packages where they are installed; nothing where one is not found. */
function placed(root: string, info: Info): Info | undefined {
  const packages = Object.entries(info.npmPackages ?? {});
  const isMissing = info.modules.some(({ error, npmPackage, specifier }) =>
    error !== undefined || specifier.startsWith("npm:") && npmPackage === undefined
  );
  if (isMissing) return undefined;
  const inProject = join(root, "node_modules", ".deno");
  if (!isFolder(inProject)) return info;
  // Where node_modules is a link, packages name their own files by where it leads.
  const installed = Deno.realPathSync(inProject);
  const npmPackages: Record<string, InfoPackage> = {};
  const folders = new Set<string>();
  for (const [id, entry] of packages) {
    const folder = `${entry.name.replaceAll("/", "+")}@${entry.version}`;
    const localPath = join(installed, folder, "node_modules", entry.name);
    // Copies of one version with other peers lie in folders that Deno numbers.
    if (folders.has(folder) || !isFolder(localPath)) return undefined;
    folders.add(folder);
    npmPackages[id] = { ...entry, localPath };
  }
  return { ...info, npmPackages };
}

function isFolder(path: string): boolean {
  try {
    return Deno.lstatSync(path).isDirectory;
  } catch {
    return false;
  }
}

/** The digests of the packages that the tasks reach: `deno info` lists all of the lock file. */
async function digestPackages(
  info: Info,
  digests: PackageDigests,
): Promise<ReadonlyMap<string, string>> {
  const result = new Map<string, string>();
  const open = info.modules.flatMap(({ npmPackage }) => npmPackage ?? []);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (result.has(id)) continue;
    const entry = info.npmPackages?.[id];
    result.set(
      id,
      entry?.localPath === undefined ? "not installed" : await digests.of(entry.localPath),
    );
    open.push(...entry?.dependencies ?? []);
  }
  await digests.save();
  return result;
}

function addPackage(
  id: string,
  info: Info,
  digests: ReadonlyMap<string, string>,
  packages: Map<string, string>,
): void {
  if (packages.has(id)) return;
  packages.set(id, digests.get(id) ?? "not installed");
  for (const next of info.npmPackages?.[id]?.dependencies ?? []) {
    addPackage(next, info, digests, packages);
  }
}
