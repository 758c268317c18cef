import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import type { AsyncBuffer, ColumnMetaData, FileMetaData, SchemaTree } from "hyparquet";
import { checkPages, type ColumnShape, MAX_VALUE, OWN } from "./check_pages.ts";

/** Stands in the metadata for pages that are not packed, so that they, too, are handed to a codec. */
const PLAIN = "LZO";

/** Most bytes of a column of a row group. */
const MAX_CHUNK = 1 << 30;

/** A column of one row group of a parquet file. */
export interface ColumnPlace {
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  /** The columns as the metadata describe them. */
  readonly columns: readonly SchemaTree[];
  /** Index of the row group. */
  readonly group: number;
  readonly column: string;
}

/** Unpacks a page, into no more than the bytes that it should have. */
type Unpack = (packed: Uint8Array, length: number) => Uint8Array;

/** Texts are given as their bytes where those are not UTF-8. */
const PARSERS = { stringFromBytes };

/**
 * Reads one flat column of one row group, its pages checked before they are believed.
 *
 * @param place Where it is.
 * @param each Given each value, and its row in the group.
 * @throws {Error} When it is not flat, or is damaged.
 */
export async function readColumn(
  { file, metadata, columns, group, column }: ColumnPlace,
  each: (value: unknown, row: number) => void,
): Promise<void> {
  const { parquetRead } = await import("hyparquet");
  const optional = isOptional(columns, column);
  const { start, end, ...shape } = chunkOf(metadata, group, column);
  const size = end - start;
  if (size > Math.min(MAX_CHUNK, OWN + shape.rows * MAX_VALUE)) {
    throw new RangeError(
      `column ${column} has ${size} bytes for ${shape.rows} rows; shorten its ids`,
    );
  }
  const chunk = await file.slice(start, end);
  const check = checkPages(chunk, { ...shape, optional });
  const compressors = Object.entries(await codecs()).map(([codec, unpack]) => {
    const unpackAndCheck: Unpack = (packed, length) => {
      const page = unpack(packed, length);
      check(page);
      return page;
    };
    return [codec, unpackAndCheck] as const;
  });
  const parts: ArrayLike<unknown>[] = [];
  await parquetRead({
    file: {
      byteLength: file.byteLength,
      slice: (from, to = end) => chunk.slice(from - start, to - start),
    },
    metadata: ofGroup(metadata, group),
    compressors: Object.fromEntries(compressors),
    parsers: PARSERS,
    columns: [column],
    rowStart: 0,
    rowEnd: shape.rows,
    // An error that is thrown in here would be lost.
    onChunk: ({ columnData }) => void parts.push(columnData),
  });
  let read = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length && read < shape.rows; i++) each(part[i], read++);
  }
  if (read !== shape.rows) {
    throw new RangeError(`column ${column} has ${read} of ${shape.rows} rows`);
  }
}

async function codecs(): Promise<Readonly<Record<string, Unpack>>> {
  const { snappyUncompress } = await import("hyparquet");
  const { decompressLz4, decompressLz4Raw } = await import("hyparquet-compressors");
  const bounded = (unpack: typeof gunzipSync): Unpack => (packed, length) => {
    try {
      const page = unpack(packed, { maxOutputLength: Math.max(1, length) });
      return new Uint8Array(page.buffer, page.byteOffset, page.length);
    } catch (cause) {
      throw new RangeError(`a page is damaged, or has more than its ${length} bytes`, { cause });
    }
  };
  return {
    [PLAIN]: (packed) => packed,
    SNAPPY: (packed, length) => {
      const page = new Uint8Array(length);
      snappyUncompress(packed, page);
      return page;
    },
    GZIP: bounded(gunzipSync),
    ZSTD: bounded(zstdDecompressSync),
    BROTLI: bounded(brotliDecompressSync),
    LZ4: decompressLz4,
    LZ4_RAW: decompressLz4Raw,
  };
}

const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function stringFromBytes(bytes: Uint8Array | undefined): unknown {
  try {
    return bytes && UTF_8.decode(bytes);
  } catch {
    return bytes;
  }
}

/** The metadata of one row group as if of a separate file, its pages all handed to a codec. */
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
function isOptional(columns: readonly SchemaTree[], column: string): boolean {
  const [first, ...others] = columns.filter(({ element }) => element.name === column);
  const repetition = first?.element.repetition_type;
  if (
    first === undefined || others.length > 0 || first.children.length > 0 ||
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
  const [chunk, ...others] = columns.flatMap(({ meta_data }) =>
    meta_data?.path_in_schema[0] === column ? [meta_data] : []
  );
  if (chunk === undefined || others.length > 0 || chunk.path_in_schema.length > 1) {
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
