import type { EvaluatorPath } from "./evaluator_path.ts";
import type { Developer } from "./game.ts";
import { type HoldoutRound, playHoldoutMeanField } from "./holdout.ts";
import type { Holdout } from "./holdout.ts";
import { playMeanField } from "./mean_field.ts";
import { roundLoss, RoundMeasures } from "./measures.ts";
import type { Pool } from "./pool.ts";

/** What a mechanism comes to over T rounds, in units of the score. */
export interface Mechanism {
  /** Δ_t, and the variance of the published score. */
  readonly misalignment: Float64Array;
  readonly variance: Float64Array;
  /** Probability of an alarm; 1 in each round where nothing is gated. */
  readonly alarm: Float64Array;
  /** Σ_t of variance + γ Δ_t. */
  readonly totalCost: number;
}

/** The mechanisms that are compared (model section 9). */
export type MechanismName = "none" | "correction" | "holdout" | "both" | "transparency";

/** What is compared. */
export interface MechanismOptions extends Holdout {
  readonly k: number;
  readonly gamma: number;
  /** The developer without correction, and with it. */
  readonly free: Developer;
  readonly corrected: Developer;
}

/**
 * Mean-field games on one pool: with correction, with a noise-gated holdout, with both, with neither, and
 * under transparency, where the k tasks of every round are the ones published and all that the developer
 * answers to.
 *
 * @param freePath The evaluator without correction.
 * @param correctedPath The evaluator with correction.
 */
export function compareMechanisms(
  pool: Pool,
  freePath: EvaluatorPath,
  correctedPath: EvaluatorPath,
  { free, corrected, k, gamma, ...holdout }: MechanismOptions,
): Readonly<Record<MechanismName, Mechanism>> {
  const gated = (path: EvaluatorPath, developer: Developer): Mechanism =>
    summed(playHoldoutMeanField(pool, path, { k, ...holdout, ...developer }), gamma);
  const ungated = (path: EvaluatorPath, developer: Developer): Mechanism => {
    const rounds: HoldoutRound[] = [];
    playMeanField(
      pool,
      path,
      { ks: [k], ...developer },
      (_t, _k, { misalignment, variance }) =>
        rounds.push({ misalignment, variance: variance / k, alarm: 1 }),
    );
    return summed(rounds, gamma);
  };
  return {
    none: ungated(freePath, free),
    correction: ungated(correctedPath, corrected),
    holdout: gated(freePath, free),
    both: gated(correctedPath, corrected),
    transparency: published(pool, freePath, k, gamma),
  };
}

/** The developer answers to π_0 from the first round on. */
function published(pool: Pool, path: EvaluatorPath, k: number, gamma: number): Mechanism {
  const measures = new RoundMeasures(pool, path);
  measures.measure(0, pool.mu.map((x, j) => x + path.bias[j]!));
  const { misalignment, variance } = measures;
  const round = { misalignment, variance: variance / k, alarm: 1 };
  return summed(new Array<HoldoutRound>(path.rounds).fill(round), gamma);
}

function summed(rounds: readonly HoldoutRound[], gamma: number): Mechanism {
  const series = (name: keyof HoldoutRound): Float64Array =>
    Float64Array.from(rounds, (round) => round[name]);
  return {
    misalignment: series("misalignment"),
    variance: series("variance"),
    alarm: series("alarm"),
    // The variance is that of the published score already.
    totalCost: rounds.reduce((sum, round) => sum + roundLoss(round, 1, gamma), 0),
  };
}
