import { stream, type Uniform } from "../stats/random/stream.ts";
import type { EvaluatorPath } from "./evaluator_path.ts";
import type { Developer } from "./game.ts";
import { type Gate, gatedScore, type ScoreMoments } from "./holdout_gate.ts";
import { RoundMeasures } from "./measures.ts";
import { dot, norm, type Pool } from "./pool.ts";
import { TaskDraws } from "./task_draws.ts";

/** A noise-gated holdout (model section 9): its reference set and its gate. */
export interface Holdout extends Gate {
  /** n_0, the tasks of the published reference set S_0, drawn iid from π_0; at least 1. */
  readonly n0: number;
}

/** A round of the game with a holdout, in units of the score. */
export interface HoldoutRound {
  /** Strategic misalignment Δ_t = g_t·(θ_t − θ°). */
  readonly misalignment: number;
  /** Variance of the published score at θ_t, over fresh samples, reference sets and noise. */
  readonly variance: number;
  /** Probability of an alarm at θ_t. */
  readonly alarm: number;
}

/** Measures rounds by the direction of θ_t: O(d²). */
function holdoutRounds(
  pool: Pool,
  path: EvaluatorPath,
  holdout: Holdout,
): (t: number, k: number, direction: Float64Array) => HoldoutRound {
  const rounds = new RoundMeasures(pool, path);
  const score = (t: number, n: number, direction: Float64Array): ScoreMoments => {
    rounds.measure(t, direction);
    const mean = rounds.exploitationGap + dot(pool.mu, direction) / norm(direction);
    return { mean, variance: rounds.variance / n };
  };
  return (t, k, direction) => {
    const reference = score(0, holdout.n0, direction);
    const held = score(t, k, direction);
    return { misalignment: rounds.misalignment, ...gatedScore(held, reference, holdout) };
  };
}

/** The probability of an alarm in the first round of a developer that plays θ°: who does not game. */
export function honestAlarm(pool: Pool, path: EvaluatorPath, k: number, holdout: Holdout): number {
  return holdoutRounds(pool, path, holdout)(0, k, pool.mu).alarm;
}

/** What is played: one k, in one or more replicates. */
export interface HoldoutOptions extends Developer, Holdout {
  /** Tasks scored a round. */
  readonly k: number;
}

/**
 * The mean-field limit: θ_t ∝ N_0 μ + n_0 (μ + g_0) + A_t, where A_{t+1} = (1 − φ) A_t + p_t k (μ + g_t) and
 * p_t is the probability of an alarm. The published reference set is never forgotten.
 *
 * @returns T rounds.
 */
export function playHoldoutMeanField(
  pool: Pool,
  path: EvaluatorPath,
  options: HoldoutOptions,
): HoldoutRound[] {
  const { k, n0, forgetting, priorMass } = options;
  const d = pool.z.cols;
  const round = holdoutRounds(pool, path, options);
  const known = pool.mu.map((x, j) => priorMass * x + n0 * (x + path.bias[j]!));
  const seen = new Float64Array(d);
  return Array.from({ length: path.rounds }, (_, t) => {
    const measured = round(t, k, known.map((x, j) => x + seen[j]!));
    for (let j = 0; j < d; j++) {
      const expected = pool.mu[j]! + path.bias[t * d + j]!;
      seen[j] = (1 - forgetting) * seen[j]! + measured.alarm * k * expected;
    }
    return measured;
  });
}

/**
 * The game by Monte Carlo: k tasks of π_t are scored at θ_t, and seen by the developer at an alarm alone.
 *
 * @param replicates At least 1; a stream of the seed each.
 * @param visit Receives replicate, round, measures and whether there was an alarm.
 */
export function playHoldout(
  pool: Pool,
  path: EvaluatorPath,
  options: HoldoutOptions & { readonly replicates: number; readonly seed: string },
  visit: (replicate: number, t: number, round: HoldoutRound, isAlarm: boolean) => void,
): void {
  const { k, n0, epsilon, eta, forgetting, priorMass, replicates, seed } = options;
  const d = pool.z.cols;
  const round = holdoutRounds(pool, path, options);
  const draws = new TaskDraws(pool, path);
  const sumOf = (t: number, n: number, uniform: Uniform): Float64Array => {
    const sum = new Float64Array(d);
    draws.draw(t, n, uniform);
    draws.add(0, n, sum);
    return sum;
  };
  for (let r = 0; r < replicates; r++) {
    const uniform = stream(seed, "holdout", r);
    const reference = sumOf(0, n0, uniform);
    const known = reference.map((x, j) => priorMass * pool.mu[j]! + x);
    const seen = new Float64Array(d);
    for (let t = 0; t < path.rounds; t++) {
      const direction = known.map((x, j) => x + seen[j]!);
      const scored = sumOf(t, k, uniform);
      const gap = (dot(scored, direction) / k - dot(reference, direction) / n0) / norm(direction);
      const isAlarm = Math.abs(gap + laplace(uniform, 1 / epsilon)) >= eta;
      visit(r, t, round(t, k, direction), isAlarm);
      for (let j = 0; j < d; j++) {
        seen[j] = (1 - forgetting) * seen[j]! + (isAlarm ? scored[j]! : 0);
      }
    }
  }
}

/** A Laplace(0, scale) number by inversion. */
function laplace(uniform: Uniform, scale: number): number {
  const u = uniform() - 0.5;
  return -scale * Math.sign(u) * Math.log(Math.max(1 - 2 * Math.abs(u), Number.MIN_VALUE));
}
