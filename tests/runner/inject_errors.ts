/**
 * Preloaded before the command line (`deno run --preload`): notes the calls of the file system below
 * the current folder, and throws an error of the system at one of them.
 *
 * A call is named by its site: what is called, from which lines of the program, for which kind of path.
 * INJECT_SITE: the site that fails; INJECT_AT: at which of its calls, from 1. INJECT_CODE: the code of
 * the error, such as ENOSPC. INJECT_SITES: where the sites and their numbers of calls are written at
 * the end, as JSON.
 *
 * @module
 */
import { resolve } from "node:path";
import process from "node:process";

const PATH_CALLS = [
  "chmod",
  "copyFile",
  "link",
  "lstat",
  "makeTempDir",
  "mkdir",
  "open",
  "readDir",
  "readFile",
  "readLink",
  "readTextFile",
  "realPath",
  "remove",
  "rename",
  "stat",
  "symlink",
  "truncate",
  "utime",
  "writeFile",
  "writeTextFile",
];
const FILE_CALLS = [
  "read",
  "write",
  "sync",
  "syncData",
  "stat",
  "lock",
  "seek",
  "truncate",
  "utime",
];

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: "No space left on device (os error 28)",
  EIO: "Input/output error (os error 5)",
  EACCES: "Permission denied (os error 13)",
  EROFS: "Read-only file system (os error 30)",
  EMFILE: "Too many open files (os error 24)",
};

const root = process.cwd();
const failing = process.env["INJECT_SITE"];
const at = Number(process.env["INJECT_AT"] ?? 1);
const code = process.env["INJECT_CODE"] ?? "EIO";
const sitesFile = process.env["INJECT_SITES"];
const write = Deno.writeTextFileSync;
const sites = new Map<string, number>();
/** Enough to tell the callers apart. */
const FRAMES = 4;
Error.stackTraceLimit = 50;

function fail(call: string, path: string): Error {
  const message = `${WORDS[code]}: ${call.toLowerCase()} '${path}'`;
  const error = code === "EACCES" ? new Deno.errors.PermissionDenied(message) : new Error(message);
  return Object.assign(error, { code });
}

/** Whether this call is the one that fails. */
function counted(call: string, path: string): boolean {
  const lines = (new Error().stack ?? "").matchAll(/\/lib\/([^?\s()]+:\d+:\d+)/g);
  const callers = [...lines].slice(0, FRAMES).map(([, line]) => line).join(" < ");
  const kind = path.slice(root.length).replaceAll(/[0-9a-f]{8}[0-9a-f-]*|-\w+(?=\/|$)/g, "*");
  const site = `${call} ${kind} ${callers}`;
  const calls = 1 + (sites.get(site) ?? 0);
  sites.set(site, calls);
  return site === failing && calls === at;
}

type Call = (...args: unknown[]) => unknown;

function wrap(
  holder: Record<string, unknown>,
  name: string,
  pathOf: (args: unknown[], self: unknown) => string | undefined,
): void {
  const call = holder[name];
  if (typeof call !== "function") return;
  const isSync = name.endsWith("Sync");
  const isDir = name.startsWith("readDir");
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    const path = pathOf(args, this);
    if (path === undefined || !counted(name, path)) {
      return opened(path, (call as Call).apply(this, args));
    }
    const error = fail(name.replace(/Sync$/, ""), path);
    if (isSync) throw error;
    if (!isDir) return Promise.reject(error);
    return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) };
  };
  Object.defineProperty(holder, name, { value: wrapped, configurable: true, writable: true });
}

/** The paths of open files. */
const paths = new WeakMap<object, string>();

/** Notes the path of a file that was opened. */
function opened(path: string | undefined, result: unknown): unknown {
  if (path === undefined) return result;
  if (result instanceof Deno.FsFile) paths.set(result, path);
  if (!(result instanceof Promise)) return result;
  return result.then((value) => opened(path, value));
}

function pathBelowRoot([path]: unknown[]): string | undefined {
  const text = path instanceof URL ? path.pathname : String(path);
  const whole = resolve(text);
  return whole === root || whole.startsWith(`${root}/`) ? whole : undefined;
}

const deno = Deno as unknown as Record<string, unknown>;
for (const name of PATH_CALLS) {
  wrap(deno, name, name === "makeTempDir" ? (): string => root : pathBelowRoot);
  wrap(deno, `${name}Sync`, name === "makeTempDir" ? (): string => root : pathBelowRoot);
}
const file = Deno.FsFile.prototype as unknown as Record<string, unknown>;
for (const name of FILE_CALLS) {
  const pathOf = (_: unknown[], self: unknown): string | undefined => paths.get(self as object);
  wrap(file, name, pathOf);
  wrap(file, `${name}Sync`, pathOf);
}
if (sitesFile !== undefined) {
  globalThis.addEventListener(
    "unload",
    () => write(sitesFile, JSON.stringify(Object.fromEntries(sites))),
  );
}
