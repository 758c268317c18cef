import { InputError } from "../base/errors.ts";
import { type Matrix, row } from "../stats/matrix.ts";

/** A task with a smaller norm is zero: its square rounds to 0. */
const MIN_NORM = 1e-100;

/** How far a task may stick out of the unit ball: rounding of single precision. */
const SLACK = 1e-6;

/**
 * The tasks of a pool file, ours or one made elsewhere, with what a game needs of them checked.
 *
 * @param z N × d.
 * @param name Name of the file for errors.
 * @returns z.
 * @throws {InputError} When there are fewer than two tasks, or a row is zero or not in the positive unit
 * ball.
 */
export function readPool(z: Matrix, name: string): Matrix {
  const fail = (reason: string): never => {
    const remedy = "A pool needs an array z, N × d, of rows in the positive unit ball.";
    throw new InputError(`Cannot use the pool ${name}: ${reason}. ${remedy}`);
  };
  if (z.rows === 0 || z.cols === 0) fail("z is empty");
  for (let i = 0; i < z.rows; i++) {
    const task = row(z, i);
    // Math.hypot(...task) would put each entry on the stack.
    const norm = Math.sqrt(task.reduce((sum, x) => sum + x * x, 0));
    if (task.some((x) => x < 0)) fail(`row ${i + 1} of z has a negative entry`);
    if (norm > 1 + SLACK) fail(`row ${i + 1} of z has norm ${norm.toFixed(4)}, above 1`);
    if (norm < MIN_NORM) fail(`row ${i + 1} of z is zero`);
  }
  if (z.rows === 1) fail("z has one row, and a game needs tasks to choose among");
  return z;
}
