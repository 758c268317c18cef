import { plotClosedForm } from "./closed_form_plot.ts";
import type { CostResults } from "./cost_results.ts";
import { figure } from "./figure.ts";
import { type BandPoint, bandPoint } from "./kit/band_point.ts";
import { type Column, columnsOf } from "./kit/csv.ts";
import { threeDigits } from "./kit/format.ts";

/** The curves beside Monte Carlo: their arrays, and what they are called. */
const CURVES = [
  { values: "cost_mean_field", star: "k_star_mean_field", name: "mean field", by: "mean field" },
  { values: "cost_textbook", star: "k_star_textbook", name: "textbook", by: "the textbook form" },
  {
    values: "cost_finite_horizon",
    star: "k_star_finite_horizon",
    name: "finite horizon",
    by: "the finite horizon form",
  },
] as const;

/** A closed form whose k* is off by more than this factor is said to be. */
const FAR_OFF = 2;

/** Results with this ρ among their own. */
interface CostAtRho {
  readonly results: CostResults;
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
}

/**
 * Cumulative loss of the repeated game against the sample size k: Monte Carlo, mean field, and the two
 * closed forms, with the k* of each (model section 6.3).
 */
export const closedFormFigure = figure<CostAtRho, ClosedFormRows>({
  title: ({ rho }) => `Cumulative loss against sample size, ρ = ${rho}`,
  rows,
  plot: (rows, page, { results }) => plotClosedForm(rows, page, results),
  caption,
  columns,
});

/** @throws {RangeError} When the results have no such ρ. */
function rows({ results: { rho: rhos, k, kMeanField, values }, rho }: CostAtRho): ClosedFormRows {
  const r = rhos.indexOf(rho);
  if (r < 0) throw new RangeError(`Cannot draw ρ = ${rho}: it was not played`);
  const K = k.length;
  const band = { mean: values["cost_mean"]!, p10: values["cost_p10"]!, p90: values["cost_p90"]! };
  const played = Array.from(k, (k, n) => ({ k, ...bandPoint(band, r * K + n) }));
  const curves = CURVES.map(({ name, values: array }) => ({
    name,
    points: Array.from(kMeanField, (k, n) => ({
      k,
      cost: values[array]![r * kMeanField.length + n]!,
    })),
  }));
  const empirical = values["k_star"]![r]!;
  const stars = [
    { k: empirical, cost: played.find(({ k }) => k === empirical)!.mean },
    ...CURVES.map(({ star }, n) => {
      const k = values[star]![r]!;
      return { k, cost: costAt(curves[n]!.points, k) };
    }),
  ];
  return { played, curves, stars };
}

function caption({ played, curves, stars }: ClosedFormRows, { results, rho }: CostAtRho): string {
  const { rounds, gamma, variance, exploitation, replicates, pool, values } = results;
  const r = results.rho.indexOf(rho);
  const empirical = stars[0]!.k;
  const ks = CURVES.map(({ by }, n) => {
    const { k } = stars[n + 1]!;
    // Without exploitation a closed form has no minimum.
    if (!Number.isFinite(k)) return `none by ${by}`;
    const factor = k / empirical;
    const off = Math.max(factor, 1 / factor);
    const far = off > FAR_OFF
      ? ` (${off.toFixed(1)} times too ${factor > 1 ? "large" : "small"})`
      : "";
    const place = k < 1 || k > results.tasks ? ", outside the axis" : "";
    return `${threeDigits(k)} by ${by}${far}${place}`;
  });
  const [limit, ...losses] = curves.map(({ points }) => costAt(points, empirical));
  const shares = losses.map((loss, n) =>
    `${(loss / limit!).toFixed(2)} times (${curves[n + 1]!.name})`
  );
  const compared = limit! > 0
    ? ` At the empirical k* the closed forms give, of the mean field's loss, ${
      shares.join(" and ")
    }.`
    : "";
  return `Loss Σ_t (σ_t²/k + γ Δ_t) over ${rounds} rounds at correction rate ρ = ${rho}, γ = ${gamma}, ` +
    `on the ${pool}: Monte Carlo (dots; bars, 10–90 % of ${replicates} replicates), the mean field, ` +
    `the textbook's L(k) × T with κ = c/N (dashed), and the finite-horizon form (dotted); σ² = ` +
    `${variance.toPrecision(3)}, c = ${
      exploitation.toPrecision(3)
    }. Least loss (triangles) at k* = ` +
    `${empirical} by Monte Carlo (${values["k_star_p10"]![r]}–${
      values["k_star_p90"]![r]
    } in 10–90 % of ` +
    `bootstrap samples, on a grid of ${played.length} k), ${
      ks.join(", ")
    }.${compared} What is above ` +
    "the frame is cut.";
}

function columns({ played, curves }: ClosedFormRows, { results, rho }: CostAtRho): Column[] {
  const r = results.rho.indexOf(rho);
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
  const stars = ["k_star", "k_star_p10", "k_star_p90", ...CURVES.map(({ star }) => star)];
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
      "k of least loss (k_star: Monte Carlo; p10, p90: of its bootstrap); all rows alike",
      () => results.values[name]![r]!,
    ]])),
  });
}

/** A curve's loss at k, between its points along the line in log k. */
function costAt(points: readonly Point[], k: number): number {
  const after = Math.max(1, points.findIndex((point) => point.k >= k));
  const [a, b] = [points[after - 1]!, points[after]!];
  const share = Math.log(k / a.k) / Math.log(b.k / a.k);
  return a.cost * (b.cost / a.cost) ** share;
}
