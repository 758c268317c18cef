import type { EvaluatorPath } from "./evaluator_path.ts";
import { type Measure, MEASURES, RoundMeasures } from "./measures.ts";
import type { Pool } from "./pool.ts";

/**
 * The mean-field limit of the repeated game (model section 6.3 b): counts are replaced by their means,
 * D_{t+1} = (1 − φ) D_t + k g_t and m_{t+1} = (1 − φ) m_t + k, with θ_t ∝ (N + m_t) μ + D_t. Exact as the
 * noise of sampling vanishes; O(T d²), of which d² is for the score's variance.
 *
 * @param k Tasks scored each round, above 0; any real number.
 * @param forgetting Share φ of the developer's counts that it forgets each round, in [0, 1].
 * @returns Each measure over T rounds.
 */
export function meanField(
  pool: Pool,
  path: EvaluatorPath,
  k: number,
  forgetting: number,
): Readonly<Record<Measure, Float64Array>> {
  const { bias, rounds: T } = path;
  const [N, d] = [pool.z.rows, pool.z.cols];
  const rounds = new RoundMeasures(pool, path);
  const series = MEASURES.map(() => new Float64Array(T));
  const excess = new Float64Array(d);
  const direction = new Float64Array(d);
  const keep = 1 - forgetting;
  let total = 0;
  for (let t = 0; t < T; t++) {
    for (let j = 0; j < d; j++) direction[j] = (N + total) * pool.mu[j]! + excess[j]!;
    rounds.measure(t, direction);
    for (let m = 0; m < MEASURES.length; m++) series[m]![t] = rounds.values[m]!;
    for (let j = 0, at = t * d; j < d; j++, at++) excess[j] = keep * excess[j]! + k * bias[at]!;
    total = keep * total + k;
  }
  const named = MEASURES.map((name, m) => [name, series[m]!] as const);
  return Object.fromEntries(named) as Record<Measure, Float64Array>;
}
