import { type AliasTable, aliasTable } from "../stats/random/alias_table.ts";
import { stream } from "../stats/random/stream.ts";
import type { EvaluatorPath } from "./evaluator_path.ts";
import { type Measures, RoundMeasures } from "./measures.ts";
import type { Pool } from "./pool.ts";

/** What is played. */
export interface RepeatedOptions {
  /** Numbers k of tasks scored each round, one game for each. */
  readonly ks: ArrayLike<number>;
  /** Share φ of the developer's counts that it forgets each round, in [0, 1]. */
  readonly forgetting: number;
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
 * @param measures Their object is used again.
 */
export type Visit = (replicate: number, t: number, kIndex: number, measures: Measures) => void;

/**
 * Plays the repeated game (model section 6.2) by its sufficient statistics: a replicate keeps ZᵀC (d
 * numbers), never the N counts. ΣC is not needed: θ_t ∝ N μ + ZᵀC_t.
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
  { ks, forgetting, replicates, seed }: RepeatedOptions,
  visit: Visit,
): void {
  const [N, d, T, K] = [pool.z.rows, pool.z.cols, path.rounds, ks.length];
  const z = pool.z.data;
  const rounds = new RoundMeasures(pool, path);
  const tables = tablesOf(path);
  const ascending = Int32Array.from({ length: K }, (_, b) => b).sort((a, b) => ks[a]! - ks[b]!);
  const known = new Float64Array(K * d);
  const drawn = new Float64Array(d);
  const direction = new Float64Array(d);
  const keep = 1 - forgetting;
  for (let r = 0; r < replicates; r++) {
    const uniform = stream(seed, "replicate", r);
    known.fill(0);
    for (let t = 0; t < T; t++) {
      const { threshold, alias } = tables[t]!;
      const even = path.evenShare[t]!;
      drawn.fill(0);
      let n = 0;
      for (let place = 0; place < K; place++) {
        const kIndex = ascending[place]!;
        const at = kIndex * d;
        for (let j = 0; j < d; j++) direction[j] = N * pool.mu[j]! + known[at + j]!;
        rounds.measure(t, direction);
        visit(r, t, kIndex, rounds);
        for (const k = ks[kIndex]!; n < k; n++) {
          let u = uniform();
          let i: number;
          if (u < even) i = Math.floor((u / even) * N);
          else {
            // What is left of a uniform number after a decision by it is uniform too.
            if (even > 0) u = (u - even) / (1 - even);
            const x = u * N;
            i = Math.floor(x);
            if (x - i >= threshold[i]!) i = alias[i]!;
          }
          for (let j = 0, from = i * d; j < d; j++, from++) drawn[j]! += z[from]!;
        }
        for (let j = 0; j < d; j++) known[at + j] = keep * known[at + j]! + drawn[j]!;
      }
    }
  }
}

/** A table for each round; rounds that share a distribution share theirs. */
function tablesOf({ rounds, distribution }: EvaluatorPath): AliasTable[] {
  const made = new Map<Float64Array, AliasTable>();
  return Array.from({ length: rounds }, (_, t) => {
    const pi = distribution(t);
    const table = made.get(pi) ?? aliasTable(pi);
    made.set(pi, table);
    return table;
  });
}
