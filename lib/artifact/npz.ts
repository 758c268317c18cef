import { unzipSync, type Zippable, zipSync } from "fflate";
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

/**
 * Encodes arrays as an .npz file that `numpy.load` reads. The bytes depend on the arrays and their
 * order alone: the members' dates are fixed.
 *
 * @param arrays Arrays by name.
 * @returns The bytes of the file.
 * @throws {RangeError} When a number is not finite, unless it is NaN and its array allows for missing ones.
 */
export function encodeNpz(arrays: NpzArrays): Uint8Array {
  const members: Zippable = {};
  for (const [name, array] of Object.entries(arrays)) {
    requireFinite(name, array);
    members[`${name}.npy`] = [encodeNpy(array), { level: 1, mtime: "1980-01-01T00:00:00" }];
  }
  return zipSync(members);
}

function requireFinite(name: string, array: NpyArray): void {
  const { data } = array;
  if (!(data instanceof Float64Array || data instanceof Float32Array)) return;
  const missing = "mayBeMissing" in array;
  const at = data.findIndex((x: number) => !Number.isFinite(x) && !(missing && Number.isNaN(x)));
  if (at < 0) return;
  let rest = at;
  const place = array.shape.toReversed().map((n) => {
    const index = rest % n;
    rest = (rest - index) / n;
    return index;
  }).reverse();
  throw new RangeError(`Cannot write array ${name}: it is ${data[at]} at [${place.join(", ")}]`);
}

/**
 * Decodes an .npz file.
 *
 * @param bytes The file, as numpy.savez or numpy.savez_compressed writes it.
 * @returns Arrays by name.
 * @throws {TypeError} When it is no zip file or a member cannot be read.
 */
export function decodeNpz(bytes: Uint8Array): NpzArrays {
  let members: Record<string, Uint8Array>;
  try {
    members = unzipSync(bytes);
  } catch (cause) {
    throw new TypeError("Cannot decode .npz: it is no zip file, or damaged", { cause });
  }
  return Object.fromEntries(
    Object.entries(members).map(([file, member]) => {
      const name = file.replace(/\.npy$/, "");
      try {
        return [name, decodeNpy(member)];
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new TypeError(`${reason} (array ${name})`, { cause: error });
      }
    }),
  );
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
