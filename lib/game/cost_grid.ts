import { type ArraysOf, zeros } from "../artifact/kind.ts";
import { totalCost as kind } from "../artifact/kinds.ts";
import { bandOf, meanWithError } from "../stats/band.ts";
import { row } from "../stats/matrix.ts";
import { closedFormConstants, finiteHorizonForm, steadyStateForm } from "./closed_form.ts";
import { developerOf, type Game, pathsOf } from "./game.ts";
import { argmin, leastCost } from "./least_cost.ts";
import { meanFieldOptimum } from "./mean_field_optimum.ts";
import { type PlayedCost, type TotalCost, totalCost, totalCostMeanField } from "./total_cost.ts";

/** What is played, and where it is looked at. */
export interface CostGridOptions {
  /** R correction rates, above 0. */
  readonly rhos: Float64Array;
  /** K sample sizes, for Monte Carlo. */
  readonly ks: Int32Array;
  /** L sample sizes, real numbers, for the mean field and the closed forms. */
  readonly ksMeanField: Float64Array;
  /** γ, weight of misalignment in the loss. */
  readonly gamma: number;
  /** 0: the mean-field limit stands for Monte Carlo, in one replicate. */
  readonly replicates: number;
  /** Bootstrap samples of the replicates, for the empirical k*. */
  readonly bootstrap: number;
  /** Names the random streams. */
  readonly seed: string;
}

/**
 * Total cost and misalignment of the repeated game over correction rates ρ and sample sizes k, by
 * Monte Carlo, in the mean-field limit and in closed form (model sections 6.2 and 6.3).
 *
 * @param progress Called after each ρ with the number of rates done.
 */
export async function costGrid(
  game: Game,
  options: CostGridOptions,
  progress: (done: number, rho: number) => void = () => {},
): Promise<ArraysOf<typeof kind>> {
  const { rhos, ks, ksMeanField, gamma, replicates, bootstrap, seed } = options;
  const { pool, rounds } = game;
  const constants = closedFormConstants(pool, game.initial);
  const grid = {
    ...zeros(kind, { R: rhos.length, K: ks.length, L: ksMeanField.length }),
    ...{ rho: rhos, k: ks, k_mean_field: ksMeanField, ...constants },
  };
  let rhoIndex = 0;
  for await (const path of pathsOf(game, rhos)) {
    const developer = developerOf(game, path.rho);
    const played = replicates === 0
      ? meanFieldAlone(totalCostMeanField(pool, path, { ks, ...developer }, gamma))
      : totalCost(pool, path, { ks, ...developer, replicates, seed }, gamma);
    const level = meanWithError(played.controlled.misalignment);
    row(grid.misalignment, rhoIndex).set(level.mean);
    row(grid.misalignment_se, rhoIndex).set(level.error);
    const cost = bandOf(played.cost.data, ks.length, played.cost.cols);
    row(grid.cost_mean, rhoIndex).set(meanWithError(played.controlled.cost).mean);
    row(grid.cost_p10, rhoIndex).set(cost.p10);
    row(grid.cost_p90, rhoIndex).set(cost.p90);
    const star = leastCost(played.controlled.cost, ks, bootstrap, `${seed} ${rhoIndex}`);
    grid.k_star[rhoIndex] = star.k;
    grid.k_star_p10[rhoIndex] = star.p10;
    grid.k_star_p90[rhoIndex] = star.p90;

    const limit = totalCostMeanField(pool, path, { ks: ksMeanField, ...developer }, gamma);
    row(grid.misalignment_mean_field, rhoIndex).set(limit.misalignment.data);
    row(grid.cost_mean_field, rhoIndex).set(limit.cost.data);
    grid.k_star_mean_field[rhoIndex] = ksMeanField[argmin(limit.cost.data)]!;
    const optimum = meanFieldOptimum(pool, path, developer, gamma);
    grid.k_star_refined[rhoIndex] = optimum.k;
    grid.k_star_low[rhoIndex] = optimum.low;
    grid.k_star_high[rhoIndex] = optimum.high;
    grid.cost_star_refined[rhoIndex] = optimum.cost;

    const form = { ...constants, priorMass: developer.priorMass, gamma, rho: path.rho, rounds };
    const [steady, horizon] = [steadyStateForm(form), finiteHorizonForm(form)];
    row(grid.cost_textbook, rhoIndex).set(ksMeanField.map(steady.loss));
    row(grid.cost_finite_horizon, rhoIndex).set(ksMeanField.map(horizon.loss));
    grid.k_star_textbook[rhoIndex] = steady.kStar;
    grid.k_star_finite_horizon[rhoIndex] = horizon.kStar;
    progress(++rhoIndex, path.rho);
  }
  return grid;
}

/** The mean field in the place of a game that is not played. */
function meanFieldAlone(limit: TotalCost): PlayedCost {
  return { ...limit, controlled: limit };
}
