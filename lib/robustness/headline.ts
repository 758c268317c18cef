import { developerOf, type Game, pathsOf } from "../game/game.ts";
import { initialDistribution } from "../game/initial_distribution.ts";
import { playMeanField } from "../game/mean_field.ts";
import { meanFieldOptimum } from "../game/mean_field_optimum.ts";
import { empiricalRisk, transparency } from "../game/one_shot.ts";
import { makePool } from "../game/pool.ts";
import { nativeProduct } from "../onnx/native_matrix.ts";
import { loadingsToTasks } from "../pool/loadings_to_tasks.ts";
import { readPool } from "../pool/read_pool.ts";
import type { Responses } from "../responses/responses.ts";
import { takeRows } from "../stats/matrix.ts";
import { sampleWithoutReplacement } from "../stats/random/sample.ts";
import { stream } from "../stats/random/stream.ts";
import { fitLoadings, type FittedLoadings } from "./fit_loadings.ts";
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

/** Where the numbers are looked at. */
const K = 20;
const AWARENESS = 0.01;
const RHOS = { peak: 0.05, slow: 0.01, fast: 0.1 } as const;

/**
 * From a response table to the headline numbers, in the mean-field limit.
 *
 * @throws {InputError} When the table and the choices do not suit each other.
 */
export async function headline(
  responses: Responses,
  choices: Choices,
): Promise<Headline & Omit<FittedLoadings, "loadings">> {
  const fitted = await fitLoadings(responses, choices);
  const { loadings: _, ...facts } = fitted;
  return { ...facts, ...await headlineOfLoadings(fitted, choices) };
}

/** The same of loadings that were fitted before, as for several draws of the pool: `poolSeed` differs. */
export async function headlineOfLoadings(
  { loadings, nFactors }: Pick<FittedLoadings, "loadings" | "nFactors">,
  choices: Choices,
): Promise<Headline> {
  const { sparsified } = await loadingsToTasks(loadings, choices.tau);
  const N = Math.min(choices.nPool, sparsified.rows);
  const chosen = sampleWithoutReplacement(
    sparsified.rows,
    N,
    stream(choices.poolSeed, "subsample"),
  );
  const pool = makePool(readPool(takeRows(sparsified, chosen), "of this variant"));
  await using native = await nativeProduct();
  const { correction, rounds, forgetting, priorMass, gamma, draws, seed } = choices;
  const game: Game = {
    ...{ pool, correction, rounds, forgetting, priorMass },
    initial: initialDistribution(pool.z, choices.biasBandwidth),
    multiply: native.multiply,
  };
  const [k, even] = [Math.min(K, N), new Float64Array(N).fill(1 / N)];
  const open = transparency(pool, game.initial, [k], { draws, seed: `${seed} transparency` });
  const erm = empiricalRisk(pool, even, [AWARENESS], { draws, seed: `${seed} erm` });
  const [peak, slow, fast] = await playAt(game, gamma);
  return {
    peakMisalignment: peak!.peak,
    ...{ kStarSlow: slow!.k, kStarSlowLow: slow!.low, kStarSlowHigh: slow!.high },
    ...{ kStarFast: fast!.k, kStarFastLow: fast!.low, kStarFastHigh: fast!.high },
    transparency: meanOf(open.utility.data),
    erm: meanOf(erm.data),
    nFactors,
  };
}

/** The peak of Δ_t and the optimum in k at each of the rates. */
async function playAt(game: Game, gamma: number): Promise<
  { readonly peak: number; readonly k: number; readonly low: number; readonly high: number }[]
> {
  const results = [];
  for await (const path of pathsOf(game, Object.values(RHOS))) {
    const developer = developerOf(game, path.rho);
    let peak = 0;
    playMeanField(game.pool, path, { ks: [K], ...developer }, (_t, _k, { misalignment }) => {
      peak = Math.max(peak, misalignment);
    });
    results.push({ peak, ...meanFieldOptimum(game.pool, path, developer, gamma) });
  }
  return results;
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}
