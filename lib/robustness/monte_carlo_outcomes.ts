import { developerOf } from "../game/game.ts";
import { logSpacedIntegers } from "../game/grids.ts";
import { argmin } from "../game/least_cost.ts";
import { NEAR_LEAST } from "../game/mean_field_optimum.ts";
import { repeatedBands } from "../game/repeated_bands.ts";
import { totalCost } from "../game/total_cost.ts";
import { bandOf } from "../stats/band.ts";
import type { FittedLoadings } from "./fit_loadings.ts";
import { K, RHOS } from "../game/summaries/headline_places.ts";
import { gameOn, oneShotUtilities } from "./headline.ts";
import type { GroupedOutcome } from "./outcome_table.ts";
import type { Choices } from "./variant.ts";

/** Points of the grid of k. */
const N_KS = 24;

/**
 * The headline numbers by Monte Carlo on the workflow's own pool, each with other random numbers: what a finite
 * number of replicates does to them.
 *
 * @param n Repetitions.
 * @param replicates Of each.
 * @param progress Called with the number of repetitions done.
 */
export async function monteCarloOutcomes(
  group: string,
  fitted: FittedLoadings,
  choices: Choices,
  { n, replicates }: { readonly n: number; readonly replicates: number },
  progress: (done: number, of: number, name: string) => void,
): Promise<GroupedOutcome[]> {
  const game = await gameOn(fitted, choices, Object.values(RHOS));
  const { pool } = game;
  const ks = logSpacedIntegers(1, pool.z.rows, Math.min(N_KS, pool.z.rows));
  const outcomes: GroupedOutcome[] = [];
  for (let repetition = 0; repetition < n; repetition++) {
    const seed = `${choices.seeds.tables} monte carlo ${repetition}`;
    const sampled = { replicates, seed };
    const optimumAt = (rho: number): ReturnType<typeof nearLeast> => {
      const options = { ks, ...developerOf(game, rho), ...sampled };
      const { cost } = totalCost(pool, game.paths.get(rho)!, options, choices.gamma);
      return nearLeast(ks, bandOf(cost.data, ks.length, replicates).mean);
    };
    const [slow, fast] = [optimumAt(RHOS.slow), optimumAt(RHOS.fast)];
    const options = { ks: [K], ...developerOf(game, RHOS.peak), ...sampled };
    const [bands] = repeatedBands(pool, game.paths.get(RHOS.peak)!, options);
    const name = `repetition ${repetition}`;
    outcomes.push({
      ...{ group, name, claims: undefined, remarks: [], edges: [] },
      numbers: {
        peakMisalignment: Math.max(...bands!.misalignment.mean),
        ...{ kStarSlow: slow.k, kStarSlowLow: slow.low, kStarSlowHigh: slow.high },
        ...{ kStarFast: fast.k, kStarFastLow: fast.low, kStarFastHigh: fast.high },
        ...oneShotUtilities(game, { draws: choices.draws, seed }),
        nFactors: fitted.nFactors,
      },
    });
    progress(repetition + 1, n, name);
  }
  return outcomes;
}

/** The k of the grid of least cost, and the first and last whose cost is near it. */
function nearLeast(
  ks: Int32Array,
  cost: Float64Array,
): { readonly k: number; readonly low: number; readonly high: number } {
  const best = argmin(cost);
  const near = (value: number): boolean => value <= (1 + NEAR_LEAST) * cost[best]!;
  return { k: ks[best]!, low: ks[cost.findIndex(near)]!, high: ks[cost.findLastIndex(near)]! };
}
