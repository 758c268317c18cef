import { crc32 } from "node:zlib";
import { type Cursor, readStruct, readVarInt, type ThriftStruct } from "./thrift.ts";

/** Most bytes of a page, and of all pages of a column of a row group, unpacked. */
const [MAX_PAGE, MAX_COLUMN] = [256 << 20, 1 << 30];

/** Most bytes that a value takes in a page, on average, beyond a page's own. */
export const [MAX_VALUE, OWN] = [1 << 16, 1 << 20];

/** Types of pages by number (parquet.thrift). */
const [DATA_PAGE, INDEX_PAGE, DICTIONARY_PAGE, DATA_PAGE_V2] = [0, 1, 2, 3];

/** Encodings by number: in runs, of them those of a dictionary's places, and in blocks. */
const RUNS: readonly unknown[] = [2, 3, 8];
const DICTIONARIES: readonly unknown[] = [2, 8];
const DELTAS: readonly unknown[] = [5, 6, 7];

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
  /** Undefined: a dictionary. */
  readonly encoding: unknown;
  /** Whether definition levels stand at the beginning of what is unpacked. */
  readonly levelsInside: boolean;
  /** Bytes unpacked. */
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
  const cursor: Cursor = { view: new DataView(chunk), offset: 0 };
  const pages: Page[] = [];
  let [seen, total] = [0, 0];
  while (seen < rows && cursor.offset < chunk.byteLength - 1) {
    const { 1: type, 2: size, 3: packed, 4: crc, 5: v1, 7: dictionary, 8: v2 } = readStruct(cursor);
    const start = cursor.offset;
    demand(within(packed, chunk.byteLength - start), "its size");
    demand(within(size, MAX_PAGE) && (total += size) <= MAX_COLUMN, "its size unpacked");
    const bytes = new Uint8Array(chunk, start, packed);
    demand(crc === undefined || crc32(bytes) === Number(crc) >>> 0, "its CRC-32");
    if (type === DICTIONARY_PAGE) {
      const values = fieldsOf(dictionary)[1];
      demand(within(values, size), "its number of values");
      demand(size <= OWN + values * MAX_VALUE, "its size for its values");
      pages.push({ values, encoding: undefined, levelsInside: false, size });
    } else if (type === DATA_PAGE) {
      const { 1: values, 2: encoding } = fieldsOf(v1);
      demand(within(values, rows - seen), "its number of values");
      demand(size <= OWN + values * MAX_VALUE, "its size for its values");
      seen += values;
      pages.push({ values, encoding, levelsInside: optional, size });
    } else if (type === DATA_PAGE_V2) {
      const { 1: values, 2: nulls, 4: encoding, 5: levels, 6: repeated, 7: isPacked } = fieldsOf(
        v2,
      );
      demand(within(values, rows - seen) && within(nulls, values), "its number of values");
      demand(size <= OWN + values * MAX_VALUE, "its size for its values");
      demand(within(levels, Math.min(packed, size)) && repeated === 0, "its levels");
      if (optional) checkRuns(cursor.view, start, start + levels, 1, values);
      seen += values;
      const page = { values: values - nulls, encoding, levelsInside: false, size: size - levels };
      if (isPacked !== false) pages.push(page);
      else checkPage(bytes.subarray(levels), page, isBoolean);
    } else demand(type === INDEX_PAGE, "its type");
    cursor.offset = start + packed;
  }
  demand(seen === rows, `${seen} of ${rows} values`);
  let next = 0;
  return (unpacked) => {
    const page = pages[next++];
    demand(page !== undefined && unpacked.length === page.size, "its size unpacked");
    checkPage(unpacked, page, isBoolean);
  };
}

function checkPage(
  bytes: Uint8Array,
  { values: all, encoding, levelsInside }: Page,
  isBoolean: boolean,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [at, values] = [0, all];
  if (levelsInside) {
    const length = view.getUint32(0, true);
    demand(within(length, bytes.length - 4), "its levels");
    at = 4 + length;
    values = checkRuns(view, 4, at, 1, all);
  }
  demand(!isBoolean || !DICTIONARIES.includes(encoding), "its encoding");
  if (RUNS.includes(encoding) && isBoolean) checkRuns(view, at + 4, bytes.length, 1, values);
  else if (DELTAS.includes(encoding)) {
    const cursor = { view, offset: at };
    const [block, miniblocks] = [readVarInt(cursor), readVarInt(cursor)];
    demand(within(block, MAX_PAGE) && within(miniblocks, bytes.length), "its blocks");
  } else if (RUNS.includes(encoding) && values > 0) {
    const width = view.getUint8(at);
    demand(within(width, 32), "its width of bits");
    if (width > 0) checkRuns(view, at + 1, bytes.length, width, values);
    else demand(at + 1 === bytes.length || view.getUint8(at + 1) !== 1, "its runs");
  }
}

/**
 * Checks runs of the hybrid of run lengths and packed bits: none is longer than what is wanted.
 *
 * @returns Of runs one bit wide: how many of the wanted values are 1.
 */
function checkRuns(
  view: DataView,
  start: number,
  end: number,
  width: number,
  wanted: number,
): number {
  const cursor = { view, offset: start };
  let [seen, ones] = [0, 0];
  while (seen < wanted && cursor.offset < end) {
    const header = readVarInt(cursor);
    const isPacked = header % 2 === 1;
    const count = isPacked ? (header - 1) * 4 : header / 2;
    // Packed bits come by eights, so that the last may be more than is wanted; writers differ in
    // how many groups they fill up.
    demand(within(count, isPacked ? 2 * wanted + MAX_PADDING : wanted - seen), "its runs");
    for (let i = 0; width === 1 && i < Math.min(count, wanted - seen); i++) {
      const byte = view.getUint8(cursor.offset + (isPacked ? i >> 3 : 0));
      ones += byte >> (isPacked ? i & 7 : 0) & 1;
    }
    cursor.offset += isPacked ? (count / 8) * width : (width + 7) >> 3;
    seen += count;
  }
  demand(seen >= wanted, "its runs");
  return ones;
}

/** Values of padding after packed bits: some writers fill up a block. */
const MAX_PADDING = 1024;

function fieldsOf(value: ThriftStruct[number]): ThriftStruct {
  return typeof value === "object" ? value : {};
}

function within(value: unknown, most: number): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;
}

function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw new RangeError(`a page is damaged: ${what} cannot be`);
}
