import type { EvaluatorPath } from "./evaluator_path.ts";
import { dot, type Pool } from "./pool.ts";

/**
 * The measures of a round (model section 6.2): strategic misalignment Δ_t = g_t·(θ_t − θ°), exploitation gap
 * g_t·θ_t, regret R_t = μ·(θ° − θ_t), and the variance of a task's score σ_t². The loss follows from them.
 */
export const MEASURES = ["misalignment", "exploitation_gap", "regret", "variance"] as const;

/** One of {@linkcode MEASURES}. */
export type Measure = typeof MEASURES[number];

/** Measures the rounds of a game, one after the other, into one array. */
export class RoundMeasures {
  /** Those of the round measured last, in the order of MEASURES. */
  readonly values: Float64Array = new Float64Array(MEASURES.length);
  /** Measurement bias g_t·θ° of each round. */
  readonly measurementBias: Float64Array;
  readonly #pool: Pool;
  readonly #path: EvaluatorPath;

  constructor(pool: Pool, path: EvaluatorPath) {
    this.#pool = pool;
    this.#path = path;
    this.measurementBias = Float64Array.from(path.bias, (g) => dot(g, pool.thetaBest));
  }

  /**
   * Measures round t.
   *
   * @param t From 0.
   * @param theta θ_t: d numbers, of length 1.
   */
  measure(t: number, theta: Float64Array): void {
    const bias = this.#path.bias[t]!;
    const moments = this.#path.moments[t]!;
    const { mu, muNorm } = this.#pool;
    const d = theta.length;
    let [gap, utility, second] = [0, 0, 0];
    for (let a = 0, at = 0; a < d; a++) {
      const x = theta[a]!;
      gap += bias[a]! * x;
      utility += mu[a]! * x;
      let sum = 0;
      for (let b = a; b < d; b++, at++) sum += moments[at]! * theta[b]!;
      second += x * sum;
    }
    const values = this.values;
    values[0] = gap - this.measurementBias[t]!;
    values[1] = gap;
    values[2] = Math.max(0, muNorm - utility);
    values[3] = Math.max(0, second - (gap + utility) * (gap + utility));
  }
}

/** ℓ_t = σ_t²/k + γ Δ_t (model section 6.2). */
export function roundLoss(
  variance: number,
  misalignment: number,
  k: number,
  gamma: number,
): number {
  return variance / k + gamma * misalignment;
}
