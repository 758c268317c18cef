import { chooseMetric } from "./choose_metric.ts";
import { eachLineMap } from "./each_line_map.ts";
import { type Choice, type EvalFile, type EvalRun, type RunRows, Unusable } from "./eval_run.ts";
import type { Keep } from "./pruned_json.ts";

/** What is kept of a line: of an event's data, single values. */
const LINE: Keep = {
  spec: { completion_fns: "all", eval_name: "scalar", created_at: "scalar" },
  final_report: "scalar",
  sample_id: "scalar",
  type: "scalar",
  data: { "*": "scalar" },
};

/** What is kept of the first line. */
export const OPENAI_SPEC = LINE;

/**
 * A run of OpenAI evals: a line with its specification, one for each event, and a final report.
 *
 * @param file The log.
 * @param first What was kept of the first line.
 * @throws {Unusable} When it names no model and eval.
 */
export function openaiEvalsRun(file: EvalFile, first: Record<string, unknown>): EvalRun {
  const spec = (first["spec"] ?? {}) as Record<string, unknown>;
  const { completion_fns, eval_name, created_at } = spec;
  const models = Array.isArray(completion_fns)
    ? completion_fns.filter((name) => typeof name === "string")
    : [];
  if (models.length === 0 || typeof eval_name !== "string") {
    throw new Unusable("its first line names no model and eval");
  }
  const run = { subject: models.join(","), task: eval_name };
  return {
    ...run,
    format: "openai-evals",
    file,
    condition: "",
    date: typeof created_at === "string" ? created_at : "",
    read: (into, choice, onRead) => readEvents({ ...run, file }, into, choice, onRead),
  };
}

/** Events of a match say whether an answer is right; those of metrics may have several numbers. */
const USUAL = ["correct", "accuracy", "score"];

async function readEvents(
  { file, subject, task }: {
    readonly file: EvalFile;
    readonly subject: string;
    readonly task: string;
  },
  into: RunRows,
  choice: Choice,
  onRead: (bytes: number) => void,
): Promise<void> {
  let isFinished = false;
  let metric: string | undefined;
  await eachLineMap(file.path, LINE, into, onRead, (line, number) => {
    const { type, data, sample_id } = line;
    if ("final_report" in line) isFinished = true;
    if ((type !== "match" && type !== "metrics") || typeof data !== "object") return;
    const scores = (data ?? {}) as Record<string, unknown>;
    const names = Object.keys(scores).filter((name) =>
      ["number", "boolean"].includes(typeof scores[name])
    );
    if (names.length > 0) metric ??= chooseMetric(names, choice, USUAL);
    const score = metric === undefined ? undefined : scores[metric];
    into.add({ subject, benchmark: task, item: sample_id, score }, number);
  });
  if (!isFinished) throw new Unusable("it has no final report: the log is running, or was cut");
  into.flush();
}
