import type { Developer } from "./game.ts";
import type { EvaluatorPath } from "./evaluator_path.ts";
import { norm, type Pool } from "./pool.ts";

/** Smaller misalignment is noise of Monte Carlo: it is neither drawn nor judged. */
export const MIN_MISALIGNMENT = 1e-4;

/** Smaller misalignment is rounding. */
export const ROUNDING = 1e-12;

/** The terms of the textbook's bound on strategic misalignment, for each of T rounds (model section 6.2). */
export interface MisalignmentBounds {
  /** What the developer can know: m_t/(m_t + N), m_t = k·min(t, 1/ρ). */
  readonly knowledge: Float64Array;
  /** What correction leaves to exploit: (1 − ρ)^t √(D_0/2), D_0 = KL(π_0 ‖ uniform). */
  readonly correction: Float64Array;
}

/**
 * The textbook's bound Δ_t ≤ min(knowledge, correction), which fails (docs/bound.md). A sharper one has the exact total variation of
 * π_t, which an EvaluatorPath holds, in place of `correction`.
 *
 * @param initial π_0, N probabilities.
 * @param k Tasks scored a round.
 * @param rho ρ in [0, 1].
 * @param rounds T.
 */
export function misalignmentBounds(
  initial: Float64Array,
  k: number,
  rho: number,
  rounds: number,
): MisalignmentBounds {
  const N = initial.length;
  const divergence = initial.reduce((sum, p) => p > 0 ? sum + p * Math.log(p * N) : sum, 0);
  const start = Math.sqrt(Math.max(0, divergence) / 2);
  const of = (term: (t: number) => number): Float64Array =>
    Float64Array.from({ length: rounds }, (_, t) => term(t));
  return {
    knowledge: of((t) => {
      const known = k * Math.min(t, rho > 0 ? 1 / rho : Infinity);
      return known / (known + N);
    }),
    correction: of((t) => (1 - rho) ** t * start),
  };
}

/**
 * The product bound, which holds in every replicate, for every pool and correction (proof: docs/bound.md):
 * Δ_t ≤ √2 ‖g_t‖ min(1, s_t H/‖μ‖), s_t = m_t/(m_t + N_0), H = max_i ‖z_i − μ‖. The mass of the developer's
 * counts is m_0 = 0, m_{t+1} = (1 − φ) m_t + k.
 *
 * @returns T numbers, 0 or more, in units of the score.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { productBound } from "./bounds.ts";
 * import { evaluatorPaths } from "./evaluator_path.ts";
 * import { playMeanField } from "./mean_field.ts";
 * import { makePool } from "./pool.ts";
 * import { matrix } from "../stats/matrix.ts";
 * import { plainProduct } from "../stats/plain_product.ts";
 * const pool = makePool(matrix(2, 2, Float64Array.of(1, 0, 0, 1)));
 * const initial = Float64Array.of(0.9, 0.1);
 * const how = { forgetting: 0.1, priorMass: 2 };
 * for await (
 *   const path of evaluatorPaths(pool, initial, { kind: "uniform" }, [0.1], 20, plainProduct)
 * ) {
 *   const bound = productBound(pool, path, { ...how, k: 5 });
 *   playMeanField(pool, path, { ...how, ks: [5] }, (t, _k, { misalignment }) => {
 *     assert.ok(misalignment <= bound[t]! + 1e-12);
 *   });
 * }
 * ```
 */
export function productBound(
  { z, mu, muNorm }: Pool,
  { bias, rounds }: EvaluatorPath,
  { k, forgetting, priorMass }: Developer & { readonly k: number },
): Float64Array {
  const d = z.cols;
  let reach = 0;
  for (let i = 0; i < z.rows; i++) {
    reach = Math.max(reach, norm(mu.map((m, j) => z.data[i * d + j]! - m)));
  }
  let mass = 0;
  return Float64Array.from({ length: rounds }, (_, t) => {
    const learned = mass / (mass + priorMass);
    mass = (1 - forgetting) * mass + k;
    const bias_t = norm(bias.subarray(t * d, (t + 1) * d));
    return Math.SQRT2 * bias_t * Math.min(1, (learned * reach) / muNorm);
  });
}
