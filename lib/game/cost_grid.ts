import { bandOf, meanWithError } from "../stats/band.ts";
import type { Multiply } from "../stats/product.ts";
import { closedFormConstants, finiteHorizonForm, textbookForm } from "./closed_form.ts";
import type { Correction } from "./correction.ts";
import { evaluatorPaths } from "./evaluator_path.ts";
import { leastCost, lowestAt } from "./least_cost.ts";
import type { Pool } from "./pool.ts";
import { totalCost, totalCostMeanField } from "./total_cost.ts";

/** What is played, and where it is looked at. */
export interface CostGridOptions {
  /** R correction rates, above 0. */
  readonly rhos: Float64Array;
  /** K sample sizes, for Monte Carlo. */
  readonly ks: Int32Array;
  /** L sample sizes, real numbers, for the mean field and the closed forms. */
  readonly ksMeanField: Float64Array;
  readonly correction: Correction;
  /** T. */
  readonly rounds: number;
  /** Share φ of the developer's counts that it forgets each round; null: ρ. */
  readonly forgetting: number | null;
  /** γ, weight of misalignment in the loss. */
  readonly gamma: number;
  readonly replicates: number;
  /** Bootstrap samples of the replicates, for the empirical k*. */
  readonly bootstrap: number;
  readonly seed: string;
}

/** Arrays by name, with their shapes in `COST_GRID_SHAPES`. */
export type CostGrid = Readonly<Record<keyof typeof COST_GRID_SHAPES, Float64Array>>;

/** Of what each array is: rates R, sample sizes K of Monte Carlo, sample sizes L of the mean field. */
export const COST_GRID_SHAPES = {
  /** Strategic misalignment Δ_t, mean over rounds and replicates, and its standard error. */
  misalignment: "RK",
  misalignment_se: "RK",
  /** Total cost Σ_t ℓ_t: mean and 10–90 % over replicates. */
  cost_mean: "RK",
  cost_p10: "RK",
  cost_p90: "RK",
  misalignment_mean_field: "RL",
  cost_mean_field: "RL",
  cost_textbook: "RL",
  cost_finite_horizon: "RL",
  /** The k of least cost: of Monte Carlo, with 10–90 % of bootstrap samples, and of the others. */
  k_star: "R",
  k_star_p10: "R",
  k_star_p90: "R",
  k_star_mean_field: "R",
  k_star_textbook: "R",
  k_star_finite_horizon: "R",
  /** σ² and c of the closed forms (model section 6.3). */
  variance: "1",
  exploitation: "1",
} as const;

/** Those that are NaN where there is none: a closed form without a minimum has no k*. */
export const MAY_BE_MISSING: ReadonlySet<string> = new Set([
  "k_star_textbook",
  "k_star_finite_horizon",
]);

/**
 * Total cost and misalignment of the repeated game over correction rates ρ and sample sizes k, by
 * Monte Carlo, in the mean-field limit and in closed form (model sections 6.2 and 6.3).
 *
 * @param initial π_0.
 * @param multiply What multiplies matrices for the evaluator.
 * @param progress Called after each ρ with the number of rates done.
 */
export async function costGrid(
  pool: Pool,
  initial: Float64Array,
  options: CostGridOptions,
  multiply: Multiply,
  progress: (done: number, rho: number) => void = () => {},
): Promise<CostGrid> {
  const { rhos, ks, ksMeanField, correction, rounds, gamma, replicates, bootstrap, seed } = options;
  const sizes = { R: rhos.length, K: ks.length, L: ksMeanField.length };
  const length = (shape: string): number =>
    Array.from(shape).reduce((n, axis) => n * (sizes[axis as keyof typeof sizes] ?? 1), 1);
  const grid = Object.fromEntries(
    Object.entries(COST_GRID_SHAPES).map(([name, s]) => [name, new Float64Array(length(s))]),
  ) as CostGrid;
  const constants = closedFormConstants(pool, initial);
  grid.variance[0] = constants.variance;
  grid.exploitation[0] = constants.exploitation;
  let r = 0;
  for await (const path of evaluatorPaths(pool, initial, correction, rhos, rounds, multiply)) {
    const forgetting = options.forgetting ?? path.rho;
    const { K, L } = sizes;
    const played = totalCost(pool, path, { ks, forgetting, replicates, seed }, gamma);
    const level = meanWithError(played.misalignment);
    grid.misalignment.set(level.mean, r * K);
    grid.misalignment_se.set(level.error, r * K);
    const cost = bandOf(played.cost.data, K, replicates);
    grid.cost_mean.set(cost.mean, r * K);
    grid.cost_p10.set(cost.p10, r * K);
    grid.cost_p90.set(cost.p90, r * K);
    const star = leastCost(played.cost, ks, bootstrap, `${seed} ${r}`);
    grid.k_star[r] = star.k;
    grid.k_star_p10[r] = star.p10;
    grid.k_star_p90[r] = star.p90;

    const limit = totalCostMeanField(pool, path, { ks: ksMeanField, forgetting }, gamma);
    grid.misalignment_mean_field.set(limit.misalignment.data, r * L);
    grid.cost_mean_field.set(limit.cost.data, r * L);
    grid.k_star_mean_field[r] = ksMeanField[lowestAt(limit.cost.data)]!;

    const form = { ...constants, tasks: pool.z.rows, gamma, rho: path.rho, rounds };
    const [textbook, horizon] = [textbookForm(form), finiteHorizonForm(form)];
    grid.cost_textbook.set(ksMeanField.map(textbook.loss), r * L);
    grid.cost_finite_horizon.set(ksMeanField.map(horizon.loss), r * L);
    grid.k_star_textbook[r] = textbook.kStar;
    grid.k_star_finite_horizon[r] = horizon.kStar;
    progress(++r, path.rho);
  }
  return grid;
}
