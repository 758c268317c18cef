import type { Facts } from "../artifact/kind.ts";
import { type Indexed, indexResponses } from "./index_responses.ts";
import { lookAlikes } from "./look_alikes.ts";
import { FAULTS, type Observations, SKIP_REASONS } from "./observations.ts";
import { overlapOf, requireOverlap } from "./overlap.ts";
import type { Columns, Shape } from "./columns.ts";
import type { Responses } from "./responses.ts";
import { TableError } from "./table_error.ts";
import { type ResponseRule, show } from "./values.ts";

/** Options of a reader. */
export interface ReadOptions {
  /** Of a CSV: which way round it is. */
  readonly shape: Shape;
  /** Benchmarks that are taken; null: all. */
  readonly benchmarks: readonly string[] | null;
  /** Whether what cannot be read ends it, rather than being left out with a warning. */
  readonly strict: boolean;
  /** Of evaluations: the metrics that are taken, the first that a file has; null: the usual. */
  readonly metric: readonly string[] | null;
  /** Of lm-eval: the filter that is taken; null: the strictest. */
  readonly filter: string | null;
  readonly rule: ResponseRule;
  readonly columns: Columns;
  readonly warn: (message: string) => void;
  readonly progress?: (share: number, message: string) => void;
}

/** What was read. */
export interface SourceRead {
  readonly observations: Observations;
  /** What to call it in messages. */
  readonly name: string;
  /** What else there is to know of it, such as how many files it had. */
  readonly facts: Facts;
}

/**
 * Reads a source: a file, or a folder of such, or what was fetched.
 *
 * @throws {InputError} When it cannot be read.
 */
export type SourceReader = (
  file: { readonly path: string; readonly name: string },
  options: ReadOptions,
) => Promise<SourceRead>;

/** Options of a reader and of the checks. */
export interface ReadResponsesOptions extends ReadOptions {
  /** Least share of a benchmark's subjects that another one of several must share, in [0, 1]. */
  readonly minOverlap: number;
  /** Receives the observations before they are judged. */
  readonly onRead?: (observations: Observations) => void;
}

/**
 * Reads the response table from a source and indexes it.
 *
 * @param read The source's reader.
 * @param file What it reads.
 * @param options Read options.
 * @returns The table, and what there is to know of it: counts, and why rows were left out.
 * @throws {InputError} When it cannot be used.
 */
export async function readResponses(
  read: SourceReader,
  file: Parameters<SourceReader>[0],
  options: ReadResponsesOptions,
): Promise<{ readonly responses: Responses; readonly facts: Facts }> {
  const { observations, name, facts } = await read(file, options);
  options.onRead?.(observations);
  return indexed(observations, name, { simulated: false, ...facts }, options);
}

/** Indexes observations, with the checks that every source passes. */
export function indexed(
  observations: Observations,
  name: string,
  facts: Facts,
  { minOverlap, strict, warn }: Pick<ReadResponsesOptions, "minOverlap" | "strict" | "warn">,
): { readonly responses: Responses; readonly facts: Facts } {
  reportErrors(observations, name, strict, warn);
  const { acrossFiles, responses, leftOut, averaged } = indexResponses(observations, name);
  for (const doubt of doubtsOf(observations, responses, acrossFiles)) warn(`${name}: ${doubt}`);
  requireOverlap(observations, minOverlap, name);
  const { benchmarks, worst } = overlapOf(observations);
  const named = benchmarks.filter((benchmark) => benchmark.name !== "");
  return withCounts(responses, {
    ...facts,
    n_rows: observations.rows,
    n_left_out_test_condition: leftOut.testCondition,
    n_left_out_missing: leftOut.missing,
    n_left_out_not_binary: leftOut.notBinary,
    ...(leftOut.fraction > 0 && { n_left_out_fraction: leftOut.fraction }),
    ...(leftOut.unscored > 0 && { n_left_out_unscored: leftOut.unscored }),
    ...(leftOut.conflict > 0 && { n_left_out_conflict: leftOut.conflict }),
    ...(leftOut.otherFilter > 0 && { n_left_out_other_filter: leftOut.otherFilter }),
    n_left_out_no_id: leftOut.noId,
    n_left_out_malformed: leftOut.malformed,
    n_left_out_other_benchmark: leftOut.otherBenchmark,
    n_averaged_cells: averaged,
    ...(named.length > 0 && {
      benchmarks: named.map((b) => `${b.name} (${b.subjects} subjects, ${b.items} items)`).join(
        ", ",
      ),
    }),
    ...(worst && { overlap: worst.share }),
  });
}

/** A table with facts about it, and its counts. */
export function withCounts(
  responses: Responses,
  facts: Facts,
): { readonly responses: Responses; readonly facts: Facts } {
  const { subjectIds: { length: S }, itemIds: { length: p }, item: { length: n } } = responses;
  const counts = { n_subjects: S, n_items: p, n_observations: n, missing_share: 1 - n / (S * p) };
  return { responses, facts: { ...facts, ...counts } };
}

/** Reports the errors of a table; under `strict` the first ends it. */
function reportErrors(
  { leftOut, faults }: Observations,
  name: string,
  strict: boolean,
  warn: (message: string) => void,
): void {
  const counts = FAULTS.filter((reason) => leftOut[reason] > 0)
    .map((reason) =>
      `${leftOut[reason]} ${leftOut[reason] === 1 ? "row" : "rows"} ${SKIP_REASONS[reason]}`
    );
  if (counts.length === 0) return;
  const examples = faults.slice(0, SHOWN).map(({ where, what }) => `${where}: ${what}`);
  const more = faults.length > SHOWN ? "; …" : "";
  const text = `${counts.join(", ")} (${examples.join("; ")}${more})`;
  const fractions = leftOut.fraction > 0
    ? "; responses between 0 and 1 can be kept (responses.fractions)"
    : "";
  if (!strict) return warn(`${name}: left out ${text}${fractions}`);
  throw new TableError(`Cannot use ${name}: it has ${text}. Correct them.`, "strict");
}

/** What is not an error of a table, but perhaps not what its author meant. */
function doubtsOf(
  { notes, trimmed }: Observations,
  { subjectIds, itemIds }: Responses,
  acrossFiles: Indexed["acrossFiles"],
): string[] {
  const doubts = [...notes];
  if (trimmed.count > 0) {
    doubts.push(
      `${trimmed.count} ids are written with outer white space, such as ${show(trimmed.first)}; ` +
        "they are read without it",
    );
  }
  for (const [kind, ids] of [["subjects", subjectIds], ["items", itemIds]] as const) {
    const { count, first } = lookAlikes(ids);
    if (count === 0) continue;
    doubts.push(
      `${count} of the ${kind} differ from another only in letter case, in white space or in how ` +
        `an accent or a number is written, such as ${
          first.map(show).join(" and ")
        }; they are kept apart`,
    );
  }
  if (acrossFiles.count > 0) {
    doubts.push(
      `cells in more than one file: ${acrossFiles.count}, such as in ` +
        `${acrossFiles.files.join(" and ")}; they are averaged as trials. If those are other ` +
        "subjects or other items, give them other ids",
    );
  }
  return doubts;
}

/** Most errors that are shown of all that are counted. */
const SHOWN = 3;
