/** Smaller misalignment is noise of Monte Carlo: it is neither drawn nor judged. */
export const MIN_MISALIGNMENT = 1e-4;

/** Smaller misalignment is rounding. */
export const ROUNDING = 1e-12;

/** The terms of the bound on strategic misalignment, for each of T rounds (model section 6.2). */
export interface MisalignmentBounds {
  /** What the developer can know: m_t/(m_t + N), m_t = k·min(t, 1/ρ). */
  readonly knowledge: Float64Array;
  /** What correction leaves to exploit: (1 − ρ)^t √(D_0/2), D_0 = KL(π_0 ‖ uniform). */
  readonly correction: Float64Array;
}

/**
 * The textbook's bound Δ_t ≤ min(knowledge, correction). A sharper one has the exact total variation of
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
