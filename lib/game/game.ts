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
  /** What multiplies matrices for the evaluator. */
  readonly multiply: Multiply;
}

/** The evaluator's side of a game for several ρ, one after the other. */
export function pathsOf(game: Game, rhos: ArrayLike<number>): AsyncGenerator<EvaluatorPath> {
  const { pool, initial, correction, rounds, multiply } = game;
  return evaluatorPaths(pool, initial, correction, rhos, rounds, multiply);
}
