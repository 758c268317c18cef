import type { Results } from "../artifact/artifact.ts";
import type { totalCost } from "../artifact/kinds.ts";
import { STAR_FACTOR } from "../game/summaries/cost_summary.ts";
import { poolHeading, poolPhrase } from "../game/summaries/pool_phrase.ts";
import { NEAR_LEAST_SHARE } from "./near_least_key.ts";
import { plotClosedForm } from "./closed_form_plot.ts";
import { figure } from "./figure.ts";
import { type BandPoint, bandPoint } from "./kit/band_point.ts";
import { type Column, columnsOf } from "./kit/csv.ts";
import { ROUNDING, significant, threeDigits } from "./kit/format.ts";

/** The curves beside Monte Carlo: their arrays, and what they are called. */
const CURVES = [
  { values: "cost_mean_field", star: "k_star_refined", name: "mean field", by: "mean field" },
  {
    values: "cost_textbook",
    star: "k_star_textbook",
    name: "steady state",
    by: "the steady state",
  },
  {
    values: "cost_finite_horizon",
    star: "k_star_finite_horizon",
    name: "finite horizon",
    by: "the finite horizon",
  },
] as const;

/** Results with this ρ among their own. */
interface CostAtRho {
  readonly results: Results<typeof totalCost>;
  readonly rho: number;
}

interface Point {
  readonly k: number;
  /** Loss over the rounds. */
  readonly cost: number;
}

/** Loss over k: of Monte Carlo, of each curve, and at the k* of each, Monte Carlo's first. */
export interface ClosedFormRows {
  readonly played: readonly (BandPoint & { readonly k: number })[];
  readonly curves: readonly { readonly name: string; readonly points: readonly Point[] }[];
  readonly stars: readonly Point[];
  /** The interval of k whose loss is near the least, by mean field. */
  readonly near: { readonly low: number; readonly high: number };
}

/**
 * Cumulative loss of the repeated game against the sample size k: Monte Carlo, mean field, and the two
 * closed forms, with the k* of each (model section 6.3).
 */
export const closedFormFigure = figure<CostAtRho, ClosedFormRows>({
  title: ({ rho }) => `Cumulative loss against sample size, ρ = ${rho}`,
  rows,
  plot: (rows, page, { results, rho }) =>
    plotClosedForm(rows, page, {
      N: results.facts.n_pool,
      rounds: results.facts.n_rounds,
      heading: `${poolHeading(results)}, *ρ* = ${rho}`,
    }),
  caption,
  columns,
});

/** @throws {RangeError} When the results have no such ρ. */
function rows({ results: { arrays }, rho }: CostAtRho): ClosedFormRows {
  const { k, k_mean_field: kMeanField } = arrays;
  const r = arrays.rho.indexOf(rho);
  if (r < 0) throw new RangeError(`Cannot draw ρ = ${rho}: it was not played`);
  const K = k.length;
  const band = {
    mean: arrays.cost_mean.data,
    p10: arrays.cost_p10.data,
    p90: arrays.cost_p90.data,
  };
  const played = Array.from(k, (k, n) => ({ k, ...bandPoint(band, r * K + n) }));
  const curves = CURVES.map(({ name, values: array }) => ({
    name,
    points: Array.from(kMeanField, (k, n) => ({
      k,
      cost: arrays[array].data[r * kMeanField.length + n]!,
    })),
  }));
  const empirical = arrays.k_star[r]!;
  const stars = [
    { k: empirical, cost: played.find(({ k }) => k === empirical)!.mean },
    ...CURVES.map(({ star }, n) => {
      const k = arrays[star][r]!;
      return { k, cost: costAt(curves[n]!.points, k) };
    }),
  ];
  const near = { low: arrays.k_star_low[r]!, high: arrays.k_star_high[r]! };
  return { played, curves, stars, near };
}

function caption(
  { played, curves, stars, near }: ClosedFormRows,
  { results, rho }: CostAtRho,
): string {
  const { arrays, facts: { n_rounds: rounds, gamma, n_replicates: replicates, n_pool: N } } =
    results;
  const { variance, exploitation } = arrays;
  const empirical = stars[0]!.k;
  const ks = CURVES.map(({ by }, n) => {
    const { k } = stars[n + 1]!;
    // Without variance or exploitation a closed form has no minimum.
    if (!Number.isFinite(k)) return `none by ${by}`;
    const factor = k / empirical;
    const off = Math.max(factor, 1 / factor);
    const far = off > STAR_FACTOR
      ? ` (${off.toFixed(1)} times too ${factor > 1 ? "large" : "small"})`
      : "";
    const place = k < 1 || k > N ? ", outside the axis" : "";
    const interval = n === 0
      ? ` (grey bar: ${threeDigits(near.low)}–${threeDigits(near.high)} are within ` +
        `${NEAR_LEAST_SHARE} of the least loss)`
      : "";
    return `${threeDigits(k)} by ${by}${far}${interval}${place}`;
  });
  const [limit, ...losses] = curves.map(({ points }) => costAt(points, empirical));
  const shares = losses.map((loss, n) =>
    `${(loss / limit!).toFixed(2)} times (${curves[n + 1]!.name})`
  );
  const compared = limit! > ROUNDING
    ? ` At the empirical k* the closed forms give, of the mean field's loss, ${
      shares.join(" and ")
    }.`
    : "";
  const best = played.every(({ mean }) => mean < ROUNDING)
    ? "Every k has a loss of 0, so none is the best."
    : `Least loss (triangles) at k* = ${empirical} by Monte Carlo (on a grid of ${played.length} k` +
      `${empirical === played[0]!.k || empirical === played.at(-1)!.k ? ", at its edge" : ""}), ` +
      `${ks.join(", ")}.${compared}`;
  return `Loss Σ_t (σ_t²/k + γ Δ_t) over ${rounds} rounds at correction rate ρ = ${rho}, γ = ${gamma}, ` +
    `on the ${
      poolPhrase(results)
    }: Monte Carlo (dots, with the mean field as control variate; bars, 10–90 % of ` +
    `${replicates} replicates), the mean field, ` +
    `the steady state's L(k) × T with κ = c/N_0 (dashed), and the finite horizon's (dotted); σ² = ` +
    `${significant(variance)}, c = ${
      significant(exploitation)
    }. ${best} What is above the frame is cut.`;
}

function columns(
  { played, curves }: ClosedFormRows,
  { results: { arrays }, rho }: CostAtRho,
): Column[] {
  const r = arrays.rho.indexOf(rho);
  const blank = { mean: "", p10: "", p90: "" } as const;
  const rows = [
    ...played.map((point) => ({ series: "monte_carlo", ...point, costs: ["", "", ""] })),
    ...curves[0]!.points.map(({ k }, n) => ({
      series: "curves",
      k,
      ...blank,
      costs: curves.map(({ points }) => points[n]!.cost),
    })),
  ];
  type Row = typeof rows[number];
  const stars = [
    ...["k_star", "k_star_p10", "k_star_p90", "k_star_low", "k_star_high"] as const,
    ...CURVES.map(({ star }) => star),
  ] as const;
  return columnsOf<Row>(rows, {
    series: ["monte_carlo, or the curves on a finer grid", ({ series }) => series],
    k: ["tasks scored a round", ({ k }) => k],
    ...Object.fromEntries((["mean", "p10", "p90"] as const).map((part) => [`cost_${part}`, [
      `loss over the rounds by Monte Carlo, ${part} over replicates`,
      (row: Row) => row[part],
    ]])),
    ...Object.fromEntries(CURVES.map(({ values, name }, n) => [values, [
      `loss over the rounds, ${name}`,
      ({ costs }: Row) => costs[n]!,
    ]])),
    ...Object.fromEntries(stars.map((name) => [name, [
      `k of least loss (k_star: Monte Carlo; p10, p90: of its bootstrap; low, high: within ` +
      `${NEAR_LEAST_SHARE} of the least by mean field); all rows alike`,
      () => Number.isNaN(arrays[name][r]!) ? "" : arrays[name][r]!,
    ]])),
  });
}

/** A curve's loss at k, between its points along the line in log k. */
function costAt(points: readonly Point[], k: number): number {
  const after = Math.max(1, points.findIndex((point) => point.k >= k));
  const [a, b] = [points[after - 1]!, points[after]!];
  const share = Math.log(k / a.k) / Math.log(b.k / a.k);
  // Between losses of 0 there is no ratio.
  return a.cost > 0 && b.cost > 0
    ? a.cost * (b.cost / a.cost) ** share
    : a.cost + share * (b.cost - a.cost);
}
