import type { Facts } from "../artifact/kind.ts";
import { openBundle } from "../fetch/bundle.ts";
import { type Indexed, indexResponses } from "./index_responses.ts";
import { lookAlikes } from "./look_alikes.ts";
import { FAULTS, Observations, SKIP_REASONS } from "./observations.ts";
import { overlapOf, requireOverlap } from "./overlap.ts";
import type { Columns } from "./columns.ts";
import type { Shape } from "./csv_layout.ts";
import { FETCHED_SOURCES, type FetchedSource, readBundle } from "./read_bundle.ts";
import { readTables } from "./read_tables.ts";
import type { Responses } from "./responses.ts";
import { readEvals } from "./sources/read_evals.ts";
import { simulateResponses } from "./simulate_responses.ts";
import { TableError } from "./table_error.ts";
import { type ResponseRule, show } from "./values.ts";

/** Where responses come from. */
export const SOURCES = [
  "simulated",
  "parquet",
  "csv",
  "evals",
  ...FETCHED_SOURCES,
] as const;

/** One of {@linkcode SOURCES}. */
export type Source = typeof SOURCES[number];

/** What to read, and how. */
export interface ReadResponsesOptions {
  readonly source: Source;
  readonly shape: Shape;
  /** Benchmarks that are taken; null: all. */
  readonly benchmarks: readonly string[] | null;
  /** Least share of a benchmark's subjects that another one of several must share, in [0, 1]. */
  readonly minOverlap: number;
  /** Whether what cannot be read ends it, rather than being left out with a warning. */
  readonly strict: boolean;
  readonly seed: string;
  /** Of evaluations: the metrics that are taken, the first that a file has; null: the usual. */
  readonly metric: readonly string[] | null;
  /** Of lm-eval: the filter that is taken; null: the strictest. */
  readonly filter: string | null;
  readonly rule: ResponseRule;
  readonly columns: Columns;
  readonly table: { readonly path: string; readonly name: string } | undefined;
  readonly fetched: { readonly path: string; readonly name: string } | undefined;
  readonly warn: (message: string) => void;
  readonly progress?: (share: number, message: string) => void;
  /** Receives the observations before they are judged. */
  readonly onRead?: (observations: Observations) => void;
}

/**
 * Reads the response table from its source and indexes it.
 *
 * @param options What to read, and how.
 * @returns The table, and what there is to know of it: counts, and why rows were left out.
 * @throws {InputError} When it cannot be used.
 */
export async function readResponses(
  options: ReadResponsesOptions,
): Promise<{ readonly responses: Responses; readonly facts: Facts }> {
  const { source, seed } = options;
  if (source === "simulated") return described(simulateResponses(seed), { simulated: true });
  const { observations, name, facts } = source === "parquet" || source === "csv"
    ? await ofTable(source, options)
    : source === "evals"
    ? await ofEvals(options)
    : await ofBundle(source, options);
  options.onRead?.(observations);
  return indexed(observations, name, { simulated: false, ...facts }, options);
}

/** Indexes observations of one's own, with the checks that every source passes. */
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
  return described(responses, {
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

function described(
  responses: Responses,
  facts: Facts,
): { readonly responses: Responses; readonly facts: Facts } {
  const { subjectIds: { length: S }, itemIds: { length: p }, item: { length: n } } = responses;
  const counts = { n_subjects: S, n_items: p, n_observations: n, missing_share: 1 - n / (S * p) };
  return { responses, facts: { ...facts, ...counts } };
}

interface Read {
  readonly observations: Observations;
  readonly name: string;
  readonly facts: Facts;
}

async function ofTable(
  format: "parquet" | "csv",
  { table, benchmarks, shape, rule, columns }: ReadResponsesOptions,
): Promise<Read> {
  if (table === undefined) throw new TypeError("Cannot read responses: there is no table");
  const { path, name } = table;
  const observations = await readTables(path, name, format, {
    into: new Observations(benchmarks, rule),
    shape,
    columns,
  });
  return { observations, name, facts: {} };
}

async function ofEvals(options: ReadResponsesOptions): Promise<Read> {
  const { table } = options;
  if (table === undefined) throw new TypeError("Cannot read responses: there is no folder");
  const { observations, files, filesLeftOut } = await readEvals(table.path, table.name, options);
  const facts = { n_files: files, n_files_left_out: filesLeftOut };
  return { observations, name: table.name, facts };
}

async function ofBundle(source: FetchedSource, options: ReadResponsesOptions): Promise<Read> {
  const { fetched } = options;
  if (fetched === undefined) throw new TypeError("Cannot read responses: nothing was fetched");
  const bundle = await openBundle(fetched.path);
  const { origin, revision, files, absent } = bundle.manifest;
  const { observations, unread } = await readBundle(bundle, source, options);
  const facts = {
    origin,
    ...(revision !== null && { revision }),
    n_files: files.length - unread,
    n_files_left_out: unread + absent.length,
  };
  return { observations, name: origin, facts };
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
