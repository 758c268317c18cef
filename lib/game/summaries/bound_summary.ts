import type { Contents } from "../../artifact/kind.ts";
import type { repeated } from "../../artifact/kinds.ts";
import { row } from "../../stats/matrix.ts";
import { MIN_MISALIGNMENT, misalignmentBounds, ROUNDING } from "../bounds.ts";
import { curves } from "./curves.ts";

/** A round of a game beside its bounds, all in units of the score. */
export interface BoundRound {
  readonly rho: number;
  readonly k: number;
  /** From 0. */
  readonly t: number;
  /** Strategic misalignment over replicates. */
  readonly mean: number;
  readonly p10: number;
  readonly p90: number;
  /** The mean of the exploitation gap g_t·θ_t, which the textbook's bound is about. */
  readonly exploitationGap: number;
  /** The bound that holds (docs/bound.md). */
  readonly productBound: number;
  /** The two terms of the textbook's bound, and the smaller of them. */
  readonly knowledge: number;
  readonly correction: number;
  readonly bound: number;
  /** Exact total variation between π_t and uniform, and the smaller of it and `knowledge`. */
  readonly variation: number;
  readonly sharpBound: number;
}

/** The rounds of all games beside their bounds: games in the order of curves(). */
export function boundRounds(
  results: Pick<Contents<typeof repeated>, "arrays" | "dims">,
): BoundRound[] {
  const { arrays, dims: { T } } = results;
  return curves(results).flatMap((curve, game) => {
    const { rho, rhoIndex, k, misalignment: { mean, p10, p90 } } = curve;
    const { knowledge, correction } = misalignmentBounds(arrays.initial, k, rho, T);
    const variation = row(arrays.total_variation, rhoIndex);
    return Array.from(mean, (value, t): BoundRound => ({
      ...{ rho, k, t, mean: value, p10: p10[t]!, p90: p90[t]! },
      ...{ knowledge: knowledge[t]!, correction: correction[t]!, variation: variation[t]! },
      exploitationGap: arrays.exploitation_gap_mean[game * T + t]!,
      productBound: arrays.product_bound[game * T + t]!,
      bound: Math.min(knowledge[t]!, correction[t]!),
      sharpBound: Math.min(knowledge[t]!, variation[t]!),
    }));
  });
}

/** How a bound does. Rounds with less misalignment than MIN_MISALIGNMENT are not visible. */
export interface BoundSummary {
  /** Rounds after the first, and how many of them are within the bound. */
  readonly played: number;
  readonly playedWithin: number;
  /** Of these the visible ones, and how many of them are within it. */
  readonly visible: number;
  readonly visibleWithin: number;
  /** The visible round with the largest ratio of Δ_t to the bound; undefined when none is visible. */
  readonly worst: { readonly round: BoundRound; readonly ratio: number } | undefined;
}

/** How often Δ_t is within a bound, and the largest ratio to it. */
export function boundSummary(
  rounds: readonly BoundRound[],
  bound: "productBound" | "bound" | "sharpBound",
): BoundSummary {
  const played = rounds.filter(({ t }) => t > 0);
  const visible = played.filter(({ mean }) => mean >= MIN_MISALIGNMENT);
  const within = (some: readonly BoundRound[]): number =>
    some.filter((round) => round.mean <= round[bound] + ROUNDING).length;
  const ratios = visible.map((round) => ({ round, ratio: round.mean / round[bound] }));
  return {
    played: played.length,
    playedWithin: within(played),
    visible: visible.length,
    visibleWithin: within(visible),
    worst: ratios.length === 0 ? undefined : ratios.reduce((a, b) => a.ratio >= b.ratio ? a : b),
  };
}
