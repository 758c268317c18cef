import { dot, type Pool } from "./pool.ts";

/** The constants of the closed forms (model section 6.3). */
export interface ClosedFormConstants {
  /** σ², the variance of z_i·θ° under π_0. */
  readonly variance: number;
  /** c = ‖P g_0‖²/‖μ‖, P the projector orthogonal to μ: exploitation per unit of k/N. */
  readonly exploitation: number;
}

/**
 * σ² and c of a pool and the evaluator's first distribution.
 *
 * @param pool N tasks.
 * @param initial π_0.
 */
export function closedFormConstants(pool: Pool, initial: Float64Array): ClosedFormConstants {
  const { z, mu, muNorm, thetaBest } = pool;
  const d = z.cols;
  const g = mu.map((x) => -x);
  let [first, second] = [0, 0];
  for (let i = 0; i < z.rows; i++) {
    const row = z.data.subarray(i * d, (i + 1) * d);
    const score = dot(row, thetaBest);
    first += initial[i]! * score;
    second += initial[i]! * score * score;
    for (let j = 0; j < d; j++) g[j]! += initial[i]! * row[j]!;
  }
  const along = dot(g, thetaBest);
  const orthogonal = dot(g, g) - along * along;
  return {
    variance: Math.max(0, second - first * first),
    exploitation: Math.max(0, orthogonal) / muNorm,
  };
}

/** What the closed forms depend on. */
export interface ClosedFormOptions extends ClosedFormConstants {
  /** N. */
  readonly tasks: number;
  /** γ, weight of misalignment in the loss. */
  readonly gamma: number;
  /** ρ in (0, 1]. */
  readonly rho: number;
  /** T. */
  readonly rounds: number;
}

/** A loss over T rounds as a function of k, A/k + B k, and its minimum. */
export interface ClosedForm {
  /** Loss of T rounds at k. */
  readonly loss: (k: number) => number;
  /** k* = √(A/B), a real number above 0; NaN where A or B is 0, so that there is no minimum. */
  readonly kStar: number;
}

/**
 * The textbook's form (model section 6.3 a), times T: L(k) = σ²/k + γ κ k/ρ with κ = c/N. It charges the
 * exploitation of a steady state to each round.
 */
export function textbookForm(options: ClosedFormOptions): ClosedForm {
  const { variance, exploitation, tasks, gamma, rho, rounds } = options;
  return form(rounds * variance, (rounds * gamma * exploitation) / (tasks * rho));
}

/**
 * The finite-horizon form (model section 6.3 c): L_T(k) = T σ²/k + γ c k S_T/N with
 * S_T = Σ_{t<T} t (1 − ρ)^{2t−1}. It knows that correction ends exploitation.
 */
export function finiteHorizonForm(options: ClosedFormOptions): ClosedForm {
  const { variance, exploitation, tasks, gamma, rho, rounds } = options;
  let sum = 0;
  for (let t = 1; t < rounds; t++) sum += t * (1 - rho) ** (2 * t - 1);
  return form(rounds * variance, (gamma * exploitation * sum) / tasks);
}

function form(perK: number, ofK: number): ClosedForm {
  const kStar = perK > 0 && ofK > 0 ? Math.sqrt(perK / ofK) : NaN;
  return { loss: (k) => perK / k + ofK * k, kStar };
}
