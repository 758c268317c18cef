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
  readonly #mu: Float64Array;
  readonly #muNorm: number;
  readonly #bias: Float64Array;
  readonly #moments: Float64Array;

  constructor({ mu, muNorm, thetaBest }: Pool, { rounds, bias, moments }: EvaluatorPath) {
    const d = mu.length;
    this.#mu = mu;
    this.#muNorm = muNorm;
    this.#bias = bias;
    this.#moments = moments;
    this.measurementBias = Float64Array.from(
      { length: rounds },
      (_, t) => dot(bias.subarray(t * d, (t + 1) * d), thetaBest),
    );
  }

  /**
   * Measures round t.
   *
   * @param t From 0.
   * @param direction θ_t times any number above 0: d numbers.
   */
  measure(t: number, direction: Float64Array): void {
    const [mu, bias, moments, values] = [this.#mu, this.#bias, this.#moments, this.values];
    const d = mu.length;
    let [squares, gap, utility, second] = [0, 0, 0, 0];
    let at = (t * d * (d + 1)) / 2;
    for (let a = 0, g = t * d; a < d; a++, g++) {
      const x = direction[a]!;
      squares += x * x;
      gap += bias[g]! * x;
      utility += mu[a]! * x;
      let sum = 0;
      for (let b = a; b < d; b++, at++) sum += moments[at]! * direction[b]!;
      second += x * sum;
    }
    const scale = 1 / Math.sqrt(squares);
    gap *= scale;
    utility *= scale;
    values[0] = gap - this.measurementBias[t]!;
    values[1] = gap;
    values[2] = Math.max(0, this.#muNorm - utility);
    values[3] = Math.max(0, second * scale * scale - (gap + utility) * (gap + utility));
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
