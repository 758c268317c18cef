/** A place in bytes; reading moves it on. */
export interface Cursor {
  readonly view: DataView;
  offset: number;
}

/** The numbers, flags and structures of a structure by the ids of their fields. */
export interface ThriftStruct {
  readonly [field: number]: ThriftValue;
}

type ThriftValue = number | boolean | ThriftStruct | undefined;

/** Structures within structures and lists within lists: parquet has some 10. */
const MAX_DEPTH = 24;

/**
 * Reads a structure of Thrift's compact protocol, in which parquet's metadata is written, and so checks
 * that no list claims more elements than there are bytes left. Texts and lists are passed over.
 *
 * @throws {RangeError} When it is damaged, or too deep.
 */
export function readStruct(cursor: Cursor, depth = 0): ThriftStruct {
  const fields: Record<number, ThriftValue> = {};
  for (let field = 0;;) {
    const byte = cursor.view.getUint8(cursor.offset++);
    const type = byte & 15;
    if (type === 0) return fields;
    field = byte >> 4 === 0 ? unfolded(readVarInt(cursor)) : field + (byte >> 4);
    // A flag has its value in its type.
    fields[field] = type === 1 || type === 2 ? type === 1 : readValue(cursor, type, depth + 1);
  }
}

function readValue(cursor: Cursor, type: number, depth: number): ThriftValue {
  if (depth > MAX_DEPTH) throw new RangeError("its metadata is nested too deeply");
  if (type >= 1 && type <= 3) return skip(cursor, 1);
  if (type >= 4 && type <= 6) return unfolded(readVarInt(cursor));
  if (type === 7) return skip(cursor, 8);
  if (type === 8) return skip(cursor, readVarInt(cursor));
  if (type === 12) return readStruct(cursor, depth);
  if (type !== 9) throw new RangeError(`its metadata has a value of the unknown type ${type}`);
  const byte = cursor.view.getUint8(cursor.offset++);
  const size = byte >> 4 === 15 ? readVarInt(cursor) : byte >> 4;
  if (size > left(cursor)) {
    throw new RangeError(`its metadata has a list that claims ${size} values`);
  }
  for (let i = 0; i < size; i++) readValue(cursor, byte & 15, depth + 1);
  return undefined;
}

/** Reads a number of seven bits a byte, the lowest first. */
export function readVarInt(cursor: Cursor): number {
  let value = 0;
  for (let scale = 1;; scale *= 128) {
    const byte = cursor.view.getUint8(cursor.offset++);
    value += (byte & 127) * scale;
    if (byte < 128) return value;
  }
}

/** The signed number of one whose lowest bit is the sign. */
function unfolded(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

function skip(cursor: Cursor, length: number): undefined {
  if (length > left(cursor)) throw new RangeError("its metadata is cut short");
  cursor.offset += length;
}

function left({ view, offset }: Cursor): number {
  return view.byteLength - offset;
}
