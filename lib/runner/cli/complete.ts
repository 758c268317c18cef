import { join } from "@std/path";
import { InputError } from "../../base/errors.ts";
import { parseWorkflowDocument } from "../config/document.ts";
import { leaves, lookup } from "../config/params.ts";
import { planWorkflow } from "../config/plan.ts";
import type { CommandEntry, Program } from "./command.ts";
import { EXECUTORS, type OptionName, OPTIONS, shorthandsOf } from "./options.ts";
import { write } from "./output.ts";

/**
 * `complete`, for the scripts of `completion`: prints what may stand for the last word, a line each.
 *
 * @param program The project.
 * @param commands Its commands and the runner's.
 * @param words What follows `deno task`, the last word perhaps empty or begun.
 */
export async function complete(
  program: Program,
  commands: Readonly<Record<string, CommandEntry>>,
  words: readonly string[],
): Promise<number> {
  const last = words.at(-1) ?? "";
  const candidates = await candidatesFor(program, commands, words).catch((error) => {
    // The commands report a broken workflow.yaml; here there is nothing to offer.
    if (error instanceof InputError) return [];
    throw error;
  });
  const fitting = [...new Set(candidates)].filter((candidate) => candidate.startsWith(last));
  write(fitting.map((candidate) => `${candidate}\n`).join(""));
  return 0;
}

async function candidatesFor(
  program: Program,
  commands: Readonly<Record<string, CommandEntry>>,
  words: readonly string[],
): Promise<readonly string[]> {
  const [name = "", ...rest] = words;
  if (rest.length === 0) return Object.keys(commands);
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) return [];
  const options: readonly OptionName[] = [...entry.options, "help"];
  const [before, last = ""] = [rest.at(-2) ?? "", rest.at(-1)];
  const option = options.find((known) => before === `--${known}` && OPTIONS[known].value);
  if (option === "rebuild") return await targetNames(program);
  if (option === "format") return entry.formats ?? [];
  if (option === "executor") return EXECUTORS;
  if (option === "set") return await paramNames(program.root);
  if (option !== undefined) return [];
  const shorthands = shorthandsOf(entry.options, program.shorthands ?? []);
  const shorthand = shorthands.find((short) => before === `--${short.name}` && short.value);
  if (shorthand !== undefined) return shorthand.choices ?? [];
  const own = entry.own ?? [];
  const mine = own.find(({ name, value }) => before === `--${name}` && value);
  if (mine !== undefined) return mine.ofParams ? await paramNames(program.root) : [];
  if (last.startsWith("-")) {
    return [...options, ...[...own, ...shorthands].map(({ name }) => name)]
      .map((known) => `--${known}`);
  }
  if (entry.words !== undefined) return entry.words;
  return entry.arguments === "" ? [] : await targetNames(program);
}

async function targetNames(program: Program): Promise<readonly string[]> {
  const { targets } = await planWorkflow(program, []);
  return [...targets.values()].flatMap((target) => [target.name, ...target.outputs.values()]);
}

async function paramNames(root: string): Promise<readonly string[]> {
  const file = "workflow.yaml";
  const document = parseWorkflowDocument(await Deno.readFile(join(root, file)), file);
  const params = lookup(document, ["params"]);
  return params?.kind === "map" ? leaves(params).map((leaf) => `${leaf}=`) : [];
}
