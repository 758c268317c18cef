import type { Multiply } from "../stats/matrix.ts";
import type { Correction } from "./correction.ts";
import { type EvaluatorPath, evaluatorPaths } from "./evaluator_path.ts";
import type { Pool } from "./pool.ts";

/** A repeated game (model section 6.2), but for its correction rate and sample size. */
export interface Game {
  readonly pool: Pool;
  /** π_0, N probabilities. */
  readonly initial: Float64Array;
  readonly correction: Correction;
  /** T. */
  readonly rounds: number;
  /** Share φ of the developer's counts that it forgets each round; null: ρ. */
  readonly forgetting: number | null;
  /** Mass N_0 of the developer's Dirichlet prior, above 0; null: N, so that each task counts 1. */
  readonly priorMass: number | null;
  /** What multiplies matrices for the evaluator. */
  readonly multiply: Multiply;
  /** The evaluator's side at correction rates for which it was made before. */
  readonly paths?: ReadonlyMap<number, EvaluatorPath>;
}

/** The evaluator's side of a game for several ρ, one after the other. */
export async function* pathsOf(
  game: Game,
  rhos: ArrayLike<number>,
): AsyncGenerator<EvaluatorPath> {
  const { pool, initial, correction, rounds, multiply } = game;
  const known = Array.from(rhos, (rho) => game.paths?.get(rho) ?? []).flat();
  if (known.length === rhos.length) yield* known;
  else yield* evaluatorPaths(pool, initial, correction, rhos, rounds, multiply);
}

/** The developer's side of a game at a correction rate. */
export interface Developer {
  /** Share φ of its counts that it forgets each round, in [0, 1]. */
  readonly forgetting: number;
  /** N_0, above 0. */
  readonly priorMass: number;
}

/** How the developer of a game forgets and what it believes at first, at a correction rate ρ. */
export function developerOf({ forgetting, priorMass, pool }: Game, rho: number): Developer {
  return { forgetting: forgetting ?? rho, priorMass: priorMass ?? pool.z.rows };
}
