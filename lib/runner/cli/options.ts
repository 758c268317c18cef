import { parseArgs } from "@std/cli/parse-args";
import { InputError } from "../../base/errors.ts";
import { nearest } from "../../base/nearest.ts";
import type { Override } from "../config/params.ts";

/** The command line, read. */
export interface Options {
  readonly targets: readonly string[];
  readonly overrides: readonly Override[];
  readonly jobs: number;
  readonly keepGoing: boolean;
  /** Where tasks run. */
  readonly executor: ExecutorName;
  /** Whether to wait for the jobs that are submitted. */
  readonly wait: boolean;
  readonly dryRun: boolean;
  /** Patterns of targets to run again whether or not there is a record. */
  readonly rebuild: readonly string[];
  readonly locked: boolean;
  /** Folder into which the results go instead of their own; undefined: their own. */
  readonly out: string | undefined;
  /** Folder into which the results are copied; undefined: none. */
  readonly copyTo: string | undefined;
  /**
   * Endings of the results that are copied, names of the project's extras, or `all`; undefined: the
   * project's ending.
   */
  readonly copy: readonly string[] | undefined;
  readonly quiet: boolean;
  readonly json: boolean;
  readonly check: boolean;
  /** Whether `explain` lists packages too. */
  readonly all: boolean;
  readonly help: boolean;
  /** One of the command's formats; "" where it has none. */
  readonly format: string;
  /** The values that were given for the command's own options, by name; none for a flag. */
  readonly own: Readonly<Partial<Record<string, readonly string[]>>>;
  /** As written, to be given on. */
  readonly args: readonly string[];
}

/** Shells that have a completion script. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** An option of a project, short for one of the runner's. */
export interface Shorthand {
  /** Without the dashes. */
  readonly name: string;
  /** What follows it, for help; undefined: nothing. */
  readonly value?: string;
  /** The values that completion offers. */
  readonly choices?: readonly string[];
  readonly help: string;
  /** The option that it stands for: a command has the shorthand if it has that. */
  readonly option: "set" | "rebuild";
  /** The value of that option; `value` is appended. */
  readonly stands: string;
}

/** An option of one command; it may be repeated. */
export interface OwnOption {
  /** Without the dashes. */
  readonly name: string;
  /** The letter that is short for it. */
  readonly letter?: string;
  /** What follows it, for help; undefined: it is a flag. */
  readonly value?: string;
  readonly help: string;
  /** Whether completion offers names of params. */
  readonly ofParams?: boolean;
}

/** Where tasks can run. */
export const EXECUTORS = ["local", "slurm"] as const;

/** One of {@linkcode EXECUTORS}. */
export type ExecutorName = typeof EXECUTORS[number];

/** The options by name: what follows them, if anything, and what they do. */
export const OPTIONS = {
  "set": {
    value: "NAME=VALUE",
    help: "use another value for a param of workflow.yaml (repeatable)",
  },
  "rebuild": {
    value: "TARGET",
    help: "run TARGET and what it needs again (repeatable; * matches)",
  },
  "jobs": { value: "N", help: "run up to N tasks at once (default 2)" },
  "executor": {
    value: "NAME",
    help: `where tasks run: ${EXECUTORS.join(" or ")} (default ${EXECUTORS[0]})`,
  },
  "no-wait": { value: undefined, help: "with slurm, submit the jobs and do not wait for them" },
  "keep-going": {
    value: undefined,
    help: "after a failure, continue with targets that do not need the failed one",
  },
  "dry-run": { value: undefined, help: "show what would be done without doing it" },
  "locked": { value: undefined, help: "exit with 3 if the outputs differ from workflow.lock.json" },
  "out": {
    value: "FOLDER",
    help: "put the results into FOLDER, or FILE.zip, and leave those of other runs alone",
  },
  "copy-to": { value: "FOLDER", help: "also copy the results to FOLDER" },
  "copy": { value: "KINDS", help: "what --copy-to copies: endings such as csv,txt, or all" },
  "check": { value: undefined, help: "exit with 1 if anything is out of date" },
  "all": { value: undefined, help: "leave nothing out of the list" },
  "format": { value: "FORMAT", help: "write it as FORMAT" },
  "quiet": { value: undefined, help: "print only failures and the summary" },
  "json": { value: undefined, help: "print JSON" },
  "help": { value: undefined, help: "show this help" },
} as const;

/** Name of an option, without the dashes. */
export type OptionName = keyof typeof OPTIONS;

/** Two tasks at a time: what the smallest machine does well. */
const DEFAULT_JOBS = 2;

/**
 * Reads the arguments of a command.
 *
 * @param args Without the command's name.
 * @param known The options that the command has; `help` always is one.
 * @param shorthands Those of the project.
 * @param formats What `--format` may be, the default first.
 * @param own The command's own.
 * @throws {InputError} For an option that the command does not have, or a value of the wrong form.
 */
export function readOptions(
  args: readonly string[],
  known: readonly OptionName[],
  shorthands: readonly Shorthand[],
  formats: readonly string[] = [],
  own: readonly OwnOption[] = [],
): Options {
  const names = [...known, "help"] as const;
  const short = shorthandsOf(known, shorthands);
  const valued = [
    ...names.filter((name) => OPTIONS[name].value !== undefined),
    ...[...short, ...own].filter(({ value }) => value !== undefined).map(({ name }) => name),
  ];
  const all = [...names, ...[...short, ...own].map(({ name }) => name)];
  const parsed = parseArgs(args.map((argument) => longName(argument, own)), {
    boolean: all.filter((name) => !valued.includes(name)),
    string: valued,
    collect: ["set", "rebuild", ...own.map(({ name }) => name)],
    unknown: (argument, key = argument) => {
      const near = nearest(key, all).replace("mean ", "mean --");
      throw new InputError(`Cannot understand the option ${argument}${near}`);
    },
  });
  const text = (name: OptionName): string | undefined => {
    const value = parsed[name];
    return value === undefined ? undefined : requireValue(value, name, OPTIONS[name].value);
  };
  /** What is given for an option; shorthands come first, so that a plain `--set` wins. */
  const given = (option: Shorthand["option"]): readonly string[] => [
    ...short.filter((s) => s.option === option && parsed[s.name] !== undefined).map((s) =>
      `${s.stands}${s.value === undefined ? "" : requireValue(parsed[s.name], s.name, s.value)}`
    ),
    ...(parsed[option] ?? []) as readonly string[],
  ];
  const format = text("format") ?? formats[0] ?? "";
  if (format !== "" && !formats.includes(format)) {
    throw new InputError(`Cannot write it as ${format}${nearest(format, formats)}`);
  }
  const executor = oneOf(EXECUTORS, text("executor"), "run tasks by");
  const wait = parsed["no-wait"] !== true;
  if (!wait && executor === "local") throw new InputError("--no-wait needs --executor slurm");
  if (executor !== "local" && parsed["jobs"] !== undefined) {
    throw new InputError("--jobs counts tasks of this machine; how many jobs run, Slurm decides");
  }
  return {
    targets: parsed._,
    overrides: given("set").map(readOverride),
    rebuild: given("rebuild"),
    jobs: wholeNumber("jobs", text("jobs") ?? DEFAULT_JOBS, 1),
    keepGoing: parsed["keep-going"] === true,
    executor,
    wait,
    dryRun: parsed["dry-run"] === true,
    locked: parsed["locked"] === true,
    out: text("out"),
    copyTo: text("copy-to"),
    copy: text("copy")?.split(",").map((ending) => ending.trim().replace(/^\./, "")),
    quiet: parsed["quiet"] === true,
    json: parsed["json"] === true,
    check: parsed["check"] === true,
    all: parsed["all"] === true,
    help: parsed["help"] === true,
    format,
    own: Object.fromEntries(own.flatMap(({ name, value: what }) => {
      const values = parsed[name];
      if (values === undefined) return [];
      return [[name, Array.isArray(values) ? values.map((v) => requireValue(v, name, what)) : []]];
    })),
    args,
  };
}

/** An argument that begins with one letter as the option that it is short for. */
function longName(argument: string, own: readonly OwnOption[]): string {
  const options: readonly Pick<OwnOption, "name" | "letter">[] = [...own, HELP];
  const long = options.find(({ letter }) => letter && argument.startsWith(`-${letter}`));
  if (long === undefined) return argument;
  const value = argument.slice(2).replace(/^=(?=.)/, "");
  return value === "" ? `--${long.name}` : `--${long.name}=${value}`;
}

const HELP = { name: "help", letter: "h" } as const;

/**
 * Reads the value of an option that counts something.
 *
 * @param least The smallest number that it may be.
 * @throws {InputError} When it is not such a number.
 */
export function wholeNumber(name: string, given: string | number, least: number): number {
  const value = Number(given);
  if (Number.isInteger(value) && value >= least) return value;
  throw new InputError(`Cannot read --${name} ${given}: give a whole number from ${least}`);
}

/** The shorthands of a command: those that stand for an option that it has. */
export function shorthandsOf(
  known: readonly OptionName[],
  shorthands: readonly Shorthand[],
): readonly Shorthand[] {
  return shorthands.filter(({ option }) => known.includes(option));
}

function requireValue(value: unknown, name: string, what = ""): string {
  if (typeof value === "string" && value !== "") return value;
  throw new InputError(`Cannot read --${name}: it needs ${what}`);
}

function oneOf<Name extends string>(
  names: readonly [Name, ...Name[]],
  given: string = names[0],
  verb: string,
): Name {
  const found = names.find((name) => name === given);
  if (found !== undefined) return found;
  throw new InputError(`Cannot ${verb} ${given}${nearest(given, names)}`);
}

function readOverride(text: string): Override {
  const equals = text.indexOf("=");
  if (equals < 1) {
    throw new InputError(`Cannot understand --set ${text}: write --set NAME=VALUE`);
  }
  return { name: text.slice(0, equals), text: text.slice(equals + 1) };
}
