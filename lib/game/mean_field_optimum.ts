import type { EvaluatorPath } from "./evaluator_path.ts";
import type { Developer } from "./game.ts";
import { logSpaced } from "./grids.ts";
import { argmin } from "./least_cost.ts";
import type { Pool } from "./pool.ts";
import { totalCostMeanField } from "./total_cost.ts";

/** The k of least total cost in the mean-field limit, a real number from 1 to N. */
export interface MeanFieldOptimum {
  readonly k: number;
  readonly cost: number;
  /** The least and the largest k whose cost is within {@linkcode NEAR_LEAST} of the least. */
  readonly low: number;
  readonly high: number;
  /** Whether k is at 1 or N: the least cost may lie beyond. */
  readonly isAtEdge: boolean;
}

/** A cost is near the least when it exceeds it by at most this share. */
export const NEAR_LEAST = 0.02;

/** Points of the first look, at equal ratios. */
const N_POINTS = 48;
/** Narrowings of an interval: each golden section leaves 0.62 of it, each bisection half. */
const N_NARROWINGS = 30;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Finds k* by mean field between the points of a grid, by golden sections in log k around the grid's best
 * point, and the interval of k that cost nearly as little, by bisection.
 *
 * @param gamma Weight γ of misalignment in the loss.
 * @param largest Largest k; N where absent.
 */
export function meanFieldOptimum(
  pool: Pool,
  path: EvaluatorPath,
  developer: Developer,
  gamma: number,
  largest = pool.z.rows,
): MeanFieldOptimum {
  const costs = (ks: ArrayLike<number>): Float64Array =>
    totalCostMeanField(pool, path, { ks, ...developer }, gamma).cost.data;
  const at = (x: number): number => costs([Math.exp(x)])[0]!;
  const x = logSpaced(1, largest, N_POINTS).map(Math.log);
  const cost = costs(x.map(Math.exp));
  const best = argmin(cost);
  const found = goldenSection(at, x[Math.max(0, best - 1)]!, x[Math.min(N_POINTS - 1, best + 1)]!);
  const [where, least] = found.cost < cost[best]! ? [found.x, found.cost] : [x[best]!, cost[best]!];
  const limit = (1 + NEAR_LEAST) * least;
  const isNear = (value: number): boolean => value <= limit;
  const first = cost.findIndex(isNear);
  const last = cost.findLastIndex(isNear);
  // Where no point of the grid is near, the interval lies between two of them.
  const [from, to] = first < 0
    ? [where, where]
    : [Math.min(x[first]!, where), Math.max(x[last]!, where)];
  const below = x.findLast((point) => point < from) ?? from;
  const above = x.find((point) => point > to) ?? to;
  const crossing = (inside: number, outside: number): number =>
    Math.exp(bisect((point) => isNear(at(point)), inside, outside));
  return {
    k: Math.exp(where),
    cost: least,
    low: crossing(from, below),
    high: crossing(to, above),
    isAtEdge: where === x[0] || where === x.at(-1),
  };
}

function goldenSection(
  at: (x: number) => number,
  low: number,
  high: number,
): { readonly x: number; readonly cost: number } {
  let [a, b] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let [costA, costB] = [at(a), at(b)];
  for (let n = 0; n < N_NARROWINGS; n++) {
    if (costA <= costB) {
      [high, b, costB] = [b, a, costA];
      a = high - GOLDEN * (high - low);
      costA = at(a);
    } else {
      [low, a, costA] = [a, b, costB];
      b = low + GOLDEN * (high - low);
      costB = at(b);
    }
  }
  return costA <= costB ? { x: a, cost: costA } : { x: b, cost: costB };
}

/** The last point on the way from `inside` to `outside` for which it holds; `inside` where they are one. */
function bisect(holds: (x: number) => boolean, inside: number, outside: number): number {
  if (inside === outside || holds(outside)) return outside;
  for (let n = 0; n < N_NARROWINGS; n++) {
    const middle = (inside + outside) / 2;
    if (holds(middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}
