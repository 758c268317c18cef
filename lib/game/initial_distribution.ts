import { InputError } from "../base/errors.ts";
import type { Matrix } from "../stats/matrix.ts";

/**
 * The evaluator's first distribution, biased to the most heavily loaded skill:
 * π_0(i) ∝ exp(−‖z_i − e_0‖²/(2 b²)) (model section 6).
 *
 * @param z N × d.
 * @param b Bandwidth of the bias, above 0.
 * @returns N probabilities.
 * @throws {InputError} When b is so small that all are zero.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { initialDistribution } from "./initial_distribution.ts";
 * import { matrix } from "../stats/matrix.ts";
 * const tasks = matrix(2, 2, Float64Array.of(1, 0, 0, 1));
 * const [first, second] = initialDistribution(tasks, 1);
 * assert.ok(Math.abs(first! / second! - Math.E) < 1e-12); // distances 0 and √2
 * ```
 */
export function initialDistribution(z: Matrix, b: number): Float64Array {
  const weights = new Float64Array(z.rows);
  for (let i = 0; i < z.rows; i++) {
    let distance = 0;
    for (let j = 0; j < z.cols; j++) distance += (z.data[i * z.cols + j]! - (j === 0 ? 1 : 0)) ** 2;
    weights[i] = Math.exp(-distance / (2 * b * b));
  }
  const total = weights.reduce((sum, w) => sum + w, 0);
  if (!(total > 0)) {
    throw new InputError(
      `Cannot bias towards the first skill with bandwidth ${b}: the weights of all tasks are zero. ` +
        "Use a larger bandwidth.",
    );
  }
  return weights.map((w) => w / total);
}
