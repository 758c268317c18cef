import { Readable } from "node:stream";
import { crc32, createInflateRaw, createZstdDecompress, inflateRawSync } from "node:zlib";

/** Signatures of a zip's records, as little-endian numbers (PKWARE's APPNOTE, section 4.3). */
const [LOCAL, ENTRY, END, END_64, LOCATOR_64] = [
  0x04034b50,
  0x02014b50,
  0x06054b50,
  0x06064b50,
  0x07064b50,
];

/** Sizes of those records without their variable parts, in bytes. */
const [LOCAL_SIZE, ENTRY_SIZE, END_SIZE, LOCATOR_SIZE, END_64_SIZE] = [30, 46, 22, 20, 56];

/** The longest comment that may follow the last record. */
const MAX_COMMENT = 0xffff;

/** A 32-bit field with this value is kept as 64 bits in the extra field. */
const IN_EXTRA = 0xffffffff;

/** Most members of an archive, unless the caller expects fewer. */
const MAX_MEMBERS = 10_000;

/** A name that would lead out of the folder that an archive is unpacked into. */
const LEADS_OUT = /^[/\\]|(^|[/\\])\.\.([/\\]|$)/;

/** A member of a zip archive. */
export interface ZipMember {
  readonly name: string;
  /** Bytes in the archive. */
  readonly packed: number;
  /** Bytes unpacked, as the archive declares; {@linkcode read} never unpacks more. */
  readonly size: number;
  /**
   * Unpacks the member.
   *
   * @throws {TypeError} When it is encrypted or damaged, or its size or CRC-32 is not as declared.
   */
  read(): Uint8Array<ArrayBuffer>;
  /**
   * Unpacks the member in pieces: deflate, zstd (method 93) or neither.
   *
   * @throws {TypeError} As {@linkcode read}.
   */
  chunks(): AsyncGenerator<Uint8Array>;
}

/** An archive whose parts are read when they are needed. */
export interface ZipSource {
  /** In bytes. */
  readonly length: number;
  slice(start: number, end: number): Uint8Array<ArrayBuffer>;
}

/** An archive in an open file. */
export function zipSourceOf(file: Deno.FsFile): ZipSource {
  const { size } = file.statSync();
  return {
    length: size,
    slice: (start, end) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
      file.seekSync(start, Deno.SeekMode.Start);
      for (let at = 0; at < bytes.length;) {
        const n = file.readSync(bytes.subarray(at));
        if (n === null) throw new RangeError("the file ends early");
        at += n;
      }
      return bytes;
    },
  };
}

/** Packed bytes that are unpacked at a time. */
const BLOCK = 1 << 20;

/**
 * Lists the members of a zip archive; nothing is unpacked yet. Members that share bytes are refused:
 * by them a small archive can claim any number of large members.
 *
 * @param zip The archive.
 * @param maxMembers Most members that it may have.
 * @param mayRepeat Whether a name may come again, for a member that replaces the earlier one.
 * @throws {TypeError} When it is not a zip file, is damaged, or has too many members.
 */
export function openZip(
  zip: ZipSource,
  maxMembers = MAX_MEMBERS,
  mayRepeat = false,
): readonly ZipMember[] {
  try {
    return listMembers(zip, maxMembers, mayRepeat);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new TypeError("not a zip file, or a damaged one: it is cut short", { cause });
  }
}

function listMembers(zip: ZipSource, maxMembers: number, mayRepeat: boolean): ZipMember[] {
  const members: (ZipMember & { readonly start: number; readonly end: number })[] = [];
  const { start: first, end } = directoryOf(zip);
  demand(first <= end && end <= zip.length, "its directory is damaged");
  const directory = part(zip, first, end);
  const view = viewOf(directory);
  for (let at = 0; at < directory.length;) {
    demand(view.getUint32(at, true) === ENTRY, "its directory is damaged");
    if (members.length === maxMembers) {
      throw new TypeError(`it has more than ${maxMembers} members`);
    }
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      view.getUint16(at + field, true)
    ) as [number, number, number];
    const name = new TextDecoder().decode(
      directory.subarray(at + ENTRY_SIZE, at + ENTRY_SIZE + nameLength),
    );
    demand(!LEADS_OUT.test(name), `${name} is an unsafe name`);
    const extra = { from: at + ENTRY_SIZE + nameLength, length: extraLength };
    const [size, packed, offset] = wideFields(view, at, extra);
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
    const entry: Entry = {
      encrypted: (flags & 1) === 1,
      method,
      size,
      packed,
      offset,
      crc: view.getUint32(at + 16, true),
      name,
    };
    // Its own header may have a longer extra field: that is checked when it is read.
    const stop = offset + LOCAL_SIZE + nameLength + packed;
    demand(stop <= zip.length, `the size of ${name} is wrong`);
    const read = (): Uint8Array<ArrayBuffer> => unpacked(zip, entry);
    const chunks = (): AsyncGenerator<Uint8Array> => unpackedChunks(zip, entry);
    members.push({ name, packed, size, read, chunks, start: offset, end: stop });
    at += ENTRY_SIZE + nameLength + extraLength + commentLength;
  }
  const ordered = members.toSorted((a, b) => a.start - b.start);
  demand(ordered.every(({ start }, i) => start >= (ordered[i - 1]?.end ?? 0)), "members overlap");
  const names = new Set(members.map(({ name }) => name));
  demand(mayRepeat || names.size === members.length, "two members share a name");
  return members;
}

/** Bytes of an archive, without a copy where it is in memory. */
function part(zip: ZipSource, start: number, end: number): Uint8Array<ArrayBuffer> {
  return zip instanceof Uint8Array
    ? (zip as Uint8Array<ArrayBuffer>).subarray(start, end)
    : zip.slice(start, end);
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Where the central directory begins and ends. */
function directoryOf(zip: ZipSource): { readonly start: number; readonly end: number } {
  const from = Math.max(0, zip.length - END_SIZE - MAX_COMMENT - LOCATOR_SIZE);
  const view = viewOf(part(zip, from, zip.length));
  const last = view.byteLength - END_SIZE;
  for (let at = last; at >= 0 && at >= last - MAX_COMMENT; at--) {
    if (view.getUint32(at, true) !== END || at + view.getUint16(at + 20, true) !== last) continue;
    const [size, start] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
    const locator = at - LOCATOR_SIZE;
    if (locator < 0 || view.getUint32(locator, true) !== LOCATOR_64) {
      return { start, end: start + size };
    }
    const end = wide(view, locator + 8);
    const wideEnd = viewOf(part(zip, end, end + END_64_SIZE));
    demand(wideEnd.getUint32(0, true) === END_64, "its end is damaged");
    return { start: wide(wideEnd, 48), end: wide(wideEnd, 48) + wide(wideEnd, 40) };
  }
  throw new TypeError("not a zip file, or a damaged one: it has no end record");
}

/** The size, the packed size and the offset of an entry, each from its extra field if too large. */
function wideFields(
  view: DataView,
  entry: number,
  extra: { readonly from: number; readonly length: number },
): [number, number, number] {
  let at = extra.from;
  const end = at + extra.length;
  while (at + 4 <= end && view.getUint16(at, true) !== 1) at += 4 + view.getUint16(at + 2, true);
  at += 4;
  const fields = [24, 20, 42].map((field) => {
    const value = view.getUint32(entry + field, true);
    if (value !== IN_EXTRA || at + 8 > end) return value;
    at += 8;
    return wide(view, at - 8);
  });
  return fields as [number, number, number];
}

function wide(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

/** What the directory says of a member. */
interface Entry {
  readonly encrypted: boolean;
  readonly method: number;
  readonly size: number;
  readonly packed: number;
  readonly offset: number;
  readonly crc: number;
  readonly name: string;
}

/** Methods of packing. */
const [STORED, DEFLATE, ZSTD] = [0, 8, 93];

/** Where a member's packed bytes are. */
function packedRange(zip: ZipSource, { offset, packed, encrypted, method, name }: Entry): {
  readonly start: number;
  readonly end: number;
} {
  if (encrypted) throw new TypeError(`${name} is encrypted`);
  if (![STORED, DEFLATE, ZSTD].includes(method)) {
    throw new TypeError(`${name} is packed by method ${method}`);
  }
  const header = viewOf(part(zip, offset, offset + LOCAL_SIZE));
  demand(header.getUint32(0, true) === LOCAL, `the header of ${name} is wrong`);
  const start = offset + LOCAL_SIZE + header.getUint16(26, true) + header.getUint16(28, true);
  demand(start + packed <= zip.length, `the size of ${name} is wrong`);
  return { start, end: start + packed };
}

function unpacked(zip: ZipSource, entry: Entry): Uint8Array<ArrayBuffer> {
  const { method, size, crc, name } = entry;
  const { start, end } = packedRange(zip, entry);
  if (method === ZSTD) throw new TypeError(`${name} is packed by method ${method}`);
  const bytes = part(zip, start, end);
  const result = method === STORED ? bytes : inflated(bytes, size, name);
  demand(result.length === size, `the size of ${name} is wrong`);
  demand(crc32(result) === crc, `the CRC-32 of ${name} is wrong`);
  return result;
}

async function* unpackedChunks(zip: ZipSource, entry: Entry): AsyncGenerator<Uint8Array> {
  const { method, size, crc, name } = entry;
  const { start, end } = packedRange(zip, entry);
  function* blocks(): Generator<Uint8Array> {
    for (let at = start; at < end; at += BLOCK) yield zip.slice(at, Math.min(end, at + BLOCK));
  }
  const unpacker = method === DEFLATE
    ? createInflateRaw({ chunkSize: BLOCK })
    : method === ZSTD
    ? createZstdDecompress({ chunkSize: BLOCK })
    : undefined;
  const source = Readable.from(blocks());
  source.on("error", (cause) => unpacker?.destroy(cause));
  let [length, sum] = [0, 0];
  try {
    for await (const chunk of unpacker === undefined ? source : source.pipe(unpacker)) {
      length += chunk.length;
      demand(length <= size, `the size of ${name} is wrong`);
      sum = crc32(chunk, sum);
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof TypeError && !("code" in cause)) throw cause;
    throw new TypeError(`not a zip file, or a damaged one: ${name} cannot be unpacked`, { cause });
  } finally {
    source.destroy();
    unpacker?.destroy();
  }
  demand(length === size, `the size of ${name} is wrong`);
  demand(sum === crc, `the CRC-32 of ${name} is wrong`);
}

function inflated(bytes: Uint8Array, size: number, name: string): Uint8Array<ArrayBuffer> {
  try {
    const { buffer, byteOffset, length } = inflateRawSync(bytes, {
      maxOutputLength: Math.max(1, size),
    });
    return new Uint8Array(buffer as ArrayBuffer, byteOffset, length);
  } catch (cause) {
    throw new TypeError(`not a zip file, or a damaged one: ${name} cannot be unpacked`, { cause });
  }
}

function demand(holds: boolean, what: string): void {
  if (!holds) throw new TypeError(`not a zip file, or a damaged one: ${what}`);
}
