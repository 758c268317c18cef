import type { Contents } from "../../artifact/kind.ts";
import type { oneShot } from "../../artifact/kinds.ts";

import { type Matrix, matrix } from "../../stats/matrix.ts";

type OneShot = Contents<typeof oneShot>;

/** A rise of the gap counts when it is larger than this number of its standard errors. */
export const RISE_ERRORS = 3;

/** A small k is at most this share of the pool. */
export const SMALL_SHARE = 0.05;

/** Utility is the best everywhere, but for rounding: then there is nothing to choose. */
const BEST = 1 - 1e-9;

/** Whether every utility (as a share of the best) is the best, so that nothing can be compared. */
export function isAllBest(utilities: ArrayLike<number>): boolean {
  return Array.from(utilities).every((utility) => utility >= BEST);
}

/** The gap between published score and true utility under transparency, in shares of the best utility. */
export interface TransparencySummary {
  /** Published score/‖μ‖ − utility at each of K sizes of the published set. */
  readonly gap: Float64Array;
  /** Sizes below N, and at how many of them the gap is above 0. */
  readonly partial: number;
  readonly above: number;
  /** Steps from one size to the next; in how many the gap falls, and in how many it clearly rises. */
  readonly steps: number;
  readonly falls: number;
  readonly rises: number;
}

/** How published score and true utility differ. */
export function transparencySummary(
  { arrays, facts: { best_utility } }: Pick<OneShot, "arrays" | "facts">,
): TransparencySummary {
  const gap = arrays.published_score_mean.map((score, n) =>
    score / best_utility - arrays.transparency_mean[n]!
  );
  const change = arrays.gap_change.subarray(1);
  const error = arrays.gap_change_se.subarray(1);
  // At k = N the published tasks are all tasks.
  const partial = gap.subarray(0, -1);
  return {
    gap,
    partial: partial.length,
    above: partial.filter((x) => x > 0).length,
    steps: change.length,
    falls: change.filter((x) => x < 0).length,
    rises: change.filter((x, n) => x > RISE_ERRORS * error[n]!).length,
  };
}

/** Empirical risk minimisation (ERM) on a private sample, against transparency. */
export interface ErmSummary {
  /** The best utility under transparency at a small k, undefined where no k is small, … */
  readonly bestTransparency: { readonly k: number; readonly utility: number } | undefined;
  /** … and the worst of ERM. */
  readonly worstErm: { readonly awareness: number; readonly utility: number };
  /** Of each awareness the least k at which transparency is as good; undefined where none is. */
  readonly crossings: readonly (number | undefined)[];
}

/** How ERM compares with transparency. */
export function ermSummary({ arrays }: Pick<OneShot, "arrays">): ErmSummary {
  const { k, transparency_mean, awareness, erm_mean } = arrays;
  const published = Array.from(k, (k, n) => ({ k, utility: transparency_mean[n]! }));
  const known = Array.from(awareness, (awareness, n) => ({ awareness, utility: erm_mean[n]! }));
  const small = published.filter((set) => set.k <= SMALL_SHARE * k.at(-1)!);
  return {
    bestTransparency: small.length === 0
      ? undefined
      : small.reduce((a, b) => a.utility >= b.utility ? a : b),
    worstErm: known.reduce((a, b) => a.utility <= b.utility ? a : b),
    crossings: known.map((level) => published.find(({ utility }) => utility >= level.utility)?.k),
  };
}

/** ERM minus transparency on the grid of awareness α and bias β. */
export interface AsymmetrySummary {
  /** Utility of ERM less that of transparency, α × β. */
  readonly difference: Matrix;
  readonly least: number;
  readonly most: number;
  /** Share of the grid on which ERM is better. */
  readonly shareBetter: number;
}

/** Where on the grid ERM is better than transparency. */
export function asymmetrySummary({ arrays }: Pick<OneShot, "arrays">): AsymmetrySummary {
  const { rows, cols, data } = arrays.asymmetry_erm;
  const difference = data.map((erm) => erm - arrays.asymmetry_transparency);
  return {
    difference: matrix(rows, cols, difference),
    least: Math.min(...difference),
    most: Math.max(...difference),
    shareBetter: difference.filter((x) => x > 0).length / difference.length,
  };
}
