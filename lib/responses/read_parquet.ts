import type { AsyncBuffer, DecodedArray } from "hyparquet";
import { InputError } from "../errors.ts";
import { type Fault, isSet, Observations, responseCode, show } from "./observations.ts";

const REQUIRED = ["subject_id", "item_id", "response"] as const;
const OPTIONAL = ["test_condition", "benchmark_id"] as const;

/** Columns by their names in the measurement-db long form. */
type Column = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];

/** A page says how large it is unpacked; more than this, in bytes, is not believed. */
const MAX_PAGE = 256 << 20;

/** More rows than this in one row group, or in all, is not believed. */
const MAX_ROWS = 2 ** 30;

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
  const { parquetMetadataAsync, parquetRead } = await import("hyparquet");
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
  if (groups.some((rows) => !(rows >= 0)) || total > MAX_ROWS) {
    throw damaged(new RangeError("it claims an impossible number of rows"));
  }
  const present = new Set(metadata.schema.slice(1).map((element) => element.name));
  refuseMissing(present, into, benchmark, name);

  const compressors = await limitedCompressors();
  let rowStart = 0;
  for (const rows of groups) {
    const end = rowStart + rows;
    const column = async (
      columnName: Column,
      each: (value: unknown, row: number) => void,
    ): Promise<void> => {
      let read = 0;
      const take = (data: DecodedArray, start: number): void => {
        for (let i = 0; i < data.length; i++) {
          const row = start + i - rowStart;
          if (row >= 0 && row < rows) {
            each(data[i], row);
            read++;
          }
        }
      };
      await attempt(async () => {
        await parquetRead({
          file,
          metadata,
          compressors,
          columns: [columnName],
          rowStart,
          rowEnd: end,
          onChunk: ({ columnData, rowStart: start }) => take(columnData, start),
        });
        if (read !== rows) throw new RangeError(`column ${columnName} has ${read} of ${rows} rows`);
      });
    };
    await takeGroup(column, present, rows, rowStart, into, benchmark);
    rowStart = end;
  }
  return into;
}

async function takeGroup(
  column: (name: Column, each: (value: unknown, row: number) => void) => Promise<void>,
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

/** All codecs, each refusing to unpack an impossible page: a few bytes can claim gigabytes. */
async function limitedCompressors(): Promise<
  Record<string, (input: Uint8Array, outputLength: number) => Uint8Array>
> {
  const { compressors } = await import("hyparquet-compressors");
  return Object.fromEntries(
    Object.entries(compressors).map(([codec, unpack]) => [
      codec,
      (input: Uint8Array, outputLength: number): Uint8Array => {
        if (!(outputLength >= 0 && outputLength <= MAX_PAGE)) {
          throw new RangeError(`a page claims ${outputLength} bytes`);
        }
        return unpack(input, outputLength) as Uint8Array;
      },
    ]),
  );
}
