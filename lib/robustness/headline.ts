import { AWARENESS, K, RHOS } from "../game/summaries/headline_places.ts";
import type { Claim } from "../claims/claim.ts";
import type { EvaluatorPath } from "../game/evaluator_path.ts";
import { developerOf, type Game, pathsOf } from "../game/game.ts";
import { initialDistribution } from "../game/initial_distribution.ts";
import { playMeanField } from "../game/mean_field.ts";
import { type MeanFieldOptimum, meanFieldOptimum } from "../game/mean_field_optimum.ts";
import { type Draws, empiricalRisk, transparency } from "../game/one_shot.ts";
import { makePool } from "../game/pool.ts";
import { nativeProduct } from "../onnx/native_matrix.ts";
import { readPool } from "../pool/read_pool.ts";
import { takeRows } from "../stats/matrix.ts";
import { sampleWithoutReplacement } from "../stats/random/sample.ts";
import { stream } from "../stats/random/stream.ts";
import type { FittedLoadings } from "./fit_loadings.ts";
import { type ClaimGrids, limitClaims, ratesOf } from "./limit_claims.ts";
import type { Choices } from "./variant.ts";

/** The headline numbers (model section 8), of mean-field games. */
export const HEADLINES = [
  "peakMisalignment",
  "kStarSlow",
  "kStarSlowLow",
  "kStarSlowHigh",
  "kStarFast",
  "kStarFastLow",
  "kStarFastHigh",
  "transparency",
  "erm",
  "nFactors",
] as const;

/**
 * Their values: the peak of Δ_t at ρ = .05 and k = 20, in units of the score; k* at ρ = .01 (slow) and .1
 * (fast) with the interval of k whose cost is within 2 % of the least; the utility of transparency at k = 20
 * and of ERM at α = .01, in shares of the best.
 */
export type Headline = Readonly<Record<typeof HEADLINES[number], number>>;

/** A game whose evaluator's side is known at the rates that are played. */
export type KnownGame = Game & { readonly paths: ReadonlyMap<number, EvaluatorPath> };

/** What the games on a pool come to. */
export interface Played {
  readonly numbers: Headline;
  /** Every claim, with the mean-field limit in place of Monte Carlo. */
  readonly claims: readonly Claim[];
  /** Where k* is at 1 or N. */
  readonly edges: readonly string[];
}

/**
 * The game on a pool drawn from fitted loadings.
 *
 * @param rhos Correction rates at which it is played.
 */
export async function gameOn(
  { tasksAt }: FittedLoadings,
  choices: Choices,
  rhos: readonly number[],
): Promise<KnownGame> {
  const tasks = await tasksAt(choices.tau);
  const N = Math.min(choices.nPool ?? tasks.rows, tasks.rows);
  const chosen = sampleWithoutReplacement(tasks.rows, N, stream(choices.seeds.pool, "subsample"));
  const pool = makePool(readPool(takeRows(tasks, chosen), "of this variant"));
  await using native = await nativeProduct();
  const { correction, rounds, forgetting, priorMass } = choices;
  const game: Game = {
    ...{ pool, correction, rounds, forgetting, priorMass },
    initial: initialDistribution(pool.z, choices.biasBandwidth),
    multiply: native.multiply,
  };
  const paths = await Array.fromAsync(pathsOf(game, [...new Set(rhos)]));
  return { ...game, paths: new Map(paths.map((path) => [path.rho, path])) };
}

/** The headline numbers and claims of a pool drawn from fitted loadings, in the mean-field limit. */
export async function playOn(
  fitted: FittedLoadings,
  choices: Choices,
  grids: ClaimGrids,
): Promise<Played> {
  const { gamma, draws, seeds: { oneShot: seed } } = choices;
  const game = await gameOn(fitted, choices, [...Object.values(RHOS), ...ratesOf(grids)]);
  const { pool } = game;
  const optimumAt = (rho: number): MeanFieldOptimum =>
    meanFieldOptimum(pool, game.paths.get(rho)!, developerOf(game, rho), gamma);
  const [slow, fast] = [optimumAt(RHOS.slow), optimumAt(RHOS.fast)];
  let peakMisalignment = 0;
  const options = { ks: [K], ...developerOf(game, RHOS.peak) };
  playMeanField(pool, game.paths.get(RHOS.peak)!, options, (_t, _k, { misalignment }) => {
    peakMisalignment = Math.max(peakMisalignment, misalignment);
  });
  const edges = Object.entries({ [RHOS.slow]: slow, [RHOS.fast]: fast })
    .filter(([, { isAtEdge }]) => isAtEdge)
    .map(([rho, { k }]) => `k* at ρ = ${rho} is ${Math.round(k)}, the edge of 1 … ${pool.z.rows}`);
  return {
    numbers: {
      peakMisalignment,
      ...{ kStarSlow: slow.k, kStarSlowLow: slow.low, kStarSlowHigh: slow.high },
      ...{ kStarFast: fast.k, kStarFastLow: fast.low, kStarFastHigh: fast.high },
      ...oneShotUtilities(game, { draws, seed }),
      nFactors: fitted.nFactors,
    },
    claims: await limitClaims(game, grids, { gamma, draws, seed }),
    edges,
  };
}

/** The utility of transparency at k = 20, and of ERM at α = .01. */
export function oneShotUtilities(
  { pool, initial }: Game,
  { draws, seed }: Draws,
): Pick<Headline, "transparency" | "erm"> {
  const N = pool.z.rows;
  const even = new Float64Array(N).fill(1 / N);
  const of = (name: string): Draws => ({ draws, seed: `${seed} ${name}` });
  const open = transparency(pool, initial, [Math.min(K, N)], of("transparency"));
  const erm = empiricalRisk(pool, even, [AWARENESS], of("erm"));
  return { transparency: meanOf(open.utility.data), erm: meanOf(erm.data) };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}
