import { basename, dirname } from "@std/path";
import { chooseMetric } from "./choose_metric.ts";
import { eachLineMap } from "./each_line_map.ts";
import { type Choice, type EvalFile, type EvalRun, RunRows, Unusable } from "./eval_run.ts";
import { JsonError, type Keep } from "./pruned_json.ts";

/** Metrics that say whether an answer is right, the best first. */
const USUAL = ["exact_match", "acc", "acc_norm", "pass@1", "em", "mc1"];

/** Of several filters the one that is taken, the first that there is. */
const FILTERS = ["strict-match", "none"];

/** Fields of a line that are not metrics. */
const OWN = new Set([
  ..."doc_id doc target arguments resps filtered_resps filter metrics doc_hash prompt_hash".split(
    " ",
  ),
  "target_hash",
]);

/** What is kept of a line: single values, and no documents or answers. */
const LINE: Keep = { metrics: "all", "*": "scalar" };

/** What a `results_*.json` holds of its run. */
export interface LmEvalResults {
  readonly file: EvalFile;
  readonly model: string | undefined;
  readonly versions: Readonly<Record<string, unknown>>;
  readonly shots: Readonly<Record<string, unknown>>;
  /** Tasks of each group. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

/** What is kept of a `results_*.json`. */
export const RESULTS: Keep = {
  model_name: "scalar",
  versions: "all",
  "n-shot": "all",
  group_subtasks: "all",
};

/** Reads what was kept of a `results_*.json`. */
export function lmEvalResults(file: EvalFile, value: unknown): LmEvalResults {
  const of = (name: string): Record<string, never> => {
    const found = (value as Record<string, unknown>)[name];
    return (typeof found === "object" && found !== null ? found : {}) as Record<string, never>;
  };
  const model = (value as Record<string, unknown>)["model_name"];
  return {
    file,
    model: typeof model === "string" && model !== "" ? model : undefined,
    versions: of("versions"),
    shots: of("n-shot"),
    groups: of("group_subtasks"),
  };
}

const DATE = /_(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(?:\.\d+)?)$/;

/** A file's name without its ending, and the date in it. */
function parts(name: string): { readonly stem: string; readonly date: string } {
  const stem = basename(name).replace(/\.gz$/i, "").replace(/\.jsonl?$/i, "");
  return { stem: stem.replace(DATE, ""), date: DATE.exec(stem)?.[1] ?? "" };
}

/**
 * A run of lm-evaluation-harness: `samples_TASK_DATE.jsonl`, a line for each document and filter.
 *
 * @param file The samples.
 * @param results All results that were found; those of the same folder and date are its own.
 * @throws {Unusable} When it is not known of which model it is.
 */
export function lmEvalRun(file: EvalFile, results: readonly LmEvalResults[]): EvalRun {
  const { stem, date } = parts(file.name);
  const beside = results.filter((one) => dirname(one.file.name) === dirname(file.name));
  const own = beside.filter((one) => parts(one.file.name).date === date);
  const models = new Set((own.length > 0 ? own : beside).flatMap(({ model }) => model ?? []));
  const folder = basename(dirname(file.name));
  const named = folder === "." || folder === "" || folder === ".." ? undefined : folder;
  const subject = models.size === 1 ? [...models][0] : named?.replaceAll("__", "/");
  if (subject === undefined) {
    throw new Unusable("its model is not known; give the folder that holds it and its results");
  }
  const prefix = ["samples_", `${folder}_`].find((one) => one !== "_" && stem.startsWith(one));
  const task = stem.slice(prefix?.length ?? 0);
  const version = own.map(({ versions }) => versions[task]).find((v) => v !== undefined);
  const shots = own.map((one) => one.shots[task]).find((n) => n !== undefined);
  const condition = [
    ...(version === undefined ? [] : [`version ${version}`]),
    ...(shots === undefined ? [] : [`${shots}-shot`]),
  ].join(", ");
  const read: EvalRun["read"] = (into, choice, onRead) =>
    readSamples({ file, subject, task }, into, choice, onRead);
  return { format: "lm-eval", file, subject, task, condition, date, read };
}

async function readSamples(
  { file, subject, task }: { file: EvalFile; subject: string; task: string },
  into: RunRows,
  choice: Choice,
  onRead: (bytes: number) => void,
): Promise<void> {
  const byFilter = new Map<string, RunRows>();
  const odd = new RunRows(into.into, into.name, into.unit);
  let metric: string | undefined;
  let hashless = 0;
  await eachLineMap(file.path, LINE, odd, onRead, (line, number) => {
    if (!("doc_id" in line)) throw new JsonError("it is not of a sample");
    const filter = typeof line["filter"] === "string" ? line["filter"] : "none";
    metric ??= chooseMetric(metricsOf(line), choice, USUAL);
    const rows = byFilter.get(filter) ?? new RunRows(into.into, into.name, into.unit);
    byFilter.set(filter, rows);
    const hash = line["doc_hash"];
    if (typeof hash !== "string") hashless++;
    const item = typeof hash === "string" ? hash : line["doc_id"];
    rows.add({ subject, benchmark: task, item, score: line[metric] }, number);
  });
  const filters = [...byFilter.keys()];
  const chosen = choice.filter ?? FILTERS.find((name) => byFilter.has(name)) ?? filters[0];
  if (chosen === undefined) throw new Unusable("none of its lines is a sample of lm-eval");
  if (!byFilter.has(chosen)) {
    throw new Unusable(`it does not have the filter ${chosen}`, filters);
  }
  into.used = `metric ${metric}, filter ${chosen}`;
  odd.flush();
  byFilter.get(chosen)!.flush();
  for (const [filter, { length }] of byFilter) {
    if (filter === chosen) continue;
    into.into.rows += length;
    into.into.leaveOut("otherFilter", length);
    into.notes.add(`${task}: filter ${chosen} is taken, and the lines of ${filter} are left out`);
  }
  if (hashless > 0) {
    into.notes.add(`${task}: it has no doc_hash, so that items are told by their doc_id`);
  }
}

function metricsOf(line: Readonly<Record<string, unknown>>): readonly string[] {
  const { metrics } = line;
  if (Array.isArray(metrics)) return metrics.filter((name) => typeof name === "string");
  return Object.entries(line).filter(([name, value]) =>
    !OWN.has(name) && (typeof value === "number" || typeof value === "boolean")
  ).map(([name]) => name);
}
