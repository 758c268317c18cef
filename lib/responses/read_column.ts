import type { AsyncBuffer, ColumnMetaData, FileMetaData } from "hyparquet";
import { checkPages, type ColumnShape } from "./check_pages.ts";

/** Stands in the metadata for pages that are not packed, so that they, too, are handed to a codec. */
const PLAIN = "LZO";

/** A column of one row group of a parquet file. */
export interface ColumnPlace {
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  /** Index of the row group. */
  readonly group: number;
  readonly column: string;
}

/**
 * Reads one flat column of one row group, its pages checked before they are believed.
 *
 * @param place Where it is.
 * @param each Given each value, and its row in the group.
 * @throws {Error} When it is not flat, or is damaged.
 */
export async function readColumn(
  { file, metadata, group, column }: ColumnPlace,
  each: (value: unknown, row: number) => void,
): Promise<void> {
  const { parquetRead, parquetSchema } = await import("hyparquet");
  const { compressors: known } = await import("hyparquet-compressors");
  const optional = isOptional(parquetSchema(metadata).children, column);
  const { start, end, ...shape } = chunkOf(metadata, group, column);
  const chunk = await file.slice(start, end);
  const check = checkPages(chunk, { ...shape, optional });
  const codecs = { ...known, [PLAIN]: (input: Uint8Array): Uint8Array => input };
  const checked = Object.entries(codecs).map(([codec, unpack]) => {
    const unpackAndCheck = (input: Uint8Array, length: number): Uint8Array => {
      const page = unpack(input, length) as Uint8Array;
      check(page);
      return page;
    };
    return [codec, unpackAndCheck] as const;
  });
  let read = 0;
  await parquetRead({
    file: {
      byteLength: file.byteLength,
      slice: (from, to = end) => chunk.slice(from - start, to - start),
    },
    metadata: ofGroup(metadata, group),
    compressors: Object.fromEntries(checked),
    columns: [column],
    rowStart: 0,
    rowEnd: shape.rows,
    onChunk: ({ columnData }) => {
      for (let i = 0; i < columnData.length && read < shape.rows; i++) each(columnData[i], read++);
    },
  });
  if (read !== shape.rows) {
    throw new RangeError(`column ${column} has ${read} of ${shape.rows} rows`);
  }
}

/** The metadata of one row group as if of a file of its own, its pages all handed to a codec. */
function ofGroup(metadata: FileMetaData, group: number): FileMetaData {
  const rowGroup = metadata.row_groups[group]!;
  const columns = rowGroup.columns.map((column) =>
    column.meta_data?.codec === "UNCOMPRESSED"
      ? { ...column, meta_data: { ...column.meta_data, codec: PLAIN } as ColumnMetaData }
      : column
  );
  return { ...metadata, row_groups: [{ ...rowGroup, columns }] };
}

/** Whether values of a flat column may be absent. */
function isOptional(
  children: readonly {
    readonly element: { readonly name: string; readonly repetition_type?: string };
    readonly children: readonly unknown[];
  }[],
  column: string,
): boolean {
  const named = children.filter(({ element }) => element.name === column);
  const [first] = named;
  const repetition = first?.element.repetition_type;
  if (
    first === undefined || named.length > 1 || first.children.length > 0 ||
    repetition === "REPEATED"
  ) throw notFlat(column);
  return repetition !== "REQUIRED";
}

/** Where a column's bytes are, and what the metadata says of it. */
function chunkOf(
  metadata: FileMetaData,
  group: number,
  column: string,
): Omit<ColumnShape, "optional"> & { readonly start: number; readonly end: number } {
  const { num_rows, columns } = metadata.row_groups[group]!;
  const chunks = columns.flatMap(({ meta_data }) =>
    meta_data?.path_in_schema[0] === column ? [meta_data] : []
  );
  const [chunk] = chunks;
  if (chunk === undefined || chunks.length > 1 || chunk.path_in_schema.length > 1) {
    throw notFlat(column);
  }
  const start = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
  return {
    rows: Number(num_rows),
    isBoolean: chunk.type === "BOOLEAN",
    start,
    end: start + Number(chunk.total_compressed_size),
  };
}

function notFlat(column: string): TypeError {
  return new TypeError(`column ${column} is not one of single values`);
}
