import { crc32, inflateRawSync } from "node:zlib";

/** Signatures of a zip's records, as little-endian numbers (PKWARE's APPNOTE, section 4.3). */
const [LOCAL, ENTRY, END, END_64, LOCATOR_64] = [
  0x04034b50,
  0x02014b50,
  0x06054b50,
  0x06064b50,
  0x07064b50,
];

/** Sizes of those records without their variable parts, in bytes. */
const [LOCAL_SIZE, ENTRY_SIZE, END_SIZE, LOCATOR_SIZE] = [30, 46, 22, 20];

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
}

/**
 * Lists the members of a zip archive; nothing is unpacked yet. Members that share bytes are refused:
 * by them a small archive can claim any number of large members.
 *
 * @param zip The archive.
 * @param maxMembers Most members that it may have.
 * @throws {TypeError} When it is not a zip file, is damaged, or has too many members.
 */
export function openZip(
  zip: Uint8Array<ArrayBuffer>,
  maxMembers = MAX_MEMBERS,
): readonly ZipMember[] {
  try {
    return listMembers(zip, maxMembers);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new TypeError("not a zip file, or a damaged one: it is cut short", { cause });
  }
}

function listMembers(zip: Uint8Array<ArrayBuffer>, maxMembers: number): ZipMember[] {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const members: (ZipMember & { readonly start: number; readonly end: number })[] = [];
  let { at, end } = directoryOf(view);
  while (at < end) {
    demand(view.getUint32(at, true) === ENTRY, "its directory is damaged");
    if (members.length === maxMembers) {
      throw new TypeError(`it has more than ${maxMembers} members`);
    }
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      view.getUint16(at + field, true)
    ) as [number, number, number];
    const name = new TextDecoder().decode(
      zip.subarray(at + ENTRY_SIZE, at + ENTRY_SIZE + nameLength),
    );
    demand(!LEADS_OUT.test(name), `${name} is an unsafe name`);
    const extra = { from: at + ENTRY_SIZE + nameLength, length: extraLength };
    const [size, packed, offset] = wideFields(view, at, extra);
    demand(view.getUint32(offset, true) === LOCAL, `the header of ${name} is wrong`);
    const start = offset + LOCAL_SIZE + view.getUint16(offset + 26, true) +
      view.getUint16(offset + 28, true);
    demand(start + packed <= zip.length, `the size of ${name} is wrong`);
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
    const read = unpacking(zip.subarray(start, start + packed), {
      encrypted: (flags & 1) === 1,
      method,
      size,
      crc: view.getUint32(at + 16, true),
      name,
    });
    members.push({ name, packed, size, read, start: offset, end: start + packed });
    at += ENTRY_SIZE + nameLength + extraLength + commentLength;
  }
  const ordered = members.toSorted((a, b) => a.start - b.start);
  demand(ordered.every(({ start }, i) => start >= (ordered[i - 1]?.end ?? 0)), "members overlap");
  demand(
    new Set(members.map(({ name }) => name)).size === members.length,
    "two members share a name",
  );
  return members;
}

/** Where the central directory begins and ends. */
function directoryOf(view: DataView): { at: number; end: number } {
  const last = view.byteLength - END_SIZE;
  for (let at = last; at >= 0 && at >= last - MAX_COMMENT; at--) {
    if (view.getUint32(at, true) !== END || at + view.getUint16(at + 20, true) !== last) continue;
    const [size, start] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
    const locator = at - LOCATOR_SIZE;
    if (locator < 0 || view.getUint32(locator, true) !== LOCATOR_64) {
      return { at: start, end: start + size };
    }
    const end = wide(view, locator + 8);
    demand(view.getUint32(end, true) === END_64, "its end is damaged");
    return { at: wide(view, end + 48), end: wide(view, end + 48) + wide(view, end + 40) };
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

function unpacking(bytes: Uint8Array<ArrayBuffer>, { encrypted, method, size, crc, name }: {
  readonly encrypted: boolean;
  readonly method: number;
  readonly size: number;
  readonly crc: number;
  readonly name: string;
}): () => Uint8Array<ArrayBuffer> {
  return () => {
    if (encrypted) throw new TypeError(`${name} is encrypted`);
    if (method !== 0 && method !== 8) throw new TypeError(`${name} is packed by method ${method}`);
    const unpacked = method === 0 ? bytes : inflated(bytes, size, name);
    demand(unpacked.length === size, `the size of ${name} is wrong`);
    demand(crc32(unpacked) === crc, `the CRC-32 of ${name} is wrong`);
    return unpacked;
  };
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
