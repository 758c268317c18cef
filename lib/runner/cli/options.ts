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
  readonly dryRun: boolean;
  readonly rebuildPool: boolean;
  readonly locked: boolean;
  /** Folder into which the PDFs are copied; undefined: none. */
  readonly copyTo: string | undefined;
  readonly quiet: boolean;
  readonly json: boolean;
  readonly check: boolean;
  readonly help: boolean;
  readonly format: GraphFormat;
  /** Days for which gc keeps what was used. */
  readonly keep: number;
  /** Bytes to which gc cuts the cache down; undefined: no limit. */
  readonly max: number | undefined;
  /** As written, to be given on. */
  readonly args: readonly string[];
}

/** Forms of a graph. */
export const GRAPH_FORMATS = ["mermaid", "dot", "json", "svg"] as const;

/** One of {@linkcode GRAPH_FORMATS}. */
export type GraphFormat = typeof GRAPH_FORMATS[number];

/** The options by name: what follows them, if anything, and what they do. */
export const OPTIONS = {
  "set": { value: "NAME=VALUE", help: "another value for a param, such as pool.tau=0.2" },
  "device": { value: "DEVICE", help: "auto, cpu or cuda: short for --set fiml.device=DEVICE" },
  "rebuild-pool": { value: undefined, help: "make the pools and what they need again" },
  "strict": {
    value: undefined,
    help: "end where data cannot be read: short for --set responses.strict=true",
  },
  "jobs": { value: "N", help: "so many tasks at a time (2)" },
  "keep-going": { value: undefined, help: "go on with what does not need a failed target" },
  "dry-run": { value: undefined, help: "say what would be done, and do nothing" },
  "locked": { value: undefined, help: "fail with 3 where bytes differ from workflow.lock.json" },
  "fast": {
    value: undefined,
    help: "take few items before the fit: --set items.subsample=${items.fast}",
  },
  "copy-to": { value: "FOLDER", help: "copy the PDFs there when they are built" },
  "check": { value: undefined, help: "exit with 1 when anything is not up to date" },
  "format": { value: "FORMAT", help: `${GRAPH_FORMATS.join(", ")} (${GRAPH_FORMATS[0]})` },
  "keep": { value: "DAYS", help: "keep what was used in so many days (30)" },
  "max": { value: "SIZE", help: "remove the longest unused until the rest is below, such as 2GiB" },
  "quiet": { value: undefined, help: "say only what failed, and the summary" },
  "json": { value: undefined, help: "say it as JSON" },
  "help": { value: undefined, help: "say this" },
} as const;

/** Name of an option, without the dashes. */
export type OptionName = keyof typeof OPTIONS;

/** Two tasks at a time: what the smallest machine does well. */
const DEFAULT_JOBS = 2;

const DEFAULT_KEEP_DAYS = 30;
/**
 * Reads the arguments of a command.
 *
 * @param args Without the command's name.
 * @param known The options that the command has; `help` always is one.
 * @throws {InputError} For an option that the command does not have, or a value of the wrong form.
 */
export function readOptions(args: readonly string[], known: readonly OptionName[]): Options {
  const names = [...known, "help"] as const;
  const parsed = parseArgs(args.map((argument) => argument === "-h" ? "--help" : argument), {
    boolean: names.filter((name) => OPTIONS[name].value === undefined),
    string: names.filter((name) => OPTIONS[name].value !== undefined),
    collect: ["set"],
    unknown: (argument, key = argument) => {
      const near = nearest(key, names).replace("mean ", "mean --");
      throw new InputError(`Cannot understand the option ${argument}${near}`);
    },
  });
  const text = (name: OptionName): string | undefined => {
    const value = parsed[name];
    if (value === "") {
      throw new InputError(`Cannot read --${name}: it needs ${OPTIONS[name].value}`);
    }
    return typeof value === "string" ? value : undefined;
  };
  const whole = (name: OptionName, least: number, otherwise: number): number => {
    const value = Number(text(name) ?? otherwise);
    if (Number.isInteger(value) && value >= least) return value;
    throw new InputError(`Cannot read --${name} ${text(name)}: give a whole number from ${least}`);
  };
  const sets = (parsed["set"] ?? []) as readonly string[];
  const device = text("device");
  const format = text("format") ?? GRAPH_FORMATS[0];
  if (!isGraphFormat(format)) {
    throw new InputError(`Cannot draw as ${format}${nearest(format, GRAPH_FORMATS)}`);
  }
  return {
    targets: parsed._,
    overrides: [
      ...(parsed["fast"] === true ? ["items.subsample=${items.fast}"] : []),
      ...sets,
      ...(device === undefined ? [] : [`fiml.device=${device}`]),
      ...(parsed["strict"] === true ? ["responses.strict=true"] : []),
    ].map(readOverride),
    jobs: whole("jobs", 1, DEFAULT_JOBS),
    keepGoing: parsed["keep-going"] === true,
    dryRun: parsed["dry-run"] === true,
    rebuildPool: parsed["rebuild-pool"] === true,
    locked: parsed["locked"] === true,
    copyTo: text("copy-to"),
    quiet: parsed["quiet"] === true,
    json: parsed["json"] === true,
    check: parsed["check"] === true,
    help: parsed["help"] === true,
    format,
    keep: whole("keep", 0, DEFAULT_KEEP_DAYS),
    max: readSize(text("max")),
    args,
  };
}

function isGraphFormat(text: string): text is GraphFormat {
  return (GRAPH_FORMATS as readonly string[]).includes(text);
}

function readOverride(text: string): Override {
  const equals = text.indexOf("=");
  if (equals < 1) {
    throw new InputError(`Cannot understand --set ${text}: write --set NAME=VALUE`);
  }
  return { name: text.slice(0, equals), text: text.slice(equals + 1) };
}

function readSize(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(KiB|MiB|GiB)$/.exec(text) ?? [];
  if (amount === undefined) {
    throw new InputError(`Cannot read --max ${text}: write an amount such as 500MiB or 2GiB`);
  }
  return Number(amount) * 1024 ** (["KiB", "MiB", "GiB"].indexOf(unit ?? "") + 1);
}
