import { eachLineMap } from "./each_line_map.ts";
import { type Choice, type EvalFile, type EvalRun, type RunRows, Unusable } from "./eval_run.ts";
import { JsonError, type Keep } from "./pruned_json.ts";

/** What is kept of a line: no input, no output. */
const LINE: Keep = {
  evaluation_id: "scalar",
  model_id: "scalar",
  evaluation_name: "scalar",
  sample_id: "scalar",
  sample_hash: "scalar",
  evaluation: { score: "scalar", is_correct: "scalar" },
};

/** The seconds since 1970 that an evaluation's id ends with. */
const TIMESTAMP = /\/(\d{9,}(?:\.\d+)?)$/;

/** Digits of those seconds before the point, so that they sort as texts. */
const DIGITS = 12;

/** The names under `evaluation`. */
const METRICS = ["is_correct", "score"] as const;

/**
 * Samples in the form of Every Eval Ever: `…_samples.jsonl`.
 *
 * @param file The samples.
 * @param first What was kept of the first line, for whose run it is.
 */
export function everyEvalEverRun(file: EvalFile, first: Record<string, unknown>): EvalRun {
  const text = (name: string): string | undefined => {
    const value = first[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const [, seconds = ""] = TIMESTAMP.exec(text("evaluation_id") ?? "") ?? [];
  return {
    format: "every-eval-ever",
    file,
    subject: text("model_id"),
    task: text("evaluation_name"),
    condition: "",
    date: seconds === "" ? "" : seconds.padStart(DIGITS, "0"),
    read: (into, choice, onRead) => readSamples(file, into, choice, onRead),
  };
}

async function readSamples(
  file: EvalFile,
  into: RunRows,
  { metric }: Choice,
  onRead: (bytes: number) => void,
): Promise<void> {
  const chosen = metric === null ? undefined : METRICS.find((name) => metric.includes(name));
  if (metric !== null && chosen === undefined) {
    throw new Unusable(`it does not have the metric ${metric.join(" or ")}`, METRICS);
  }
  await eachLineMap(file.path, LINE, into, onRead, (line, number) => {
    const { evaluation, evaluation_name, model_id, sample_hash, sample_id } = line;
    if (typeof evaluation_name !== "string" || sample_id === undefined) {
      throw new JsonError("it is not of a sample");
    }
    const { is_correct, score } =
      (typeof evaluation === "object" ? evaluation ?? {} : {}) as Record<
        string,
        unknown
      >;
    const item = typeof sample_hash === "string" ? sample_hash : sample_id;
    const value = chosen === undefined
      ? is_correct ?? score
      : chosen === "score"
      ? score
      : is_correct;
    into.add({ subject: model_id, benchmark: evaluation_name, item, score: value }, number);
  });
  into.flush();
}
