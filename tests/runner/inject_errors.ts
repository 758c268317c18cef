/**
 * Preloaded before the command line (`deno run --preload`): counts the calls of the file system below
 * the current folder, and throws an error of the system at one of them.
 *
 * INJECT_AT: the call that fails, from 1; 0: none. INJECT_CODE: its code, such as ENOSPC. INJECT_COUNT:
 * where the number of calls is written at the end.
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
const at = Number(process.env["INJECT_AT"] ?? 0);
const code = process.env["INJECT_CODE"] ?? "EIO";
const countFile = process.env["INJECT_COUNT"];
const write = Deno.writeTextFileSync;
let calls = 0;

function fail(call: string, path: string): Error {
  const message = `${WORDS[code]}: ${call.toLowerCase()} '${path}'`;
  const error = code === "EACCES" ? new Deno.errors.PermissionDenied(message) : new Error(message);
  return Object.assign(error, { code });
}

/** Whether this call is the one that fails. */
function counted(): boolean {
  calls++;
  return calls === at;
}

type Call = (...args: unknown[]) => unknown;

function wrap(
  holder: Record<string, unknown>,
  name: string,
  pathOf: (args: unknown[]) => string | undefined,
): void {
  const call = holder[name];
  if (typeof call !== "function") return;
  const isSync = name.endsWith("Sync");
  const isDir = name.startsWith("readDir");
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    const path = pathOf(args);
    if (path === undefined || !counted()) return (call as Call).apply(this, args);
    const error = fail(name.replace(/Sync$/, ""), path);
    if (isSync) throw error;
    if (!isDir) return Promise.reject(error);
    return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) };
  };
  Object.defineProperty(holder, name, { value: wrapped, configurable: true, writable: true });
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
  wrap(file, name, () => "the file");
  wrap(file, `${name}Sync`, () => "the file");
}
if (countFile !== undefined) {
  globalThis.addEventListener("unload", () => write(countFile, String(calls)));
}
