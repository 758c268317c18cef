import { type Matrix, matrix } from "../stats/matrix.ts";
import { stream } from "../stats/random/stream.ts";
import { initialDistribution } from "./initial_distribution.ts";
import { bestResponse, dot, norm, type Pool } from "./pool.ts";
import { weightedOrder } from "./sampling.ts";

/** Draw options. */
export interface Draws {
  readonly draws: number;
  readonly seed: string;
}

/** What the developer gets out of published tasks, and what the evaluator does. */
export interface Transparency {
  /** Mean over S of z_i·θ, in [0, 1]; draws × K. */
  readonly publishedScore: Matrix;
  /** u(θ)/‖μ‖, in [0, 1]; draws × K. */
  readonly utility: Matrix;
}

/**
 * Deterministic transparency (model section 6.1): the evaluator publishes k tasks drawn from π_0 without
 * replacement, and the developer plays its best response to them. The samples of a draw are nested over k.
 *
 * @param pool N tasks.
 * @param initial π_0, N numbers.
 * @param ks K sizes, each 1 … N.
 * @param draws Number of draws, and seed.
 */
export function transparency(
  pool: Pool,
  initial: Float64Array,
  ks: ArrayLike<number>,
  { draws, seed }: Draws,
): Transparency {
  const publishedScore = matrix(draws, ks.length);
  const utility = matrix(draws, ks.length);
  for (let r = 0; r < draws; r++) {
    const order = weightedOrder(initial, stream(seed, "draw", r));
    nestedSums(pool, order, ks, (at, sum, k) => {
      publishedScore.data[r * ks.length + at] = norm(sum) / k;
      utility.data[r * ks.length + at] = dot(pool.mu, bestResponse(sum)) / pool.muNorm;
    });
  }
  return { publishedScore, utility };
}

/**
 * Private single sample (model section 6.1): the developer knows a share α ("awareness") of the pool and
 * minimises its empirical risk on it.
 *
 * @param pool N tasks.
 * @param weights N probabilities with which the developer came to know tasks; all equal: unbiased.
 * @param awareness A values of α in (0, 1]; round(α N) tasks are known, at least one.
 * @param draws Number of draws, and seed.
 * @returns u(θ)/‖μ‖, draws × A.
 */
export function empiricalRisk(
  pool: Pool,
  weights: Float64Array,
  awareness: ArrayLike<number>,
  { draws, seed }: Draws,
): Matrix {
  const utility = matrix(draws, awareness.length);
  const sizes = Int32Array.from(awareness, (alpha) => knownTasks(alpha, pool.z.rows));
  for (let r = 0; r < draws; r++) {
    const order = weightedOrder(weights, stream(seed, "draw", r));
    nestedSums(pool, order, sizes, (at, sum) => {
      utility.data[r * sizes.length + at] = dot(pool.mu, bestResponse(sum)) / pool.muNorm;
    });
  }
  return utility;
}

/** The number of tasks known at awareness α: round(α N), at least 1. */
export function knownTasks(alpha: number, N: number): number {
  return Math.min(N, Math.max(1, Math.round(alpha * N)));
}

/**
 * The developer's bias (model section 6.1): weights ∝ exp(−‖z_i − e_0‖²/(2 b_M²)), interpolated with
 * uniform.
 *
 * @param bandwidth b_M, above 0.
 * @param beta β in [0, 1]: 0 is unbiased.
 * @returns N probabilities.
 */
export function developerWeights(z: Matrix, bandwidth: number, beta: number): Float64Array {
  return initialDistribution(z, bandwidth).map((w) => (1 - beta) / z.rows + beta * w);
}

/** Calls back with Σ z_i over the first n tasks, for each size n. */
function nestedSums(
  { z }: Pool,
  order: Int32Array,
  sizes: ArrayLike<number>,
  visit: (at: number, sum: Float64Array, size: number) => void,
): void {
  const d = z.cols;
  const sum = new Float64Array(d);
  const ascending = Int32Array.from({ length: sizes.length }, (_, at) => at).sort((a, b) =>
    sizes[a]! - sizes[b]!
  );
  let n = 0;
  for (const at of ascending) {
    const size = sizes[at]!;
    if (!(size >= 1 && size <= z.rows)) {
      throw new RangeError(`Cannot draw ${size} of ${z.rows} tasks without replacement`);
    }
    for (; n < size; n++) {
      const i = order[n]!;
      for (let j = 0; j < d; j++) sum[j]! += z.data[i * d + j]!;
    }
    visit(at, sum, size);
  }
}
