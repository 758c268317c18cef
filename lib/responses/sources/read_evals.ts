import { basename, join } from "@std/path";
import { InputError } from "../../base/errors.ts";
import { listFolder } from "../../base/list_folder.ts";
import { nearest } from "../../base/nearest.ts";
import { Observations } from "../observations.ts";
import type { ReadOptions, SourceReader } from "../read_responses.ts";
import { TableError } from "../table_error.ts";
import { chooseRuns, namesOf } from "./choose_runs.ts";
import { chunksOf, concat } from "./chunks.ts";
import { mapOf } from "./each_line_map.ts";
import { type Choice, type EvalFile, type EvalRun, RunRows, Unusable } from "./eval_run.ts";
import { everyEvalEverRun } from "./every_eval_ever.ts";
import { helmRun, RUN_SPEC } from "./helm.ts";
import { inspectArchive, inspectJson } from "./inspect.ts";
import { eachLine, MAX_ENTRY } from "./json_lines.ts";
import { type LmEvalResults, lmEvalResults, lmEvalRun, RESULTS } from "./lm_eval.ts";
import { OPENAI_SPEC, openaiEvalsRun } from "./openai_evals.ts";
import { JsonError, type Keep, PrunedJson } from "./pruned_json.ts";
import { pyIrtRun } from "./py_irt.ts";
import { settleConflicts } from "./settle_conflicts.ts";
import { type EvalKind, sniff } from "./sniff.ts";

/** What to read of evaluations, and how; `benchmarks` are tasks, or groups of lm-eval. */
export type EvalsOptions = Omit<ReadOptions, "shape" | "columns">;

/** What was read. */
export interface Evals {
  readonly observations: Observations;
  readonly files: number;
  readonly filesLeftOut: number;
}

/** Reads a file or folder of logs as the response table. */
export const evalsReader: SourceReader = async ({ path, name }, options) => {
  const { observations, files, filesLeftOut } = await readEvals(path, name, options);
  return { observations, name, facts: { n_files: files, n_files_left_out: filesLeftOut } };
};

/**
 * Reads logs of evaluations: a file, or a folder of any depth, in which formats may be mixed; its
 * content shows what a file is. No text of a prompt or an answer is decoded.
 *
 * @param path The file or folder.
 * @param name What to call it in messages.
 * @param options What to read, and how.
 * @throws {InputError} When there is nothing in it that can be used.
 */
export async function readEvals(path: string, name: string, options: EvalsOptions): Promise<Evals> {
  const { warn } = options;
  const files = await filesIn({ path, name });
  const reasons = new Reasons(name, options.strict, warn);
  const { runs, results } = await recognise(files, reasons);
  const observations = new Observations(wantedOf(options.benchmarks, results), options.rule);
  const { chosen, notes } = chooseRuns(runs);
  const seen = new Set(notes);
  const units: string[] = [];
  const used = new Map<string, Set<string>>();
  let [read, filesRead] = [0, 0];
  const total = await sizeOf(chosen);
  for (const [i, run] of chosen.entries()) {
    const unit = run.format === "inspect" ? "sample" : run.format === "helm" ? "instance" : "line";
    const rows = new RunRows(observations, run.file.name, unit);
    const onRead = (bytes: number): void => {
      read += bytes;
      options.progress?.(Math.min(1, read / total), `file ${i + 1} of ${chosen.length}`);
    };
    const before = observations.files.length;
    await reasons.guard(run.file, () => run.read(rows, options, onRead));
    while (units.length < observations.files.length) units.push(unit);
    if (observations.files.length === before) continue;
    filesRead++;
    rows.notes.forEach((note) => seen.add(note));
    const task = `${run.format} ${run.task}`;
    used.set(task, (used.get(task) ?? new Set()).add(rows.used));
  }
  const repeated = settleConflicts(observations, (file) => units[file]!);
  if (repeated > 0) {
    const cells = repeated === 1 ? "1 cell is" : `${repeated} cells are`;
    seen.add(`${cells} in several files, which say the same; each counts once`);
  }
  for (const [task, ways] of used) {
    if (ways.size === 1) continue;
    seen.add(`${task}: not all runs have one score: ${namesOf([...ways].sort())} are mixed`);
  }
  const silent = silentSubjects(observations);
  if (silent.length > 0) {
    const subjects = silent.length === 1 ? "1 subject has" : `${silent.length} subjects have`;
    const left = silent.length === 1 ? "is left out" : "are left out";
    seen.add(`${subjects} no response, and ${left} (${namesOf(silent)})`);
  }
  observations.mayBeSilent = true;
  reasons.report();
  observations.notes.push(...condensed([...seen]));
  if (observations.rows === 0) throw nothingRead(name, reasons, options);
  return { observations, files: filesRead, filesLeftOut: reasons.count };
}

function silentSubjects({ subjects, subject }: Observations): readonly string[] {
  const heard = new Set(subject.view());
  return subjects.filter((_, code) => !heard.has(code)).sort();
}

/** Notes of one kind that are shown one by one. */
const MAX_NOTES = 20;

function condensed(notes: readonly string[]): readonly string[] {
  if (notes.length <= MAX_NOTES) return notes;
  return [...notes.slice(0, MAX_NOTES), `and ${notes.length - MAX_NOTES} more notes like these`];
}

/** Counts files that are left out, by reason. */
class Reasons {
  readonly names: Set<string> = new Set();
  readonly #unusable = new Map<string, string[]>();
  readonly #foreign = new Map<string, string[]>();

  constructor(
    readonly name: string,
    readonly strict: boolean,
    readonly warn: (message: string) => void,
  ) {}

  get count(): number {
    return [...this.#unusable.values()].reduce((sum, names) => sum + names.length, 0);
  }

  /** A file that is of no evaluation; it is counted, or ends all. */
  foreign(file: EvalFile, reason: string): void {
    if (this.strict) {
      throw new TableError(`Cannot use ${file.name}: ${reason}. Remove it.`, "strict");
    }
    this.#foreign.set(reason, [...this.#foreign.get(reason) ?? [], file.name]);
  }

  /** Does what may find a file unusable; it is counted then, or ends all. */
  async guard<T>(file: EvalFile, work: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (cause) {
      const isDamage = cause instanceof TypeError || cause instanceof JsonError;
      if (!(cause instanceof Unusable) && !isDamage) throw cause;
      if (this.strict) {
        throw new TableError(`Cannot use ${file.name}: ${cause.message}. Remove it.`, "strict");
      }
      if (cause instanceof Unusable) cause.names.forEach((name) => this.names.add(name));
      const known = this.#unusable.get(cause.message) ?? [];
      this.#unusable.set(cause.message, [...known, file.name]);
      return undefined;
    }
  }

  /** The reasons in words. */
  get lines(): readonly string[] {
    return [...this.#unusable].map(([reason, names]) => `${namesOf(names)}: ${reason}`);
  }

  get foreignLines(): readonly string[] {
    return [...this.#foreign].map(([reason, names]) => `${namesOf(names)}: ${reason}`);
  }

  report(): void {
    for (
      const [kinds, what] of [[this.#unusable, "cannot be used"], [
        this.#foreign,
        "skipped",
      ]] as const
    ) {
      for (const [reason, names] of kinds) {
        const files = names.length === 1 ? "1 file" : `${names.length} files`;
        this.warn(`${this.name}: ${files} ${what} (${namesOf(names)}): ${reason}`);
      }
    }
  }
}

/** Names that the programs of evaluations give: such a file that is not understood was cut. */
const OF_EVALUATION =
  /^(samples_.*\.jsonl|.*_samples\.jsonl|.*\.eval|per_instance_stats\.json)(\.gz)?$/;

/** The file, or the files in the folder. */
async function filesIn(root: EvalFile): Promise<readonly EvalFile[]> {
  if (!(await Deno.stat(root.path)).isDirectory) return [root];
  return (await listFolder(root.path)).map((name) => ({
    path: join(root.path, name),
    name: join(root.name, name),
  }));
}

async function sizeOf(runs: readonly EvalRun[]): Promise<number> {
  const sizes = await Promise.all(runs.map(async ({ file }) => (await Deno.stat(file.path)).size));
  return Math.max(1, sizes.reduce((sum, size) => sum + size, 0));
}

/** Finds the runs among files. */
async function recognise(
  files: readonly EvalFile[],
  reasons: Reasons,
): Promise<{ readonly runs: readonly EvalRun[]; readonly results: readonly LmEvalResults[] }> {
  const kinds: { readonly file: EvalFile; readonly kind: EvalKind }[] = [];
  for (const file of files) {
    const kind = await reasons.guard(file, () => sniff(file.path));
    if (kind !== undefined) kinds.push({ file, kind });
  }
  const results: LmEvalResults[] = [];
  const specs: { readonly file: EvalFile; readonly value: unknown }[] = [];
  const helmFolders = new Set<string>();
  for (const { file, kind } of kinds) {
    if (kind === "lm-eval results") {
      const value = await reasons.guard(file, () => wholeOf(file, RESULTS));
      if (value !== undefined) results.push(lmEvalResults(file, value));
    } else if (kind === "helm spec") {
      helmFolders.add(join(file.name, ".."));
      const value = await reasons.guard(file, () => wholeOf(file, RUN_SPEC));
      if (value !== undefined) specs.push({ file, value });
    }
  }
  const runs: EvalRun[] = [];
  for (const { file, kind } of kinds) {
    if (typeof kind === "object" && OF_EVALUATION.test(basename(file.name))) {
      await reasons.guard(file, () => {
        throw new Unusable(`${kind.foreign}, though its name is that of one`);
      });
    } else if (typeof kind === "object") {
      if (!helmFolders.has(join(file.name, ".."))) reasons.foreign(file, kind.foreign);
    } else {
      const run = await reasons.guard(file, () => runOf(file, kind, results, specs));
      if (run !== undefined) runs.push(run);
    }
  }
  return { runs, results };
}

async function runOf(
  file: EvalFile,
  kind: Exclude<EvalKind, object>,
  results: readonly LmEvalResults[],
  specs: readonly { readonly file: EvalFile; readonly value: unknown }[],
): Promise<EvalRun | undefined> {
  switch (kind) {
    case "lm-eval":
      return lmEvalRun(file, results);
    case "inspect archive":
      return await inspectArchive(file);
    case "inspect json":
      return await inspectJson(file);
    case "every-eval-ever": {
      const line = {
        evaluation_id: "scalar",
        model_id: "scalar",
        evaluation_name: "scalar",
      } as const;
      return everyEvalEverRun(file, await firstOf(file, line));
    }
    case "openai-evals":
      return openaiEvalsRun(file, await firstOf(file, OPENAI_SPEC));
    case "py-irt":
      return pyIrtRun(file);
    case "helm":
      return helmRun(file, specs);
    default:
      return undefined;
  }
}

/** What is kept of the first line. */
async function firstOf(file: EvalFile, keep: Keep): Promise<Record<string, unknown>> {
  let first: Record<string, unknown> | undefined;
  const done = new Unusable("");
  try {
    await eachLine(chunksOf(file.path), (bytes, start, end) => {
      if (bytes !== undefined) first = mapOf(new PrunedJson().parse(bytes, keep, start, end));
      throw done;
    });
  } catch (cause) {
    if (cause !== done) throw cause;
  }
  if (first === undefined) throw new Unusable("its first line cannot be read");
  return first;
}

/** What is kept of a file of one JSON value. */
async function wholeOf(file: EvalFile, keep: Keep): Promise<unknown> {
  const { size } = await Deno.stat(file.path);
  if (size > MAX_ENTRY) throw new Unusable("it is too large");
  const chunks = await Array.fromAsync(chunksOf(file.path), (chunk) => chunk.slice());
  return mapOf(new PrunedJson().parse(concat(chunks), keep));
}

/** Benchmarks that are wanted, those in a group of lm-eval that is wanted included. */
function wantedOf(
  benchmarks: readonly string[] | null,
  results: readonly LmEvalResults[],
): readonly string[] | null {
  if (benchmarks === null) return null;
  const wanted = new Set(benchmarks);
  const groups = new Set<string>();
  // A loop over a set also visits what is added during it.
  for (const name of wanted) {
    for (const tasks of results.flatMap(({ groups }) => groups[name] ?? [])) {
      const list: readonly unknown[] = Array.isArray(tasks) ? tasks : [tasks];
      for (const task of list) if (typeof task === "string") wanted.add(task);
      groups.add(name);
    }
  }
  return [...wanted].filter((name) => !groups.has(name));
}

function nothingRead(name: string, reasons: Reasons, { metric, filter }: Choice): InputError {
  const asked = metric?.[0] ?? filter;
  const guess = asked === null ? "" : nearest(asked, reasons.names);
  const near = guess.includes("did you mean") ? guess : ".";
  const has = reasons.names.size === 0
    ? ""
    : ` It has ${namesOf([...reasons.names].sort())}${near}`;
  const lines = [...reasons.lines, ...reasons.foreignLines].slice(0, 3).join("; ");
  return new InputError(
    `Cannot use ${name}: it holds no evaluation that can be used${lines && ` (${lines})`}.${has} ` +
      "Give logs of lm-evaluation-harness (run with --log_samples), Inspect, HELM, Every Eval Ever, " +
      "py-irt or OpenAI evals, or a table as CSV or parquet.",
  );
}
