import { parquetHeader } from "hyparquet/src/column.js";
import { readVarInt } from "hyparquet/src/thrift.js";

/** A page says how large it is unpacked; more than this, in bytes, is not believed. */
const MAX_PAGE = 256 << 20;

/** What a column chunk of parquet says of itself in the file's metadata. */
export interface ColumnShape {
  /** Rows of the row group. */
  readonly rows: number;
  /** Whether a value may be absent: then the pages begin with definition levels. */
  readonly optional: boolean;
  readonly isBoolean: boolean;
}

/** What is known of a page before it is unpacked. */
interface Page {
  readonly values: number;
  readonly encoding: string | undefined;
  /** Whether definition levels stand at the beginning of what is unpacked. */
  readonly levelsInside: boolean;
  readonly size: number;
}

/**
 * Checks the pages of one flat column chunk before the reader believes what they claim. The reader
 * allocates and loops by the counts in pages and in their runs, so that some damaged bytes would keep
 * it busy for hours, or fill the memory.
 *
 * @param chunk The chunk's bytes.
 * @param shape What the metadata says of it.
 * @returns To be called with each page that was unpacked, in their order.
 * @throws {RangeError} When a page claims what cannot be.
 */
export function checkPages(
  chunk: ArrayBuffer,
  { rows, optional, isBoolean }: ColumnShape,
): (unpacked: Uint8Array) => void {
  const reader = { view: new DataView(chunk), offset: 0 };
  const pages: Page[] = [];
  let seen = 0;
  while (seen < rows && reader.offset < chunk.byteLength - 1) {
    const header = parquetHeader(reader);
    const start = reader.offset;
    const { compressed_page_size: packed, uncompressed_page_size: size } = header;
    demand(within(packed, 0, chunk.byteLength - start), "its size");
    demand(within(size, 0, MAX_PAGE), "its size unpacked");
    const { dictionary_page_header: dictionary, data_page_header: v1, data_page_header_v2: v2 } =
      header;
    if (header.type === "DICTIONARY_PAGE" && dictionary !== undefined) {
      demand(within(dictionary.num_values, 0, size), "its number of values");
      pages.push({ values: dictionary.num_values, encoding: undefined, levelsInside: false, size });
    } else if (header.type === "DATA_PAGE" && v1 !== undefined) {
      demand(within(v1.num_values, 0, rows - seen), "its number of values");
      seen += v1.num_values;
      pages.push({ values: v1.num_values, encoding: v1.encoding, levelsInside: optional, size });
    } else if (header.type === "DATA_PAGE_V2" && v2 !== undefined) {
      demand(within(v2.num_values, 0, rows - seen), "its number of values");
      demand(within(v2.num_nulls, 0, v2.num_values), "its number of nulls");
      const [repetition, definition] = [
        v2.repetition_levels_byte_length,
        v2.definition_levels_byte_length,
      ];
      demand(within(repetition, 0, 0) && within(definition, 0, packed), "its levels");
      if (optional) checkRuns(reader.view, start, start + definition, 1, v2.num_values);
      seen += v2.num_values;
      const page = {
        values: v2.num_values - v2.num_nulls,
        encoding: v2.encoding,
        levelsInside: false,
        size: size - definition,
      };
      demand(page.size >= 0, "its size unpacked");
      if (v2.is_compressed !== false) pages.push(page);
      else {checkPage(
          new Uint8Array(chunk, start + definition, packed - definition),
          page,
          isBoolean,
        );}
    } else if (header.type !== "INDEX_PAGE") demand(false, "its type");
    reader.offset = start + packed;
  }
  demand(seen === rows, `${seen} of ${rows} values`);
  let next = 0;
  return (unpacked) => {
    const page = pages[next++];
    demand(page !== undefined && unpacked.length === page.size, "its size unpacked");
    if (page !== undefined) checkPage(unpacked, page, isBoolean);
  };
}

function checkPage(
  bytes: Uint8Array,
  { values, encoding, levelsInside }: Page,
  isBoolean: boolean,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  if (levelsInside) {
    const length = view.getUint32(0, true);
    demand(within(length, 0, bytes.length - 4), "its levels");
    checkRuns(view, 4, 4 + length, 1, values);
    at = 4 + length;
  }
  if (encoding === "RLE" && isBoolean) {
    demand(at + 4 <= bytes.length, "its length");
    checkRuns(view, at + 4, bytes.length, 1, values);
  } else if (encoding === "RLE" || /_DICTIONARY$/.test(encoding ?? "")) {
    if (values === 0 || at >= bytes.length) return;
    const width = view.getUint8(at);
    demand(within(width, 0, 32), "its width of bits");
    if (width > 0) checkRuns(view, at + 1, bytes.length, width, values);
    else demand(at + 1 === bytes.length || view.getUint8(at + 1) !== 1, "its runs");
  }
}

/** Checks runs of the hybrid of run lengths and packed bits: none is longer than what is wanted. */
function checkRuns(
  view: DataView,
  start: number,
  end: number,
  width: number,
  wanted: number,
): void {
  const reader = { view, offset: start };
  let seen = 0;
  while (seen < wanted && reader.offset < end) {
    const header = readVarInt(reader);
    const packed = (header & 1) === 1;
    const count = packed ? header >> 1 << 3 : header >>> 1;
    // Packed bits come by eights, so that the last may be more than is wanted; writers differ in
    // how many groups they fill up.
    demand(within(count, 0, packed ? 2 * wanted + MAX_PADDING : wanted - seen), "its runs");
    reader.offset += packed ? (count / 8) * width : (width + 7) >> 3;
    seen += count;
  }
  demand(seen >= wanted, "its runs");
}

/** Values of padding after packed bits: some writers fill up a block. */
const MAX_PADDING = 1024;

function within(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function demand(holds: boolean, what: string): void {
  if (!holds) throw new RangeError(`a page is damaged: ${what} cannot be`);
}
