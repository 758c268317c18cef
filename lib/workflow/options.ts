import { parseArgs } from "@std/cli/parse-args";
import { InputError } from "../errors.ts";
import { parseWorkflowDocument } from "./document.ts";
import { nearest } from "./nearest.ts";
import type { Override } from "./params.ts";

/** The command line, read. */
export interface Options {
  readonly targets: readonly string[];
  readonly overrides: readonly Override[];
  readonly jobs: number;
  readonly keepGoing: boolean;
  readonly dryRun: boolean;
  readonly quiet: boolean;
  readonly json: boolean;
  readonly check: boolean;
  readonly help: boolean;
}

const BOOLEAN = ["keep-going", "dry-run", "quiet", "json", "check", "help"] as const;
const STRING = ["set", "jobs", "device"] as const;

/** Two tasks at a time: what the smallest machine does well. */
const DEFAULT_JOBS = 2;

/**
 * Reads the arguments of a command.
 *
 * @param args Without the command's name.
 * @throws {InputError} For an unknown option, or a value of the wrong form.
 */
export function readOptions(args: readonly string[]): Options {
  const parsed = parseArgs(args, {
    boolean: BOOLEAN,
    string: STRING,
    collect: ["set"],
    unknown: (argument, key = argument) => {
      const near = nearest(key, [...BOOLEAN, ...STRING]).replace("mean ", "mean --");
      throw new InputError(`Cannot understand the option ${argument}${near}`);
    },
  });
  const sets = (parsed["set"] ?? []) as readonly string[];
  const device = parsed["device"] as string | undefined;
  const texts = device === undefined ? sets : [...sets, `fiml.device=${device}`];
  const jobs = Number(parsed["jobs"] ?? DEFAULT_JOBS);
  if (!Number.isInteger(jobs) || jobs < 1) {
    throw new InputError(`Cannot run --jobs ${parsed["jobs"]}: give a whole number from 1`);
  }
  return {
    targets: parsed._,
    overrides: texts.map(readOverride),
    jobs,
    keepGoing: parsed["keep-going"] === true,
    dryRun: parsed["dry-run"] === true,
    quiet: parsed["quiet"] === true,
    json: parsed["json"] === true,
    check: parsed["check"] === true,
    help: parsed["help"] === true,
  };
}

function readOverride(text: string): Override {
  const equals = text.indexOf("=");
  if (equals < 1) {
    throw new InputError(`Cannot understand --set ${text}: write --set NAME=VALUE`);
  }
  const name = text.slice(0, equals);
  const bytes = new TextEncoder().encode(text.slice(equals + 1));
  return { name, value: parseWorkflowDocument(bytes, `--set ${name}`) };
}
