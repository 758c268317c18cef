import type { AsyncBuffer, FileMetaData, SchemaTree } from "hyparquet";
import { InputError } from "../base/errors.ts";
import { exactId } from "./exact_id.ts";
import {
  columnName,
  type ColumnRole,
  COLUMNS,
  type Columns,
  findColumn,
  REQUIRED_ROLES,
  sayMissing,
} from "./columns.ts";
import { type Fault, Observations } from "./observations.ts";
import { readColumn } from "./read_column.ts";
import { TableError } from "./table_error.ts";
import { readStruct } from "./thrift.ts";
import { isSet, show } from "./values.ts";

const ROLES = Object.keys(COLUMNS) as ColumnRole[];

/** Columns by their names in the measurement-db long form. */
type Column = typeof COLUMNS[ColumnRole];

/** More rows than this might not fit into memory. */
const MAX_ROWS = 50_000_000;

/** A few bytes can claim any number of rows; real responses have some 10 a byte. */
const MAX_ROWS_A_BYTE = 1000;

/** Most bytes of a file's metadata. */
const MAX_METADATA = 16 << 20;

/** Bytes at the end of a file: the length of the metadata, and a mark. */
const TAIL = 8;

/** How to read a table that may have several files. */
export interface ReadOptions {
  /** Receives the rows. */
  readonly into?: Observations;
  /** The benchmark of all rows, whatever the table says. */
  readonly benchmark?: string;
  /** The columns that have another name. */
  readonly columns?: Columns;
}

/**
 * Reads a response table in the measurement-db long form from a parquet file, one column of one row
 * group at a time: 10⁷ rows need less than 2 GB.
 *
 * @param source The file, or how to read pieces of it.
 * @param name Name of the file for errors.
 * @param options How.
 * @returns The observations.
 * @throws {InputError} When it is not a parquet file, is damaged, lacks a column, or an id is not exact.
 */
export async function readParquet(
  source: Uint8Array<ArrayBuffer> | AsyncBuffer,
  name: string,
  { into = new Observations(), benchmark, columns: named = {} }: ReadOptions = {},
): Promise<Observations> {
  into.startFile(name);
  const file = source instanceof Uint8Array ? bufferOf(source) : source;
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof InputError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      const remedy = "Give a parquet file in the measurement-db long form.";
      throw new InputError(`Cannot read ${name} as parquet: ${reason}. ${remedy}`, { cause });
    }
  };
  const { metadata, columns } = await attempt(() => describe(file));
  const fields = columns.map(({ element }) => String(element.name ?? ""));
  const found = ROLES.flatMap((role) => {
    const field = fields[findColumn(fields, role, named)];
    return field === undefined ? [] : [[COLUMNS[role], field] as const];
  });
  const nameOf = new Map<Column, string>(found);
  const present: ReadonlySet<Column> = new Set(nameOf.keys());
  requireColumns(fields, present, into, benchmark, name, named);
  const ids = new Set(IDS.map((column) => nameOf.get(column)));
  const unusable = (where: string, cause: unknown): InputError =>
    unusableId(name, where, cause instanceof Error ? cause.message : String(cause));
  const exact = new Map<string, (value: unknown) => unknown>();
  for (const { element } of columns) {
    if (!ids.has(element.name)) continue;
    try {
      exact.set(element.name, exactId(element));
    } catch (cause) {
      throw unusable(`column ${element.name}`, cause);
    }
  }
  let rowStart = 0;
  for (const [group, { num_rows }] of metadata.row_groups.entries()) {
    const column: ReadColumn = (column, each) => {
      const field = nameOf.get(column)!;
      const exactly = exact.get(field);
      return readColumn({ file, metadata, columns, group, column: field }, (value, row) => {
        try {
          each(exactly === undefined ? value : exactly(value), row);
        } catch (cause) {
          throw unusable(`row ${rowStart + row + 1}, ${column}`, cause);
        }
      });
    };
    const rows = Number(num_rows);
    await attempt(() => takeGroup(column, present, rows, rowStart, into, benchmark));
    rowStart += rows;
  }
  return into;
}

/** Columns of ids. */
const IDS = [COLUMNS.subject, COLUMNS.item, COLUMNS.benchmark];

function unusableId(name: string, where: string, reason: string): InputError {
  return new InputError(
    `Cannot use ${name}: ${where}: ${reason}. Write ids as whole numbers or as text in UTF-8, so ` +
      "that no two become one.",
  );
}

/** A file's metadata, checked before the reader believes what it claims. */
async function describe(
  file: AsyncBuffer,
): Promise<{ readonly metadata: FileMetaData; readonly columns: readonly SchemaTree[] }> {
  const { parquetMetadataAsync, parquetSchema } = await import("hyparquet");
  if (file.byteLength < TAIL) throw new RangeError("it is too short");
  const end = file.byteLength - TAIL;
  const length = new DataView(await file.slice(end)).getUint32(0, true);
  if (length > Math.min(MAX_METADATA, end)) {
    throw new RangeError(`its metadata cannot have ${length} bytes`);
  }
  readStruct({ view: new DataView(await file.slice(end - length, end)), offset: 0 });
  const metadata = await parquetMetadataAsync(file);
  const groups = metadata.row_groups.map(({ num_rows }) => Number(num_rows));
  const total = groups.reduce((sum, rows) => sum + rows, 0);
  const most = Math.min(MAX_ROWS, MAX_ROWS_A_BYTE * file.byteLength);
  if (groups.some((rows) => !(rows >= 0)) || !(total <= most)) {
    throw new RangeError(`it claims ${total} rows in ${file.byteLength} bytes`);
  }
  return { metadata, columns: parquetSchema(metadata).children };
}

/** Reads a column of a row group, giving each value and its row in the group. */
type ReadColumn = (column: Column, each: (value: unknown, row: number) => void) => Promise<void>;

async function takeGroup(
  column: ReadColumn,
  present: ReadonlySet<Column>,
  rows: number,
  rowStart: number,
  into: Observations,
  benchmark: string | undefined,
): Promise<void> {
  const benchmarks = new Int32Array(rows);
  const [subjects, items] = [new Int32Array(rows), new Int32Array(rows)];
  const [responses, conditions] = [new Float64Array(rows), new Uint8Array(rows)];
  const odd = new Map<number, unknown>();
  if (benchmark === undefined && present.has("benchmark_id")) {
    await column("benchmark_id", (value, row) => benchmarks[row] = into.benchmarkCode(value));
  } else benchmarks.fill(into.benchmarkCode(benchmark));
  await column("subject_id", (value, row) => {
    subjects[row] = benchmarks[row]! < 0 ? -1 : into.subjectCode(value);
  });
  await column("item_id", (value, row) => items[row] = into.itemCode(benchmarks[row]!, value));
  await column("response", (value, row) => {
    responses[row] = into.responseOf(value);
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

/** Most odd responses of a row group that are remembered, to be shown. */
const MAX_ODD = 100;

function requireColumns(
  fields: readonly string[],
  present: ReadonlySet<Column>,
  into: Observations,
  benchmark: string | undefined,
  name: string,
  columns: Columns,
): void {
  const missing = REQUIRED_ROLES.filter((role) => !present.has(COLUMNS[role]))
    .map((role) => columnName(role, columns));
  if (missing.length > 0) {
    throw new TableError(
      `Cannot use ${name}: ${sayMissing(missing)}; it has ` +
        `${fields.slice(0, 20).join(", ")}${fields.length > 20 ? ", …" : ""}. Rename or add it.`,
      "columns",
    );
  }
  if (into.wanted !== undefined && benchmark === undefined && !present.has("benchmark_id")) {
    throw noBenchmarkColumn(name);
  }
}

/** Benchmarks were asked for, but the table does not say of which each row is. */
export function noBenchmarkColumn(name: string): InputError {
  return new TableError(
    `Cannot use ${name}: benchmarks are asked for, but the table has no column benchmark_id. Add it.`,
    "benchmarks",
  );
}

function bufferOf(bytes: Uint8Array<ArrayBuffer>): AsyncBuffer {
  return {
    byteLength: bytes.byteLength,
    slice: (start, end) => bytes.slice(start, end).buffer,
  };
}
