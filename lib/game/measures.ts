import type { EvaluatorPath } from "./evaluator_path.ts";
import type { Pool } from "./pool.ts";

/**
 * The measures of a round (model section 6.2), in units of the score. The loss follows from them. With
 * g_t = Zᵀπ_t − μ, what the evaluator's distribution puts on each skill beyond the pool's mean μ, and
 * θ° = μ/‖μ‖, the best answer for the evaluator.
 */
export interface Measures {
  /** Strategic misalignment Δ_t = g_t·(θ_t − θ°). */
  readonly misalignment: number;
  /** Exploitation gap g_t·θ_t. */
  readonly exploitationGap: number;
  /** Regret R_t = μ·(θ° − θ_t), at least 0. */
  readonly regret: number;
  /** Variance of a task's score, σ_t². */
  readonly variance: number;
}

/** A smaller difference is what rounding leaves of two equal scores, which are sums of terms up to 1. */
const SCORE_ROUNDING = 8 * Number.EPSILON;

/** Measures the rounds of a game, one after the other: its fields are those of the last one. */
export class RoundMeasures implements Measures {
  misalignment = 0;
  exploitationGap = 0;
  regret = 0;
  variance = 0;
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
    this.measurementBias = new Float64Array(rounds);
    for (let t = 0, n = 0; t < rounds; t++) {
      let sum = 0;
      for (let j = 0; j < d; j++, n++) sum += bias[n]! * thetaBest[j]!;
      this.measurementBias[t] = sum;
    }
  }

  /**
   * Measures round t.
   *
   * @param t From 0.
   * @param direction θ_t times any number above 0: d numbers.
   */
  measure(t: number, direction: Float64Array): void {
    const mu = this.#mu, bias = this.#bias, moments = this.#moments;
    const d = mu.length;
    let squares = 0, gap = 0, utility = 0, second = 0;
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
    const misalignment = gap - this.measurementBias[t]!;
    this.misalignment = Math.abs(misalignment) > SCORE_ROUNDING ? misalignment : 0;
    this.exploitationGap = gap;
    this.regret = Math.max(0, this.#muNorm - utility);
    this.variance = Math.max(0, second * scale * scale - (gap + utility) * (gap + utility));
  }
}

/** ℓ_t = σ_t²/k + γ Δ_t (model section 6.2). */
export function roundLoss(
  { variance, misalignment }: Pick<Measures, "variance" | "misalignment">,
  k: number,
  gamma: number,
): number {
  return variance / k + gamma * misalignment;
}
