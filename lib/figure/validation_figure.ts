import { LEAST_MISALIGNMENT as FLOOR, misalignmentBounds } from "../game/bounds.ts";
import { figure } from "./figure.ts";
import { type Column, columnsOf } from "./kit/csv.ts";
import { percent, threeDigits } from "./kit/format.ts";
import type { RepeatedSeries } from "./repeated_series.ts";
import { seriesBand } from "./series_band.ts";
import { plotValidation } from "./validation_plot.ts";

/** A round of the game: the band of Δ_t, the textbook's terms, the smaller one, total variation. */
export type BoundRow = Readonly<
  Record<
    | "rho"
    | "k"
    | "t"
    | "mean"
    | "low"
    | "high"
    | "knowledge"
    | "correction"
    | "bound"
    | "variation",
    number
  >
>;

/** The repeated game, each ρ above 0, with `total_variation`, R × T. */
interface Validation {
  readonly series: RepeatedSeries;
  /** π_0, N probabilities. */
  readonly initial: Float64Array;
}

/** Strategic misalignment against the two terms of its bound, a panel for each of several (ρ, k). */
export const validationFigure = figure<Validation, BoundRow[]>({
  title: () => "Strategic misalignment and its bound",
  rows,
  plot: plotValidation,
  caption,
  columns,
});

function rows({ series, initial }: Validation): BoundRow[] {
  const T = series.t.length;
  return Array.from(series.rho, (rho, r) =>
    Array.from(series.k, (k, a) => {
      const bounds = misalignmentBounds(initial, k, rho, T);
      return Array.from(series.t, (t, n) => {
        const { mean, p10: low, p90: high } = seriesBand(series, "misalignment", r, a, n);
        const [knowledge, correction] = [bounds.knowledge[n]!, bounds.correction[n]!];
        const bound = Math.min(knowledge, correction);
        const variation = series.values["total_variation"]?.[r * T + n] ?? NaN;
        return { rho, k, t, mean, low, high, knowledge, correction, bound, variation };
      });
    })).flat(2);
}

function caption(rows: readonly BoundRow[], { series }: Validation): string {
  return `Strategic misalignment Δ_t = g_t·(θ_t − θ°) (violet: mean and 10–90 % band of ` +
    `${series.replicates} replicates) on the ${series.pool}, against min(m_t/(m_t + N), ` +
    `(1 − ρ)^t √(D_0/2)) (grey band; its terms in black: knowledge, dashed, and correction, dotted), ` +
    `and the total variation between π_t and uniform (orange). ${
      held(rows)
    } Values below ${FLOOR} are ` +
    "not shown.";
}

/** Where the bound held, in words. */
function held(rows: readonly BoundRow[]): string {
  const played = rows.filter(({ t }) => t > 0);
  const visible = played.filter(({ mean }) => mean >= FLOOR);
  if (visible.length === 0) return `The mean is below ${FLOOR} in every round.`;
  const share = (some: readonly BoundRow[], limit: (row: BoundRow) => number): string =>
    percent(some.filter((row) => row.mean <= limit(row)).length, some.length, 1);
  const bound = (row: BoundRow): number => row.bound;
  const sharp = (row: BoundRow): number => Math.min(row.knowledge, row.variation);
  const worst = visible.reduce((a, b) => a.mean / a.bound >= b.mean / b.bound ? a : b);
  return `The mean is within the bound in ${
    share(visible, bound)
  } of the rounds in which it is at ` +
    `least ${FLOOR} (${share(played, bound)} of all); there the largest ratio to the bound is ` +
    `${
      threeDigits(worst.mean / worst.bound)
    } at ρ = ${worst.rho}, k = ${worst.k}, t = ${worst.t}. ` +
    "With the total variation in place of (1 − ρ)^t √(D_0/2) it is within the bound in " +
    `${share(visible, sharp)} of them.`;
}

function columns(rows: readonly BoundRow[]): Column[] {
  return columnsOf(rows, {
    rho: ["correction rate", ({ rho }) => rho],
    k: ["tasks scored a round", ({ k }) => k],
    t: ["round, from 0", ({ t }) => t],
    misalignment_mean: ["strategic misalignment Δ_t; mean over replicates", ({ mean }) => mean],
    misalignment_p10: ["the same; 10th percentile over replicates", ({ low }) => low],
    misalignment_p90: ["the same; 90th percentile over replicates", ({ high }) => high],
    bound_knowledge: ["m_t/(m_t + N), m_t = k·min(t, 1/ρ)", ({ knowledge }) => knowledge],
    bound_correction: ["(1 − ρ)^t √(D_0/2)", ({ correction }) => correction],
    bound: ["the smaller of the two", ({ bound }) => bound],
    total_variation: [
      "exact total variation between π_t and uniform",
      ({ variation }) => variation,
    ],
  });
}
