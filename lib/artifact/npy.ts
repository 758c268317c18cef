/** The typed arrays that a numeric .npy array can hold here. */
export type NumericData =
  | Float64Array
  | Float32Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array
  | BigInt64Array;

/** A numeric array of any rank, in C order. */
export interface NumericArray {
  readonly shape: readonly number[];
  readonly data: NumericData;
}

/** An array of strings of any rank, in C order (numpy's `<U…`). */
export interface StringArray {
  readonly shape: readonly number[];
  readonly data: readonly string[];
}

/** What one member of an .npz holds. */
export type NpyArray = NumericArray | StringArray;

/** Bytes of a character of NumPy's texts (UTF-32). */
const CODE_POINT = 4;

/** Most bytes of an array of texts, all kept at the length of the longest. */
const MAX_TEXTS = 256 << 20;

/** The last code point of Unicode. */
const MAX_CODE_POINT = 0x10ffff;

const DTYPES: readonly [string, new (buffer: ArrayBuffer) => NumericData][] = [
  ["<f8", Float64Array],
  ["<f4", Float32Array],
  ["<i8", BigInt64Array],
  ["<i4", Int32Array],
  ["<i2", Int16Array],
  ["|i1", Int8Array],
  ["<u4", Uint32Array],
  ["<u2", Uint16Array],
  ["|u1", Uint8Array],
];

/**
 * Encodes an array in NumPy's .npy format, version 1.0 (numpy.lib.format).
 *
 * @param array Numbers or strings with their shape; a shape of `[]` is a scalar.
 * @returns The bytes of the file.
 * @throws {RangeError} When the shape does not match the number of entries.
 */
export function encodeNpy(array: NpyArray): Uint8Array<ArrayBuffer> {
  const count = array.shape.reduce((product, n) => product * n, 1);
  if (count !== array.data.length) {
    throw new RangeError(
      `Cannot encode .npy: shape (${array.shape}) holds ${count}, not ${array.data.length}`,
    );
  }
  const { dtype, bytes } = isStrings(array)
    ? encodeStrings(array.data)
    : encodeNumbers(array.data as NumericData);
  const shape = array.shape.length === 1 ? `${array.shape[0]},` : array.shape.join(", ");
  let header = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${shape}), }`;
  header = header.padEnd(header.length + 63 - ((10 + header.length) % 64)) + "\n";
  const out = new Uint8Array(10 + header.length + bytes.length);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  out.set(new TextEncoder().encode(header), 10);
  out.set(bytes, 10 + header.length);
  return out;
}

/** NumPy's own limits of dimensions, and of bytes of a header. */
const [MAX_RANK, MAX_HEADER] = [64, 10_000];

/**
 * Decodes the bytes of a .npy file of a numeric or `<U` type, of either byte order and memory order,
 * from any version of NumPy.
 *
 * @param bytes The file.
 * @returns The array with its shape.
 * @throws {TypeError} When the bytes are not a .npy file, or one of a kind that is not read here.
 */
export function decodeNpy(bytes: Uint8Array): NpyArray {
  if (bytes[0] !== 0x93 || new TextDecoder().decode(bytes.subarray(1, 6)) !== "NUMPY") {
    throw new TypeError("it is not a .npy file: the magic bytes are missing");
  }
  const { dtype, shape, isFortran, body } = readHeader(bytes);
  const count = shape.reduce((product, n) => product * n, 1);
  const [, order = "", kind = "", digits = ""] = /^([<>=|]?)([a-zA-Z])(\d+)$/.exec(dtype) ?? [];
  const Type = DTYPES.find(([name]) => name.slice(1) === `${kind}${digits}`)?.[1];
  if (Type === undefined && kind !== "U") throw new TypeError(`type ${dtype} is not read here`);
  const item = kind === "U" ? CODE_POINT : Number(digits);
  const length = count * (kind === "U" ? CODE_POINT * Number(digits) : item);
  if (count > 0 && length === 0) throw new TypeError("its texts have a length of 0");
  if (!(length <= body.length)) throw new TypeError("it is cut short");
  if (length < body.length) {
    throw new TypeError(`it has ${body.length - length} bytes more than its shape says`);
  }
  const own = body.slice(0, length);
  if (order === ">") swapBytes(own, item);
  const data = Type === undefined ? decodeStrings(own, count) : new Type(own.buffer);
  return { shape, data: isFortran && count > 0 ? inRows(shape, data) : data } as NpyArray;
}

/** An entry of a header, which is a Python dictionary. */
const ENTRY = /['"](descr|fortran_order|shape)['"]\s*:\s*(\[.*\]|['"][^'"]*['"]|\([^()]*\)|\w+)/g;

/** A tuple of whole numbers; Python 2 wrote `40L` for 40. */
const SHAPE = /^\((\s*\d+L?\s*,)*(\s*\d+L?)?\s*\)$/;

/** Versions of the format; they differ in how long a header may be, and in its encoding. */
const VERSIONS: readonly unknown[] = [1, 2, 3];

function readHeader(bytes: Uint8Array): {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly isFortran: boolean;
  readonly body: Uint8Array;
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12) throw new TypeError("it is cut short");
  if (!VERSIONS.includes(bytes[6])) throw new TypeError(`version ${bytes[6]} is not read here`);
  const [length, start] = bytes[6] === 1
    ? [view.getUint16(8, true), 10]
    : [view.getUint32(8, true), 12];
  if (length > MAX_HEADER) throw new TypeError(`its header cannot have ${length} bytes`);
  const header = new TextDecoder("latin1").decode(bytes.subarray(start, start + length));
  const found = [...header.matchAll(ENTRY)];
  const entries = new Map(found.map(([, key, value = ""]) => [key, value]));
  const [dtype = "", order = "", dimensions = ""] = ["descr", "fortran_order", "shape"].map((key) =>
    entries.get(key)
  );
  const isWhole = /^\s*\{[\s,]*\}\s*$/.test(header.replaceAll(ENTRY, "")) && found.length === 3;
  const shape = dimensions.match(/\d+/g)?.map(Number) ?? [];
  const isSound = SHAPE.test(dimensions) && /^(true|false)$/i.test(order) && dtype !== "";
  if (!isWhole || !isSound || shape.length > MAX_RANK) {
    throw new TypeError("its header cannot be understood");
  }
  return {
    dtype: dtype.replace(/^['"]|['"]$/g, ""),
    shape,
    isFortran: order.toLowerCase() === "true" && shape.length > 1,
    body: bytes.subarray(start + length),
  };
}

/** Turns the bytes of each entry around, in place. */
function swapBytes(bytes: Uint8Array, item: number): void {
  for (let at = 0; at < bytes.length; at += item) bytes.subarray(at, at + item).reverse();
}

/** Entries in C order (the last index varies fastest) of those in Fortran order. */
function inRows(shape: readonly number[], data: NpyArray["data"]): NpyArray["data"] {
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, 1));
  const index = shape.map(() => 0);
  const rows = data.slice() as NumericData;
  for (let n = 0, at = 0; n < data.length; n++) {
    rows[n] = data[at] as number;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      at -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return rows;
}

function isStrings(array: NpyArray): array is StringArray {
  return Array.isArray(array.data);
}

function encodeNumbers(data: NumericData): { dtype: string; bytes: Uint8Array } {
  const dtype = DTYPES.find(([, Type]) => data.constructor === Type)?.[0];
  if (dtype === undefined) throw new TypeError(`Cannot encode .npy: ${data.constructor.name}`);
  return { dtype, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

function encodeStrings(data: readonly string[]): { dtype: string; bytes: Uint8Array } {
  const points = data.map((text) => Array.from(text, (character) => character.codePointAt(0) ?? 0));
  const width = points.reduce((longest, { length }) => Math.max(longest, length), 1);
  if (data.length * width * CODE_POINT > MAX_TEXTS) {
    throw new RangeError(
      `${data.length} texts, each kept at the ${width} characters of the longest, take more than ` +
        `${MAX_TEXTS} bytes`,
    );
  }
  const codes = new Uint32Array(data.length * width);
  points.forEach((p, i) => codes.set(p, i * width));
  return { dtype: `<U${width}`, bytes: new Uint8Array(codes.buffer) };
}

function decodeStrings(body: Uint8Array<ArrayBuffer>, count: number): string[] {
  const codes = new Uint32Array(body.buffer);
  const width = count === 0 ? 0 : codes.length / count;
  return Array.from({ length: count }, (_, i) => {
    // A text is filled up with NUL; one within it is its own.
    let [text, end] = ["", (i + 1) * width];
    while (end > i * width && codes[end - 1] === 0) end--;
    for (const code of codes.subarray(i * width, end)) {
      if (code > MAX_CODE_POINT) throw new TypeError("a text of it is damaged");
      text += String.fromCodePoint(code);
    }
    return text;
  });
}
