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
  const [N, d, T] = [pool.z.rows, pool.z.cols, path.bias.length];
  const rounds = new RoundMeasures(pool, path);
  const series = MEASURES.map(() => new Float64Array(T));
  const excess = new Float64Array(d);
  const theta = new Float64Array(d);
  let total = 0;
  for (let t = 0; t < T; t++) {
    let squares = 0;
    for (let j = 0; j < d; j++) {
      const x = (N + total) * pool.mu[j]! + excess[j]!;
      theta[j] = x;
      squares += x * x;
    }
    const length = Math.sqrt(squares);
    for (let j = 0; j < d; j++) theta[j]! /= length;
    rounds.measure(t, theta);
    for (let m = 0; m < MEASURES.length; m++) series[m]![t] = rounds.values[m]!;
    const bias = path.bias[t]!;
    for (let j = 0; j < d; j++) excess[j] = (1 - forgetting) * excess[j]! + k * bias[j]!;
    total = (1 - forgetting) * total + k;
  }
  const named = MEASURES.map((name, m) => [name, series[m]!] as const);
  return Object.fromEntries(named) as Record<Measure, Float64Array>;
}
