import { type Zippable, zipSync } from "fflate";
import { InputError } from "../base/errors.ts";
import { openZip } from "../base/unzip.ts";
import {
  decodeNpy,
  encodeNpy,
  type NpyArray,
  type NumericArray,
  type NumericData,
  type StringArray,
} from "./npy.ts";

/** The arrays of an .npz file by name. */
export type NpzArrays = Readonly<Record<string, NpyArray>>;

/** Most bytes that the arrays of one file may have together. */
const MAX_UNPACKED = 512 << 20;

/**
 * Encodes arrays as an .npz file that `numpy.load` reads. The bytes depend on the arrays and their
 * order alone: the members' dates are fixed.
 *
 * @param arrays Arrays by name.
 * @returns The bytes of the file.
 * @throws {InputError} When they are more than {@linkcode decodeNpz} reads.
 */
export function encodeNpz(arrays: NpzArrays): Uint8Array<ArrayBuffer> {
  const members: Zippable = {};
  let left = MAX_UNPACKED;
  for (const [name, array] of Object.entries(arrays)) {
    const bytes = encoded(name, array);
    if ((left -= bytes.length) < 0) {
      throw tooLarge(name, `all have more than ${MAX_UNPACKED} bytes`);
    }
    members[`${name}.npy`] = [bytes, { level: 1, mtime: "1980-01-01T00:00:00" }];
  }
  return zipSync(members) as Uint8Array<ArrayBuffer>;
}

function encoded(name: string, array: NpyArray): Uint8Array<ArrayBuffer> {
  try {
    return encodeNpy(array);
  } catch (cause) {
    throw cause instanceof RangeError ? tooLarge(name, cause.message) : cause;
  }
}

function tooLarge(name: string, reason: string): InputError {
  return new InputError(
    `Cannot write the array ${name}: ${reason}. Give a table with fewer rows, or shorter ids.`,
  );
}

/**
 * Opens an .npz file. Each array is unpacked, checked and decoded when it is first asked for, so that
 * arrays that nobody needs may be of any type.
 *
 * @param bytes The file, as numpy.savez or numpy.savez_compressed writes it.
 * @param file Its name for errors.
 * @returns Arrays by name; asking for one that cannot be read throws an InputError.
 * @throws {InputError} When it is not a zip file.
 */
export function decodeNpz(bytes: Uint8Array<ArrayBuffer>, file = "the .npz file"): NpzArrays {
  const attempt = <T>(what: string, work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const remedy = "Save it by numpy.savez, with arrays of numbers or of texts.";
      throw new InputError(`Cannot read ${file}: ${what}${reason}. ${remedy}`, { cause });
    }
  };
  const arrays = {};
  let left = MAX_UNPACKED;
  for (const member of attempt("", () => openZip(bytes))) {
    const name = member.name.replace(/\.npy$/, "");
    attempt("", () => requireNew(arrays, name));
    let array: NpyArray | undefined;
    const decode = (): NpyArray => {
      left -= member.size;
      if (left < 0) throw new RangeError(`the arrays have more than ${MAX_UNPACKED} bytes`);
      return decodeNpy(member.read());
    };
    Object.defineProperty(arrays, name, {
      enumerable: true,
      get: () => array ??= attempt(`array ${name}: `, decode),
    });
  }
  return arrays;
}

function requireNew(arrays: NpzArrays, name: string): void {
  if (Object.hasOwn(arrays, name)) throw new TypeError(`two arrays have the name ${name}`);
}

/**
 * One numeric array of an .npz, of a required type.
 *
 * @throws {TypeError} When it is absent or of another type.
 */
export function numbers<T extends NumericData>(
  arrays: NpzArrays,
  name: string,
  type: new (length: number) => T,
): NumericArray & { readonly data: T } {
  const array = arrays[name];
  if (array === undefined) throw new TypeError(`Cannot read .npz: array ${name} is missing`);
  if (!(array.data instanceof type)) {
    throw new TypeError(`Cannot read .npz: array ${name} is not of type ${type.name}`);
  }
  return { shape: array.shape, data: array.data };
}

/**
 * One array of strings of an .npz.
 *
 * @throws {TypeError} When it is absent or no array of strings.
 */
export function strings(arrays: NpzArrays, name: string): StringArray {
  const array = arrays[name];
  if (array === undefined) throw new TypeError(`Cannot read .npz: array ${name} is missing`);
  if (!Array.isArray(array.data)) {
    throw new TypeError(`Cannot read .npz: array ${name} does not hold strings`);
  }
  return array as StringArray;
}
