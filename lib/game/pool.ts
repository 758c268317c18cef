import type { Matrix } from "../stats/matrix.ts";

/** A task pool F: N tasks z_i in the positive unit ball of d skills (model section 6). */
export interface Pool {
  /** N × d. */
  readonly z: Matrix;
  /** μ, the mean task: d numbers. */
  readonly mu: Float64Array;
  /** ‖μ‖, the evaluator's best utility. */
  readonly muNorm: number;
  /** θ° = μ/‖μ‖, the developer's choice that is best for the evaluator. */
  readonly thetaBest: Float64Array;
}

/**
 * A pool with its mean.
 *
 * @param z N × d, tasks in the positive unit ball.
 * @throws {RangeError} When there are no tasks, or all are zero.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { makePool } from "./pool.ts";
 * import { matrix } from "../stats/matrix.ts";
 * const { mu, muNorm } = makePool(matrix(2, 2, Float64Array.of(0.6, 0, 0, 0.8)));
 * assert.deepEqual([...mu], [0.3, 0.4]);
 * assert.equal(muNorm, 0.5);
 * ```
 */
export function makePool(z: Matrix): Pool {
  const mu = weightedSum(z, () => 1 / z.rows);
  const muNorm = norm(mu);
  if (!(muNorm > 0)) {
    throw new RangeError("Cannot make a pool: it has no task with a positive skill");
  }
  return { z, mu, muNorm, thetaBest: mu.map((x) => x / muNorm) };
}

/** Zᵀ w, d numbers. */
export function weightedSum(z: Matrix, weight: (task: number) => number): Float64Array {
  const sum = new Float64Array(z.cols);
  for (let i = 0; i < z.rows; i++) {
    const w = weight(i);
    for (let j = 0; j < z.cols; j++) sum[j]! += w * z.data[i * z.cols + j]!;
  }
  return sum;
}

/**
 * The developer's best response to weights w: θ*(w) = Zᵀw/‖Zᵀw‖ (model section 6).
 *
 * @param weighted Zᵀw, non-negative.
 * @throws {RangeError} When it is zero: then every θ is as good.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { bestResponse } from "./pool.ts";
 * assert.deepEqual([...bestResponse(Float64Array.of(3, 4))], [0.6, 0.8]);
 * ```
 */
export function bestResponse(weighted: Float64Array): Float64Array {
  const length = norm(weighted);
  if (!(length > 0)) throw new RangeError("Cannot respond to weights whose tasks are all zero");
  return weighted.map((x) => x / length);
}

/** Σ a_j b_j. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}

/** ‖a‖₂. */
export function norm(a: ArrayLike<number>): number {
  return Math.sqrt(dot(a, a));
}
