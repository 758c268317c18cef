import type { AsyncBuffer } from "hyparquet";
import { InputError } from "../base/errors.ts";
import { type Fault, Observations } from "./observations.ts";
import { readColumn } from "./read_column.ts";
import { isSet, responseCode, show } from "./values.ts";

const REQUIRED = ["subject_id", "item_id", "response"] as const;
const OPTIONAL = ["test_condition", "benchmark_id"] as const;

/** Columns by their names in the measurement-db long form. */
type Column = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];

/** More rows than this might not fit into memory; a few bytes can claim them. */
const MAX_ROWS = 50_000_000;

/** How to read a table that may have several files. */
export interface ReadOptions {
  /** Receives the rows. */
  readonly into?: Observations;
  /** The benchmark of all rows, whatever the table says. */
  readonly benchmark?: string;
}

/**
 * Reads a response table in the measurement-db long form from a parquet file, one column of one row
 * group at a time: 10⁷ rows need less than 2 GB.
 *
 * @param source The file, or how to read pieces of it.
 * @param name Name of the file for errors.
 * @param options How.
 * @returns The observations.
 * @throws {InputError} When it is no parquet file, is damaged, or lacks a column.
 */
export async function readParquet(
  source: Uint8Array<ArrayBuffer> | AsyncBuffer,
  name: string,
  { into = new Observations(), benchmark }: ReadOptions = {},
): Promise<Observations> {
  const { parquetMetadataAsync, parquetSchema } = await import("hyparquet");
  const file = source instanceof Uint8Array ? bufferOf(source) : source;
  const damaged = (cause: unknown): InputError => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const remedy = "Give a parquet file in the measurement-db long form.";
    return new InputError(`Cannot read ${name} as parquet: ${reason}. ${remedy}`, { cause });
  };
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw damaged(cause);
    }
  };
  const metadata = await attempt(() => parquetMetadataAsync(file));
  const groups = metadata.row_groups.map(({ num_rows }) => Number(num_rows));
  const total = groups.reduce((sum, rows) => sum + rows, 0);
  if (groups.some((rows) => !(rows >= 0)) || !(total <= MAX_ROWS)) {
    throw damaged(new RangeError(`it claims ${total} rows; at most ${MAX_ROWS} are read`));
  }
  const { children } = await attempt(() => Promise.resolve(parquetSchema(metadata)));
  const present = new Set(children.map(({ element }) => element.name));
  refuseMissing(present, into, benchmark, name);

  let rowStart = 0;
  for (const [group, rows] of groups.entries()) {
    const column: ReadColumn = (column, each) =>
      readColumn({ file, metadata, group, column }, each);
    await attempt(() => takeGroup(column, present, rows, rowStart, into, benchmark));
    rowStart += rows;
  }
  return into;
}

/** Reads a column of a row group, giving each value and its row in the group. */
type ReadColumn = (column: Column, each: (value: unknown, row: number) => void) => Promise<void>;

async function takeGroup(
  column: ReadColumn,
  present: ReadonlySet<string>,
  rows: number,
  rowStart: number,
  into: Observations,
  benchmark: string | undefined,
): Promise<void> {
  const benchmarks = new Int32Array(rows);
  const [subjects, items] = [new Int32Array(rows), new Int32Array(rows)];
  const [responses, conditions] = [new Uint8Array(rows), new Uint8Array(rows)];
  const odd = new Map<number, unknown>();
  if (benchmark === undefined && present.has("benchmark_id")) {
    await column("benchmark_id", (value, row) => benchmarks[row] = into.benchmarkCode(value));
  } else benchmarks.fill(into.benchmarkCode(benchmark));
  await column("subject_id", (value, row) => {
    subjects[row] = benchmarks[row]! < 0 ? -1 : into.subjectCode(value);
  });
  await column("item_id", (value, row) => items[row] = into.itemCode(benchmarks[row]!, value));
  await column("response", (value, row) => {
    responses[row] = responseCode(value);
    if (responses[row]! > 1 && odd.size < MAX_ODD) odd.set(row, value);
  });
  if (present.has("test_condition")) {
    await column("test_condition", (value, row) => conditions[row] = Number(isSet(value)));
  }
  for (let row = 0; row < rows; row++) {
    const [benchmark, subject, item] = [benchmarks[row]!, subjects[row]!, items[row]!];
    const condition = conditions[row] === 1;
    const fault = (): Fault => ({
      where: `row ${rowStart + row + 1}`,
      what: subject < 0
        ? "no subject_id"
        : item < 0
        ? "no item_id"
        : `response ${odd.has(row) ? show(odd.get(row)) : ""}`.trim(),
    });
    into.addCoded({ benchmark, subject, item, response: responses[row]!, condition }, fault);
  }
}

/** So many odd responses of a row group are remembered, to be shown. */
const MAX_ODD = 100;

function refuseMissing(
  present: ReadonlySet<string>,
  into: Observations,
  benchmark: string | undefined,
  name: string,
): void {
  const missing = REQUIRED.filter((column) => !present.has(column));
  if (missing.length > 0) {
    throw new InputError(
      `Cannot use ${name}: the column ${missing.join(" and ")} is missing; it has ` +
        `${[...present].join(", ")}. Rename or add it: the table needs ${REQUIRED.join(", ")}.`,
    );
  }
  if (into.wanted !== undefined && benchmark === undefined && !present.has("benchmark_id")) {
    throw noBenchmarkColumn(name);
  }
}

/** Benchmarks were asked for, but the table does not say of which each row is. */
export function noBenchmarkColumn(name: string): InputError {
  return new InputError(
    `Cannot use ${name}: responses.benchmarks names benchmarks, but the table has no column ` +
      "benchmark_id. Add it, or set responses.benchmarks=null.",
  );
}

function bufferOf(bytes: Uint8Array<ArrayBuffer>): AsyncBuffer {
  return {
    byteLength: bytes.byteLength,
    slice: (start, end) => bytes.slice(start, end).buffer,
  };
}
