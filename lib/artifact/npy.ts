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
  /** Whether a NaN stands for a missing number; without it, a NaN is an error. */
  readonly mayBeMissing?: true;
}

/** An array of strings of any rank, in C order (numpy's `<U…`). */
export interface StringArray {
  readonly shape: readonly number[];
  readonly data: readonly string[];
}

/** What one member of an .npz holds. */
export type NpyArray = NumericArray | StringArray;

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

/**
 * Decodes the bytes of a .npy file, little-endian, of a numeric or `<U` type.
 *
 * @param bytes The file.
 * @returns The array with its shape.
 * @throws {TypeError} When the bytes are no .npy file, or one of a kind not read here.
 */
export function decodeNpy(bytes: Uint8Array): NpyArray {
  if (bytes[0] !== 0x93 || new TextDecoder().decode(bytes.subarray(1, 6)) !== "NUMPY") {
    throw new TypeError("Cannot decode .npy: the magic bytes are missing");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [length, start] = bytes[6] === 1
    ? [view.getUint16(8, true), 10]
    : [view.getUint32(8, true), 12];
  const header = new TextDecoder("latin1").decode(bytes.subarray(start, start + length));
  const dtype = /'descr':\s*'([^']+)'/.exec(header)?.[1] ?? "";
  const shape = (/'shape':\s*\(([^)]*)\)/.exec(header)?.[1] ?? "")
    .split(",").map((n) => n.trim()).filter((n) => n !== "").map(Number);
  const isFortran = /'fortran_order':\s*True/.test(header) && shape.length > 1;
  const count = shape.reduce((product, n) => product * n, 1);
  const body = bytes.subarray(start + length);
  const width = /^<U(\d+)$/.exec(dtype)?.[1];
  if (width !== undefined) {
    const data = decodeStrings(body, count, Number(width));
    return { shape, data: isFortran ? fromFortran(shape).map((at) => data[at] ?? "") : data };
  }
  const Type = DTYPES.find(([name]) => name === dtype)?.[1];
  if (Type === undefined) throw new TypeError(`Cannot decode .npy: type ${dtype} is not read here`);
  const item = Number(dtype.slice(2));
  if (body.length < count * item) throw new TypeError("Cannot decode .npy: the file is cut short");
  const data = new Type(body.slice(0, count * item).buffer as ArrayBuffer);
  if (!isFortran) return { shape, data };
  const ordered = new Type(new ArrayBuffer(data.byteLength));
  fromFortran(shape).forEach((at, n) => ordered[n] = data[at]!);
  return { shape, data: ordered };
}

/** Of each entry in C order, its place in Fortran order. */
function fromFortran(shape: readonly number[]): number[] {
  let places = [0];
  let stride = 1;
  for (const size of shape) {
    const step = stride;
    places = places.flatMap((at) => Array.from({ length: size }, (_, n) => at + n * step));
    stride *= size;
  }
  return places;
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
  const width = Math.max(1, ...points.map((p) => p.length));
  const codes = new Uint32Array(data.length * width);
  points.forEach((p, i) => codes.set(p, i * width));
  return { dtype: `<U${width}`, bytes: new Uint8Array(codes.buffer) };
}

function decodeStrings(body: Uint8Array, count: number, width: number): string[] {
  const codes = new Uint32Array(body.slice(0, count * width * 4).buffer);
  return Array.from({ length: count }, (_, i) => {
    const end = codes.subarray(i * width, (i + 1) * width);
    const stop = end.indexOf(0);
    return String.fromCodePoint(...end.subarray(0, stop < 0 ? width : stop));
  });
}
