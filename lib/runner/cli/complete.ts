import { join } from "@std/path";
import { InputError } from "../../base/errors.ts";
import { parseWorkflowDocument } from "../config/document.ts";
import { leaves, lookup } from "../config/params.ts";
import { planWorkflow } from "../config/plan.ts";
import { COMMANDS } from "./commands.ts";
import { SHELLS } from "./completion.ts";
import { GRAPH_FORMATS, type OptionName, OPTIONS } from "./options.ts";
import { write } from "./output.ts";

/**
 * `complete`, for the scripts of `completion`: prints what may stand for the last word, a line each.
 *
 * @param root Folder of workflow.yaml.
 * @param words What follows `deno task`, the last word perhaps empty or begun.
 */
export async function complete(root: string, words: readonly string[]): Promise<number> {
  const last = words.at(-1) ?? "";
  const candidates = await candidatesFor(root, words).catch((error) => {
    // A broken workflow.yaml is told by the commands; here there is nothing to offer.
    if (error instanceof InputError) return [];
    throw error;
  });
  const fitting = [...new Set(candidates)].filter((candidate) => candidate.startsWith(last));
  write(fitting.map((candidate) => `${candidate}\n`).join(""));
  return 0;
}

async function candidatesFor(root: string, words: readonly string[]): Promise<readonly string[]> {
  const [name = "", ...rest] = words;
  if (rest.length === 0) return Object.keys(COMMANDS);
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry === undefined) return [];
  const options: readonly OptionName[] = [...entry.options, "help"];
  const [before, last = ""] = [rest.at(-2) ?? "", rest.at(-1)];
  const option = options.find((known) => before === `--${known}` && OPTIONS[known].value);
  if (option !== undefined) return await valuesOf(root, option);
  if (last.startsWith("-")) return options.map((known) => `--${known}`);
  if (name === "completion") return SHELLS;
  if (entry.arguments === "") return [];
  if (name === "data") return ["validate"];
  const { targets } = await planWorkflow(root, []);
  return [...targets.values()].flatMap((target) => [target.name, ...target.outputs.values()]);
}

async function valuesOf(root: string, option: OptionName): Promise<readonly string[]> {
  if (option === "device") return ["auto", "cpu", "cuda"];
  if (option === "format") return GRAPH_FORMATS;
  if (option !== "set") return [];
  const file = "workflow.yaml";
  const document = parseWorkflowDocument(await Deno.readFile(join(root, file)), file);
  const params = lookup(document, ["params"]);
  return params?.kind === "map" ? leaves(params).map((leaf) => `${leaf}=`) : [];
}
