import { deflateSync, inflateSync } from "fflate";
import { InputError } from "../base/errors.ts";
import { readPool } from "../pool/read_pool.ts";
import { type Matrix, matrix } from "../stats/matrix.ts";

/** Longer links are cut by browsers, or by what they are sent with: in characters. */
const MAX_LENGTH = 500_000;
/** A packed pool may not become larger, in bytes. */
const MAX_BYTES = 16 << 20;

/** A pool as part of a link, every bit of it; undefined where it is too long for one. */
export function packPool({ cols, data }: Matrix): string | undefined {
  const bytes = deflateSync(new Uint8Array(Float64Array.from(data).buffer), { level: 9 });
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const packed = `${cols}.${text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
  return packed.length <= MAX_LENGTH ? packed : undefined;
}

/**
 * The pool of a link.
 *
 * @throws {InputError} When the link does not hold one, such as when it was cut.
 */
export function unpackPool(packed: string): Matrix {
  const broken =
    "The link's pool cannot be read: the link may have been cut. Drop the pool's file again.";
  const [, cols, text = ""] = /^(\d+)\.([\w-]+)$/.exec(packed) ?? [];
  let bytes: Uint8Array;
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const packedBytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    bytes = inflateSync(packedBytes, { out: new Uint8Array(MAX_BYTES) });
  } catch {
    throw new InputError(broken);
  }
  const d = Number(cols);
  const rows = bytes.length / (d * Float64Array.BYTES_PER_ELEMENT);
  if (!Number.isInteger(rows)) throw new InputError(broken);
  const z = matrix(rows, d, new Float64Array(bytes.slice().buffer));
  if (!z.data.every(Number.isFinite)) throw new InputError(broken);
  return readPool(z, "of the link");
}
