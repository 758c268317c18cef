import { quantile } from "../numeric/quantile.ts";
import { type AliasTable, aliasTable } from "../random/alias_table.ts";
import { stream } from "../random/stream.ts";
import { type Correction, correctionPath } from "./evaluator.ts";
import { bestResponse, dot, type Pool, secondMoments, weightedSum } from "./pool.ts";

/** The evaluator's side of a repeated game for one ρ: nothing in it depends on the developer. */
export interface EvaluatorPath {
  /** g_t = Zᵀπ_t − μ of each round. */
  readonly bias: readonly Float64Array[];
  /** E_{π_t} z zᵀ of each round, d × d. */
  readonly moments: readonly ReturnType<typeof secondMoments>[];
  /** For drawing from π_t. */
  readonly tables: readonly AliasTable[];
}

/** Prepares the evaluator's side: π_t is computed once for each ρ (model section 6.2). */
export function evaluatorPath(
  pool: Pool,
  initial: Float64Array,
  correction: Correction,
  rho: number,
  rounds: number,
): EvaluatorPath {
  const path = correctionPath(pool.z, initial, correction, rho, rounds);
  return {
    bias: path.map((pi) => weightedSum(pool.z, (i) => pi[i]!).map((x, j) => x - pool.mu[j]!)),
    moments: path.map((pi) => secondMoments(pool.z, pi)),
    tables: path.map(aliasTable),
  };
}

/** The measures of one round (model section 6.2). */
export const MEASURES = ["misalignment", "exploitation_gap", "regret", "loss"] as const;

/** Name of a measure. */
export type Measure = (typeof MEASURES)[number];

/** What is played. */
export interface RepeatedOptions {
  /** Tasks scored each round, at least 1. */
  readonly k: number;
  /** Share φ of the developer's counts that it forgets each round, in [0, 1]. */
  readonly forgetting: number;
  /** Weight γ of misalignment in the loss. */
  readonly gamma: number;
  readonly replicates: number;
  readonly seed: string;
}

/** Mean and 10–90 % band of a measure over replicates: one number a round. */
export interface Band {
  readonly mean: Float64Array;
  readonly p10: Float64Array;
  readonly p90: Float64Array;
}

/**
 * Plays the repeated game (model section 6.2) by its sufficient statistics: a replicate keeps ZᵀC (d
 * numbers) and ΣC, never the N counts.
 *
 * A replicate's draws come from its own named stream, the same for every k, ρ and correction: so
 * differences between them are sharper than their levels, and no result depends on how replicates
 * are spread over workers.
 *
 * @returns The band of each measure, over T rounds.
 */
export function playRepeated(
  pool: Pool,
  path: EvaluatorPath,
  { k, forgetting, gamma, replicates, seed }: RepeatedOptions,
): Readonly<Record<Measure, Band>> {
  const [N, d, T] = [pool.z.rows, pool.z.cols, path.bias.length];
  const values = MEASURES.map(() => new Float64Array(T * replicates));
  const z = pool.z.data;
  for (let r = 0; r < replicates; r++) {
    const uniform = stream(seed, "replicate", r);
    const known = new Float64Array(d);
    let total = 0;
    const response = new Float64Array(d);
    for (let t = 0; t < T; t++) {
      for (let j = 0; j < d; j++) response[j] = (N * pool.mu[j]! + known[j]!) / (N + total);
      const theta = bestResponse(response);
      const round = measure(pool, path, t, theta, k, gamma);
      MEASURES.forEach((name, m) => values[m]![t * replicates + r] = round[name]);
      const { threshold, alias } = path.tables[t]!;
      for (let j = 0; j < d; j++) known[j]! *= 1 - forgetting;
      total = (1 - forgetting) * total + k;
      for (let draw = 0; draw < k; draw++) {
        const x = uniform() * N;
        let i = Math.floor(x);
        if (x - i >= threshold[i]!) i = alias[i]!;
        for (let j = 0, at = i * d; j < d; j++, at++) known[j]! += z[at]!;
      }
    }
  }
  const bands = MEASURES.map((name, m) => [name, band(values[m]!, T, replicates)] as const);
  return Object.fromEntries(bands) as Record<Measure, Band>;
}

/**
 * The measures of one round for a given θ_t: strategic misalignment Δ_t = g_t·(θ_t − θ°),
 * exploitation gap g_t·θ_t, regret R_t = μ·(θ° − θ_t) and loss σ_t²/k + γ Δ_t.
 */
export function measure(
  pool: Pool,
  { bias, moments }: EvaluatorPath,
  t: number,
  theta: Float64Array,
  k: number,
  gamma: number,
): Readonly<Record<Measure, number>> {
  const g = bias[t]!;
  const gap = dot(g, theta);
  const misalignment = gap - dot(g, pool.thetaBest);
  const utility = dot(pool.mu, theta);
  const d = theta.length;
  let second = 0;
  for (let a = 0; a < d; a++) {
    for (let b = 0; b < d; b++) second += theta[a]! * moments[t]!.data[a * d + b]! * theta[b]!;
  }
  const variance = Math.max(0, second - (gap + utility) ** 2);
  return {
    misalignment,
    exploitation_gap: gap,
    regret: Math.max(0, pool.muNorm - utility),
    loss: variance / k + gamma * misalignment,
  };
}

function band(values: Float64Array, rounds: number, replicates: number): Band {
  const [mean, p10, p90] = [0, 0, 0].map(() => new Float64Array(rounds));
  for (let t = 0; t < rounds; t++) {
    const round = values.slice(t * replicates, (t + 1) * replicates).sort();
    mean![t] = round.reduce((sum, x) => sum + x, 0) / replicates;
    p10![t] = quantile(round, 0.1);
    p90![t] = quantile(round, 0.9);
  }
  return { mean: mean!, p10: p10!, p90: p90! };
}
