import type { EvaluatorPath } from "./evaluator_path.ts";
import { type Measures, RoundMeasures } from "./measures.ts";
import type { Pool } from "./pool.ts";

/** What is played in the mean-field limit. */
export interface MeanFieldOptions {
  /** Numbers k of tasks scored each round, one game for each: above 0, any real numbers. */
  readonly ks: ArrayLike<number>;
  /** Share φ of the developer's counts that it forgets each round, in [0, 1]. */
  readonly forgetting: number;
  /** Mass N_0 of the developer's Dirichlet prior, above 0; N where absent. */
  readonly priorMass?: number;
}

/**
 * The mean-field limit of the repeated game (model section 6.3 b): counts are replaced by their means,
 * D_{t+1} = (1 − φ) D_t + k g_t and m_{t+1} = (1 − φ) m_t + k, with θ_t ∝ (N_0 + m_t) μ + D_t. Exact as the
 * noise of sampling vanishes; O(T d²), of which d² is for the score's variance.
 *
 * The direction v_t = (N_0 + m_t) μ + D_t is carried on by itself: v_0 = N_0 μ and
 * v_{t+1} = (1 − φ) v_t + φ N_0 μ + k (g_t + μ).
 *
 * @param visit Receives the round, the index of k in `ks`, the measures and v_t; both objects are used
 * again.
 */
export function playMeanField(
  pool: Pool,
  path: EvaluatorPath,
  { ks, forgetting, priorMass = pool.z.rows }: MeanFieldOptions,
  visit: (t: number, kIndex: number, measures: Measures, direction: Float64Array) => void,
): void {
  const { bias, rounds: T } = path;
  const d = pool.z.cols;
  const rounds = new RoundMeasures(pool, path);
  const start = pool.mu.map((x) => priorMass * x);
  const direction = new Float64Array(d);
  const keep = 1 - forgetting;
  for (let kIndex = 0; kIndex < ks.length; kIndex++) {
    const k = ks[kIndex]!;
    direction.set(start);
    for (let t = 0; t < T; t++) {
      rounds.measure(t, direction);
      visit(t, kIndex, rounds, direction);
      for (let j = 0, at = t * d; j < d; j++, at++) {
        const expected = bias[at]! + pool.mu[j]!;
        direction[j] = keep * direction[j]! + forgetting * start[j]! + k * expected;
      }
    }
  }
}
