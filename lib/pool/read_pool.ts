import { InputError } from "../base/errors.ts";
import { type Matrix, matrix } from "../stats/matrix.ts";
import type { NpzArrays } from "../artifact/npz.ts";

/** A task with a smaller norm is zero: its square could not be told from 0. */
const MIN_NORM = 1e-100;

/** How far a task may stick out of the unit ball: rounding of single precision. */
const SLACK = 1e-6;

/**
 * The tasks of a pool file, ours or one made elsewhere that holds `z` alone.
 *
 * @param arrays The file's arrays.
 * @param name Name of the file for errors.
 * @returns N × d.
 * @throws {InputError} When there is no `z`, or a row is not in the positive unit ball or is zero.
 */
export function readPool(arrays: NpzArrays, name: string): Matrix {
  const array = arrays["z"];
  const fail = (reason: string): never => {
    const remedy = "A pool needs an array z, N × d, of rows in the positive unit ball.";
    throw new InputError(`Cannot use the pool ${name}: ${reason}. ${remedy}`);
  };
  if (array === undefined) return fail("it has no array z");
  const [N, d] = array.shape;
  const real = array.data instanceof Float64Array || array.data instanceof Float32Array;
  if (!real || N === undefined || d === undefined || array.shape.length !== 2) {
    return fail("z is no table of real numbers");
  }
  if (N === 0 || d === 0) return fail("z is empty");
  const z = matrix(N, d, Float64Array.from(array.data as Float64Array));
  for (let i = 0; i < N; i++) {
    const row = z.data.subarray(i * d, (i + 1) * d);
    const norm = Math.hypot(...row);
    if (row.some((x) => !(x >= 0 && x < Infinity))) {
      return fail(`row ${i + 1} of z has a negative entry, or one that is not finite`);
    }
    if (norm > 1 + SLACK) return fail(`row ${i + 1} of z has norm ${norm.toFixed(4)}, above 1`);
    if (norm < MIN_NORM) return fail(`row ${i + 1} of z is zero`);
  }
  if (N === 1) return fail("z has one row, and a game needs tasks to choose among");
  return z;
}
