import { stream, type Uniform } from "../stats/random/stream.ts";
import type { EvaluatorPath } from "./evaluator_path.ts";
import { type Measures, RoundMeasures } from "./measures.ts";
import type { Pool } from "./pool.ts";
import { TaskDraws } from "./task_draws.ts";

/** What is played. */
export interface RepeatedOptions {
  /** Numbers k of tasks scored each round, one game for each. */
  readonly ks: ArrayLike<number>;
  /** Share φ of the developer's counts that it forgets each round, in [0, 1]. */
  readonly forgetting: number;
  /** Mass N_0 of the developer's Dirichlet prior, above 0; N where absent. */
  readonly priorMass?: number;
  readonly replicates: number;
  /** Names the random streams, one a replicate. */
  readonly seed: string;
}

/**
 * Receives the measures of a round.
 *
 * @param replicate From 0.
 * @param t Round, from 0.
 * @param kIndex Index of the game's k in `ks`.
 * @param measures The object is reused between calls.
 * @param direction v_t, of which θ_t is the unit vector; reused between calls.
 */
export type Visit = (
  replicate: number,
  t: number,
  kIndex: number,
  measures: Measures,
  direction: Float64Array,
) => void;

/**
 * Plays the repeated game (model section 6.2) by its sufficient statistics: a replicate keeps ZᵀC (d
 * numbers), never the N counts. ΣC is not needed: θ_t ∝ N_0 μ + ZᵀC_t.
 *
 * Common random numbers: in each round of a replicate one sequence of tasks is drawn, and the game
 * with k scores its first k. So games with different k differ by k alone, their comparison (the k of
 * least cost) is sharper than either level, and all of them cost as many draws as the largest. A
 * replicate's stream depends on nothing but the seed and its number: games with different ρ share it
 * too, and no result depends on how replicates are spread over workers.
 */
export function playRepeated(
  pool: Pool,
  path: EvaluatorPath,
  { ks, forgetting, replicates, seed, priorMass = pool.z.rows }: RepeatedOptions,
  visit: Visit,
): void {
  const [d, T, K] = [pool.z.cols, path.rounds, ks.length];
  const rounds = new RoundMeasures(pool, path);
  const draws = new TaskDraws(pool, path);
  const most = Math.max(...Array.from(ks));
  const ascending = Int32Array.from({ length: K }, (_, b) => b).sort((a, b) => ks[a]! - ks[b]!);
  const start = pool.mu.map((x) => priorMass * x);
  const known = new Float64Array(K * d);
  const drawn = new Float64Array(d);
  const direction = new Float64Array(d);
  const keep = 1 - forgetting;
  for (let r = 0; r < replicates; r++) {
    const uniform = stream(seed, "replicate", r);
    known.fill(0);
    for (let t = 0; t < T; t++) playRound(r, t, uniform);
  }

  /** A function by itself, so that it is compiled as a whole. */
  function playRound(r: number, t: number, uniform: Uniform): void {
    draws.draw(t, most, uniform);
    drawn.fill(0);
    let n = 0;
    for (let place = 0; place < K; place++) {
      const kIndex = ascending[place]!;
      const k = ks[kIndex]!, at = kIndex * d;
      for (let j = 0; j < d; j++) direction[j] = start[j]! + known[at + j]!;
      rounds.measure(t, direction);
      visit(r, t, kIndex, rounds, direction);
      draws.add(n, k, drawn);
      n = k;
      for (let j = 0; j < d; j++) known[at + j] = keep * known[at + j]! + drawn[j]!;
    }
  }
}
