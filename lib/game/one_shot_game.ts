import { type ArraysOf, bandArrays } from "../artifact/kind.ts";
import type { oneShot } from "../artifact/kinds.ts";
import { type Band, bandOf, meanWithError } from "../stats/band.ts";
import { type Matrix, matrix, transpose } from "../stats/matrix.ts";
import { linearlySpaced, logSpaced, logSpacedIntegers } from "./grids.ts";
import {
  developerWeights,
  type Draws,
  empiricalRisk,
  knownTasks,
  type Transparency,
  transparency,
} from "./one_shot.ts";
import type { Pool } from "./pool.ts";

/** What is played. */
export interface OneShotOptions {
  readonly draws: number;
  /** Names the random streams. */
  readonly seed: string;
  /** At most this many sizes of the published set, from 1 task to all, at equal ratios. */
  readonly nKs: number;
  /** A values of α in (0, 1]. */
  readonly awareness: readonly number[];
  /** The grid of awareness α and bias β. */
  readonly asymmetry: {
    /** Published tasks of the transparency that it is compared with; all tasks at most. */
    readonly k: number;
    /** b_M, of the developer's bias. */
    readonly bandwidth: number;
    /** the least α, in (0, 1); the largest is 1. */
    readonly minAlpha: number;
    readonly nAlphas: number;
    readonly nBetas: number;
  };
}

/** Share of the work that is done before the grid. */
const BEFORE_GRID = 0.2;

/**
 * Plays the one-shot game (model section 6.1): transparency over k, a private sample over awareness, and
 * the private sample over a grid of awareness and bias.
 *
 * @param initial π_0, N probabilities.
 * @param progress Called with the share done.
 */
export function oneShotGame(
  pool: Pool,
  initial: Float64Array,
  { draws, seed, nKs, awareness, asymmetry }: OneShotOptions,
  progress: (share: number, part: string) => void = () => {},
): ArraysOf<typeof oneShot> {
  const N = pool.z.rows;
  const drawsOf = (name: string): Draws => ({ draws, seed: `${seed} ${name}` });
  const curves = oneShotCurves(pool, initial, { draws, seed, nKs, awareness });
  progress(BEFORE_GRID, "transparency and ERM");

  const alpha = logSpaced(asymmetry.minAlpha, 1, asymmetry.nAlphas);
  const beta = linearlySpaced(0, 1, asymmetry.nBetas);
  const grid = matrix(alpha.length, beta.length);
  beta.forEach((bias, b) => {
    const weights = developerWeights(pool.z, asymmetry.bandwidth, bias);
    const { mean } = overDraws(empiricalRisk(pool, weights, alpha, drawsOf("asymmetry")));
    mean.forEach((value, a) => grid.data[a * beta.length + b] = value);
    progress(BEFORE_GRID + ((1 - BEFORE_GRID) * (b + 1)) / beta.length, `β = ${bias.toFixed(2)}`);
  });
  const published = Math.min(asymmetry.k, N);
  const compared = transparency(pool, initial, [published], drawsOf("transparency")).utility;
  return {
    ...curves,
    alpha,
    beta,
    asymmetry_k: published,
    asymmetry_erm: grid,
    asymmetry_transparency: overDraws(compared).mean[0]!,
  };
}

/** The part of the game over k and over awareness: what claims about it need. */
export function oneShotCurves(
  pool: Pool,
  initial: Float64Array,
  { draws, seed, nKs, awareness }: Omit<OneShotOptions, "asymmetry">,
): Omit<ArraysOf<typeof oneShot>, "alpha" | "beta" | `asymmetry_${"k" | "erm" | "transparency"}`> {
  const N = pool.z.rows;
  const drawsOf = (name: string): Draws => ({ draws, seed: `${seed} ${name}` });
  const k = logSpacedIntegers(1, N, Math.min(nKs, N));
  const open = transparency(pool, initial, k, drawsOf("transparency"));
  const change = gapChange(open, pool.muNorm);
  const even = new Float64Array(N).fill(1 / N);
  const erm = empiricalRisk(pool, even, awareness, drawsOf("erm"));
  const known = Int32Array.from(awareness, (share) => knownTasks(share, N));
  const unbiased = transparency(pool, even, known, drawsOf("unbiased")).utility;
  const difference = unbiased.data.map((utility, n) => utility - erm.data[n]!);
  const loss = meanWithError(transpose(matrix(draws, known.length, difference)));
  return {
    k,
    awareness: Float64Array.from(awareness),
    n_known: known,
    ...bandArrays("published_score", overDraws(open.publishedScore)),
    ...bandArrays("transparency", overDraws(open.utility)),
    ...bandArrays("erm", overDraws(erm)),
    ...bandArrays("transparency_unbiased", overDraws(unbiased)),
    privacy_loss: loss.mean,
    privacy_loss_se: loss.error,
    gap_change: change.mean,
    gap_change_se: change.error,
  };
}

/**
 * How published score/‖μ‖ less utility changes from the k before, 0 at the first. The published sets of a
 * draw are nested, so that the change is sharp.
 */
function gapChange(
  { publishedScore, utility }: Transparency,
  best: number,
): ReturnType<typeof meanWithError> {
  const { rows: draws, cols: K } = utility;
  const gap = publishedScore.data.map((score, n) => score / best - utility.data[n]!);
  const change = matrix(K, draws);
  for (let b = 1; b < K; b++) {
    for (let r = 0; r < draws; r++) {
      change.data[b * draws + r] = gap[r * K + b]! - gap[r * K + b - 1]!;
    }
  }
  return meanWithError(change);
}

/** The band of each column over draws. */
function overDraws(draws: Matrix): Band {
  return bandOf(transpose(draws).data, draws.cols, draws.rows);
}
