import { InputError } from "../base/errors.ts";
import { stream } from "../stats/random/stream.ts";
import { filterItems, type ItemFilter, requireItems } from "./filter_items.ts";
import { type Fault, FAULTS, type Observations } from "./observations.ts";
import { readResponses, type ReadResponsesOptions } from "./read_responses.ts";
import { tableReader } from "./read_tables.ts";
import { type Report, reportSubjects } from "./report.ts";
import { subsampleItems } from "./select_items.ts";
import { evalsReader } from "./sources/read_evals.ts";

/** The readers of a table of one's own. */
const READERS = { csv: tableReader("csv"), parquet: tableReader("parquet"), evals: evalsReader };

/** Whether a table can be used, and what is wrong with it. */
export interface Validation {
  /** Why it cannot be used; null when it can. */
  readonly error: string | null;
  /** What it holds; absent when it cannot be used. */
  readonly report?: Report;
  /** Rows and cells that are left out as errors, and the first of them. */
  readonly n_faults: number;
  readonly faults: readonly Fault[];
  readonly warnings: readonly string[];
}

/** The table, and the settings of the workflow that it has to pass. */
export interface ValidateOptions
  extends Omit<ReadResponsesOptions, "warn" | "progress" | "onRead"> {
  readonly table: { readonly path: string; readonly name: string };
  readonly format: keyof typeof READERS;
  readonly items: ItemFilter;
  /** How many items are taken at random; null: all. */
  readonly subsample: number | null;
  /** Seed of that choice: that of the task which makes it. */
  readonly seed: string;
  /** Adds to an error what can be set. */
  readonly withRemedies: (work: () => Promise<Report>) => Promise<Report>;
}

/** Reads a table with all checks that the workflow makes before the fit. */
export async function validateTable(options: ValidateOptions): Promise<Validation> {
  const { table, format, items, seed, subsample, withRemedies } = options;
  const warnings: string[] = [];
  let observations: Observations | undefined;
  const read = async (): Promise<Report> => {
    const { responses, facts } = await readResponses(READERS[format], table, {
      ...options,
      warn: (message) => warnings.push(message),
      onRead: (read) => observations = read,
    });
    const { responses: kept, ...dropped } = filterItems(responses, items);
    requireItems(kept);
    requireItems(subsampleItems(kept, subsample, stream(seed, "subsample")));
    return {
      source: format,
      from: [{ name: table.name, sha256: null }],
      facts,
      filtered: { kept: kept.itemIds.length, ...dropped },
      subjects: reportSubjects(responses),
    };
  };
  const found = (): Omit<Validation, "error"> => ({
    n_faults: FAULTS.reduce((sum, reason) => sum + (observations?.leftOut[reason] ?? 0), 0),
    faults: observations?.faults ?? [],
    warnings,
  });
  try {
    return { error: null, report: await withRemedies(read), ...found() };
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    return { error: cause.message, ...found() };
  }
}
