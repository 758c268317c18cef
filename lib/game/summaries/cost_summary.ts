import type { ArraysOf } from "../../artifact/kind.ts";
import type { totalCost } from "../../artifact/kinds.ts";
import { ROUNDING } from "../bounds.ts";
import { argmin } from "../least_cost.ts";

type CostArrays = ArraysOf<typeof totalCost>;

/** Two means differ when they are further apart than this number of standard errors. */
export const APART_ERRORS = 3;

/** Pairs of neighbouring cells of the grid, the one that is to have less misalignment first. */
export interface MonotoneSummary {
  readonly pairs: number;
  /** Those that Monte Carlo tells apart, and how many of them are in the right order. */
  readonly apart: number;
  readonly right: number;
}

/**
 * Whether the time-mean of Δ_t falls with ρ (`along` ρ) or rises with k (`along` k), between neighbours.
 */
export function monotoneSummary(
  { misalignment, misalignment_se }: Pick<CostArrays, "misalignment" | "misalignment_se">,
  along: "rho" | "k",
): MonotoneSummary {
  const { rows: R, cols: K, data } = misalignment;
  const step = along === "rho" ? K : 1;
  const pairs = Array.from({ length: (along === "rho" ? R - 1 : R) * K }, (_, n) => n)
    .filter((n) => along === "rho" || n % K < K - 1)
    .map((n) => along === "rho" ? { less: n + step, more: n } : { less: n, more: n + step });
  const error = misalignment_se.data;
  const apart = pairs.filter(({ less, more }) =>
    Math.abs(data[more]! - data[less]!) > APART_ERRORS * Math.hypot(error[less]!, error[more]!)
  );
  const right = apart.filter(({ less, more }) => data[more]! > data[less]!).length;
  return { pairs: pairs.length, apart: apart.length, right };
}

/** The empirical k* of each ρ: how it moves, and whether it is within the grid of k. */
export interface OptimumSummary {
  /** At the ρ of the grid nearest the one asked for. */
  readonly rho: number;
  readonly k: number;
  /** Whether it is neither the least nor the largest k of the grid. */
  readonly isInterior: boolean;
  /** k* at the least and at the largest ρ, and the number of steps of ρ at which it falls. */
  readonly first: number;
  readonly last: number;
  readonly falls: number;
}

/** The empirical k*, looked at near one ρ and over all. */
export function optimumSummary(
  { rho, k, k_star }: Pick<CostArrays, "rho" | "k" | "k_star">,
  near: number,
): OptimumSummary {
  const at = argmin(rho.map((value) => Math.abs(Math.log(value / near))));
  const best = k_star[at]!;
  return {
    rho: rho[at]!,
    k: best,
    isInterior: best > k[0]! && best < k.at(-1)!,
    first: k_star[0]!,
    last: k_star.at(-1)!,
    falls: k_star.filter((value, r) => r > 0 && value < k_star[r - 1]!).length,
  };
}

/**
 * How the mean field's misalignment deviates from Monte Carlo's, over the cells with k large enough and
 * misalignment beyond rounding.
 */
export interface MeanFieldSummary {
  readonly cells: number;
  /** Cells within the share, and cells beyond both the share and APART_ERRORS standard errors. */
  readonly near: number;
  readonly off: number;
  /** The cell that deviates most; undefined when there is none. */
  readonly worst:
    | { readonly rho: number; readonly k: number; readonly share: number; readonly errors: number }
    | undefined;
}

/**
 * Holds the mean field against Monte Carlo.
 *
 * @param arrays With the mean field on the same grid of k.
 * @param minK Cells with fewer tasks are left out.
 * @param share A relative deviation.
 */
export function meanFieldSummary(
  arrays: Pick<
    CostArrays,
    "rho" | "k" | "misalignment" | "misalignment_se" | "misalignment_mean_field"
  >,
  minK: number,
  share: number,
): MeanFieldSummary {
  const { rho, k, misalignment, misalignment_se, misalignment_mean_field: limit } = arrays;
  const K = k.length;
  const cells = Array.from(misalignment.data, (played, n) => {
    const difference = Math.abs(limit.data[n]! - played);
    return {
      rho: rho[Math.floor(n / K)]!,
      k: k[n % K]!,
      share: difference / Math.abs(played),
      errors: difference / Math.max(misalignment_se.data[n]!, ROUNDING),
    };
  }).filter((cell, n) => cell.k >= minK && Math.abs(misalignment.data[n]!) > ROUNDING);
  return {
    cells: cells.length,
    near: cells.filter((cell) => cell.share <= share).length,
    off: cells.filter((cell) => cell.share > share && cell.errors > APART_ERRORS).length,
    worst: cells.length === 0 ? undefined : cells.reduce((a, b) => a.share >= b.share ? a : b),
  };
}

/** Of how many ρ the mean field's k* is within one step of the grid of k of the empirical one. */
export function meanFieldStarsNear(
  { k, k_star, k_star_mean_field }: Pick<CostArrays, "k" | "k_star" | "k_star_mean_field">,
): number {
  const place = (value: number): number => k.findIndex((x) => x >= value);
  return k_star.filter((star, r) => Math.abs(place(k_star_mean_field[r]!) - place(star)) <= 1)
    .length;
}

/** How k* and the least cost scale with ρ: exponents of least-squares lines between logarithms. */
export interface ScalingSummary {
  /** Rates at which k* is neither 1 nor the largest k, so that it can move. */
  readonly n: number;
  /** Of the mean field's k* and of its least cost; NaN of fewer than three rates. */
  readonly kStar: number;
  readonly leastCost: number;
}

/** Fewest points of a line whose slope says anything. */
const MIN_POINTS = 3;

/** The exponents of ρ by mean field, between the points of the grid of k. */
export function scalingSummary(
  { rho, k, k_star_refined, cost_star_refined }: Pick<
    CostArrays,
    "rho" | "k" | "k_star_refined" | "cost_star_refined"
  >,
): ScalingSummary {
  const free = Array.from(rho.keys()).filter((r) =>
    k_star_refined[r]! > 1 && k_star_refined[r]! < k.at(-1)! * (1 - EDGE)
  );
  const slope = (values: Float64Array): number => {
    if (free.length < MIN_POINTS) return NaN;
    const [x, y] = [free.map((r) => Math.log(rho[r]!)), free.map((r) => Math.log(values[r]!))];
    const mean = (list: readonly number[]): number =>
      list.reduce((sum, value) => sum + value, 0) / list.length;
    const [mx, my] = [mean(x), mean(y)];
    const products = x.reduce((sum, value, n) => sum + (value - mx) * (y[n]! - my), 0);
    return products / x.reduce((sum, value) => sum + (value - mx) ** 2, 0);
  };
  return { n: free.length, kStar: slope(k_star_refined), leastCost: slope(cost_star_refined) };
}

/** A k* so near the largest k, as a share of it, is at the edge. */
const EDGE = 1e-6;

/** A closed form's k* is right within this factor of the empirical one. */
export const STAR_FACTOR = 2;

/** A closed form's k* over the empirical one. */
export interface StarRatios {
  /** Smallest and largest of the finite ratios; undefined when the form has no minimum at any ρ. */
  readonly range: { readonly least: number; readonly most: number } | undefined;
  /** At how many ρ it is right within STAR_FACTOR, and at how many it has no minimum. */
  readonly within: number;
  readonly none: number;
}

/**
 * How a closed form's k* compares with the empirical one, over all ρ.
 *
 * @param star R values of k*; those that are not finite are where the form has no minimum.
 */
export function starRatios(
  { k_star }: Pick<CostArrays, "k_star">,
  star: Float64Array,
): StarRatios {
  const ratios = Array.from(star, (k, r) => k / k_star[r]!).filter(Number.isFinite);
  return {
    range: ratios.length === 0
      ? undefined
      : { least: Math.min(...ratios), most: Math.max(...ratios) },
    none: star.length - ratios.length,
    within: ratios.filter((ratio) => ratio >= 1 / STAR_FACTOR && ratio <= STAR_FACTOR).length,
  };
}
