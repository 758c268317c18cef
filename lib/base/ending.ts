import { InputError, UnavailableError } from "./errors.ts";

/** What a person can do about a refusal of the system, by its code. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: "Free some space and run again; finished targets are kept",
  EDQUOT: "Free some space and run again; finished targets are kept",
  EROFS: "Make it writable, or work in a copy of the project",
  EACCES: "Change its permissions, or work in a copy of the project",
  EPERM: "Change its permissions, or work in a copy of the project",
  EMFILE: "Close other programs or raise the limit (ulimit -n), and run again",
  ENFILE: "Close other programs and run again",
  EIO: "Check the disk and run again; finished targets are kept",
  EISDIR: "Move the folder away and run again",
  ENOTEMPTY: "Move the folder away and run again",
  ENOTDIR: "Move away the file that stands where a folder belongs, and run again",
  EEXIST: "Move away the file that stands where a folder belongs, and run again",
  ELOOP: "Remove the symbolic link and run again",
};

/**
 * The system's code of an error (`ENOSPC`, …; `E37` for one that has only its number), or undefined where
 * the error is not the system's.
 */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error ? error.code : undefined;
  if (typeof code === "string" && /^E[A-Z0-9]+$/.test(code)) return code;
  // Others may quote one.
  if (!/^(Type)?Error$/.test(error.name)) return undefined;
  const number = /\(os error (\d+)\)/.exec(error.message)?.[1];
  return number && `E${number}`;
}

/** Whether an error says that nothing is at a path: any other leaves open what is there. */
export function isAbsence(error: unknown): boolean {
  const { NotFound, NotADirectory, FilesystemLoop } = Deno.errors;
  return [NotFound, NotADirectory, FilesystemLoop].some((kind) => error instanceof kind);
}

/** What a path leads to, or undefined where nothing is there. */
export function statOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (cause) {
    if (isAbsence(cause)) return undefined;
    throw cause;
  }
}

/**
 * A refusal of the system in words: `Cannot open cache/x: permission denied. Change …`.
 *
 * @param error One that has a {@linkcode systemCode}.
 * @param root Folder that paths are given from; others stay whole.
 */
export function describeSystemError(error: Error, root = ""): string {
  const [, what = error.message, call = ""] = /^(.*?) \(os error \d+\)(?:: (.*))?$/s.exec(
    // Of a failed import, the cause and the place stand on lines of their own.
    error.message.replace(/\n\s+at [^]*$/, "").replaceAll(/\s*\n\s*(\d+: )?/g, " "),
  ) ?? [];
  const reason = what.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
  const remedy = REMEDIES[systemCode(error) ?? ""] ?? "Correct it and run again";
  const verb = VERBS.find(([name]) => call.startsWith(name));
  const done = verb === undefined ? call : call.replace(...verb);
  const subject = done === "" ? reason : `Cannot ${done}: ${reason}`;
  const text = `${subject}. ${remedy}.`.replaceAll("'", "").replace(STAGED, "");
  const said = root === "" ? text : text.replaceAll(`${root}/`, "");
  return said.charAt(0).toUpperCase() + said.slice(1);
}

/** What a file's name ends in until it is whole: a person knows it by the name without. */
const STAGED = /\.(part|[0-9a-f-]{36}\.tmp)(?=[: ])/g;

/** How Deno names its calls, and how a person does. */
const VERBS: readonly (readonly [name: string, verb: string])[] = [
  ["writefile", "write"],
  ["readfile", "read"],
  ["readdir", "read the folder"],
  ["mkdir", "make the folder"],
  ["tmpdir", "make a temporary folder"],
  ["lstat", "look at"],
  ["stat", "look at"],
  ["realpath", "resolve"],
  ["utime", "set the time of"],
];

/** What a command shows of the error that ended it, and its exit code. */
export interface Ending {
  readonly message: string;
  readonly code: number;
}

/**
 * How a command ends for an error, whatever was thrown: in words, without a stack trace.
 *
 * @param error What was thrown.
 * @param root Folder of the project.
 * @param debug Whether an error of the program shows where it arose.
 */
export function endingOf(error: unknown, root: string, debug = false): Ending {
  if (error instanceof InputError) return { message: error.message, code: 2 };
  if (error instanceof UnavailableError) return { message: error.message, code: 1 };
  if (error instanceof Error && systemCode(error) !== undefined) {
    return { message: describeSystemError(error, root), code: 2 };
  }
  if (error instanceof Deno.errors.NotCapable) {
    const remedy = "Run the command as deno.json has it: deno task COMMAND";
    return { message: `${error.message.split(",")[0]}. ${remedy}.`, code: 2 };
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack = debug && error instanceof Error ? `\n${error.stack}` : "";
  const request =
    "This is an error of the program; please report it (DEBUG=1 shows where it arose)";
  return { message: `${text.split("\n")[0]}\n${request}.${stack}`, code: 1 };
}
