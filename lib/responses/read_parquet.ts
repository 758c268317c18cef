import { InputError } from "../errors.ts";
import type { LongTable } from "./index_responses.ts";

const REQUIRED = ["subject_id", "item_id", "response"] as const;
const OPTIONAL = ["test_condition"] as const;

/**
 * Reads the columns of a response table in the measurement-db long form from a parquet file.
 *
 * @param bytes The file.
 * @param name Name of the file for errors.
 * @throws {InputError} When it is no parquet file, is damaged, or lacks a column.
 */
export async function readParquet(
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
): Promise<LongTable> {
  const { parquetMetadata, parquetRead } = await import("hyparquet");
  const { compressors } = await import("hyparquet-compressors");
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const damaged = (cause: unknown): InputError => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const remedy = "Give a parquet file in the measurement-db long form.";
    return new InputError(`Cannot read ${name} as parquet: ${reason}. ${remedy}`, { cause });
  };
  let present: ReadonlySet<string>;
  let rows: number;
  try {
    const metadata = parquetMetadata(file);
    present = new Set(metadata.schema.slice(1).map((element) => element.name));
    rows = Number(metadata.num_rows);
  } catch (cause) {
    throw damaged(cause);
  }
  const missing = REQUIRED.filter((column) => !present.has(column));
  if (missing.length > 0) {
    throw new InputError(
      `Cannot use ${name}: the column ${missing.join(" and ")} is missing; it has ` +
        `${[...present].join(", ")}. Rename or add it: the table needs ${REQUIRED.join(", ")}.`,
    );
  }
  const columns = [...REQUIRED, ...OPTIONAL.filter((column) => present.has(column))];
  const data = new Map(columns.map((column) => [column, new Array<unknown>(rows).fill(null)]));
  try {
    await parquetRead({
      file,
      compressors,
      columns,
      onChunk: ({ columnName, columnData, rowStart }) => {
        const target = data.get(columnName as (typeof columns)[number]);
        if (target === undefined) return;
        for (let i = 0; i < columnData.length; i++) target[rowStart + i] = columnData[i];
      },
    });
  } catch (cause) {
    throw damaged(cause);
  }
  return {
    subjectId: data.get("subject_id") ?? [],
    itemId: data.get("item_id") ?? [],
    response: data.get("response") ?? [],
    testCondition: data.get("test_condition") ?? [],
  };
}
