import { dirname } from "@std/path";
import { chooseMetric } from "./choose_metric.ts";
import { chunksOf } from "./chunks.ts";
import { type Choice, type EvalFile, type EvalRun, type RunRows, Unusable } from "./eval_run.ts";
import { mapOf } from "./each_line_map.ts";
import { eachEntry } from "./json_entries.ts";
import { JsonError, type Keep, PrunedJson } from "./pruned_json.ts";

/** Metrics that say whether an answer is right, the best first. */
const USUAL = [
  "exact_match",
  "quasi_exact_match",
  "prefix_exact_match",
  "quasi_prefix_exact_match",
  "final_number_exact_match",
  "math_equiv_chain_of_thought",
  "math_equiv",
];

/** What is kept of a `run_spec.json`. */
export const RUN_SPEC: Keep = {
  name: "scalar",
  groups: "all",
  adapter_spec: { model: "scalar" },
};

/** What is kept of an instance: its statistics, and the name alone of how it was perturbed. */
const INSTANCE: Keep = {
  instance_id: "scalar",
  perturbation: "scalar",
  stats: { name: { name: "scalar", split: "scalar" }, count: "scalar", mean: "scalar" },
};

/** The instances that show how to answer; they are not of the test. */
const TRAIN = "train";

/**
 * A run of HELM: a folder with `run_spec.json` and `per_instance_stats.json`.
 *
 * @param file The statistics of its instances.
 * @param specs What was kept of each `run_spec.json` that was found, with its file.
 * @throws {Unusable} When its own is not there.
 */
export function helmRun(
  file: EvalFile,
  specs: readonly { readonly file: EvalFile; readonly value: unknown }[],
): EvalRun {
  const own = specs.find((spec) => dirname(spec.file.name) === dirname(file.name))?.value;
  if (own === undefined) throw new Unusable("there is no run_spec.json beside it");
  const { name, groups, adapter_spec } = own as Record<string, unknown>;
  const model = (adapter_spec as { model?: unknown } | undefined)?.model;
  if (typeof name !== "string" || typeof model !== "string") {
    throw new Unusable("its run_spec.json names no run and model");
  }
  const run = withoutModel(name);
  const group = Array.isArray(groups) ? groups.find((one) => typeof one === "string") : undefined;
  const benchmark = group ?? run.split(":")[0]!;
  return {
    format: "helm",
    file,
    subject: model,
    task: run,
    condition: "",
    date: "",
    read: (into, choice, onRead) =>
      readInstances({ file, model, run, benchmark }, into, choice, onRead),
  };
}

/** The name of a run without its model: what it has in common with those of other models. */
function withoutModel(name: string): string {
  const [scenario = "", ...rest] = name.split(":");
  const args = rest.join(":").split(",").filter((arg) => !/^(model|model_deployment)=/.test(arg));
  return args.join(",") === "" ? scenario : `${scenario}:${args.join(",")}`;
}

async function readInstances(
  { file, model, run, benchmark }: {
    readonly file: EvalFile;
    readonly model: string;
    readonly run: string;
    readonly benchmark: string;
  },
  into: RunRows,
  choice: Choice,
  onRead: (bytes: number) => void,
): Promise<void> {
  const json = new PrunedJson();
  let metric: string | undefined;
  const take = (instance: Record<string, unknown>, number: number): void => {
    const { instance_id, perturbation, stats } = instance;
    const means = meansOf(stats);
    if (means.size === 0) return;
    metric ??= chooseMetric([...means.keys()], choice, USUAL);
    const item = typeof instance_id === "string" ? `${run}/${instance_id}` : undefined;
    const perturbed = perturbation !== undefined && perturbation !== null;
    if (perturbed) into.notes.add(`${benchmark}: perturbed instances are left out`);
    into.add({ subject: model, benchmark, item, score: means.get(metric), perturbed }, number);
  };
  try {
    await eachEntry(chunksOf(file.path, onRead), undefined, (bytes, start, end, number) => {
      try {
        if (bytes === undefined) throw new JsonError("it is too long");
        take(mapOf(json.parse(bytes, INSTANCE, start, end)), number);
      } catch (cause) {
        if (!(cause instanceof JsonError)) throw cause;
        into.malformed(number, cause.message);
      }
    });
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    throw new Unusable(cause.message);
  }
  into.used = `metric ${metric}`;
  into.flush();
}

/** The mean of each statistic of an instance; none where it is of the training set. */
function meansOf(stats: unknown): ReadonlyMap<string, unknown> {
  const means = new Map<string, unknown>();
  if (!Array.isArray(stats)) return means;
  for (const stat of stats) {
    const { name, count, mean } = (stat ?? {}) as Record<string, unknown>;
    const { name: metric, split } = (name ?? {}) as Record<string, unknown>;
    if (split === TRAIN) return new Map();
    if (typeof metric === "string") means.set(metric, count === 0 ? undefined : mean);
  }
  return means;
}
