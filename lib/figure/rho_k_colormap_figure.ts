import type { Results } from "../artifact/artifact.ts";
import type { totalCost } from "../artifact/kinds.ts";
import { meanFieldStarsNear, starRatios } from "../game/summaries/cost_summary.ts";
import { poolHeading, poolPhrase } from "../game/summaries/pool_phrase.ts";
import { figure } from "./figure.ts";
import type { Column } from "./kit/csv.ts";
import { range, ROUNDING, threeDigits } from "./kit/format.ts";
import { logDomain } from "./kit/log_axis.ts";
import { NEAR_LEAST_SHARE } from "./near_least_key.ts";
import { plotRhoKColormap } from "./rho_k_colormap_plot.ts";

/** What each map shows. */
const MAPS = {
  misalignment: {
    title: "Strategic misalignment over correction rate and sample size",
    values: "misalignment",
    legend: "mean *Δ*_{*t*}",
    text: "Time-mean of strategic misalignment Δ_t",
  },
  cost: {
    title: "Total cost over correction rate and sample size",
    values: "cost_mean",
    legend: "total cost",
    text: "Total cost Σ_t (σ_t²/k + γ Δ_t)",
  },
} as const;

/** The mean field is on the same grid of k. */
interface CostMap {
  readonly results: Results<typeof totalCost>;
  /** What the colours show. */
  readonly of: keyof typeof MAPS;
}

/**
 * The k of least total cost at a correction rate; `low` and `high`, the interval of k whose cost is near
 * the least by mean field.
 */
export type StarRow = Readonly<
  Record<
    "rho" | "empirical" | "low" | "high" | "meanField" | "steadyState" | "finiteHorizon",
    number
  >
>;

/** A map of R × K values, and the lines of k*(ρ) on it. */
export interface RhoKMap {
  readonly rho: Float64Array;
  readonly k: Int32Array;
  readonly values: Float64Array;
  /** The values that the colours tell apart. */
  readonly domain: [number, number];
  readonly legend: string;
  readonly stars: readonly StarRow[];
}

/** This many decades of misalignment are shown: what is smaller plays no part. */
const DECADES = 4;

/**
 * A map over correction rate ρ and sample size k, with the k of least total cost for each ρ: of Monte
 * Carlo, of mean field with the interval of k that cost nearly as little, and of the closed forms.
 */
export const rhoKColormapFigure = figure<CostMap, RhoKMap>({
  title: ({ of }) => MAPS[of].title,
  rows,
  plot: (rows, page, { results }) => plotRhoKColormap(rows, page, poolHeading(results)),
  caption,
  columns: (_rows, { results }) => columns(results),
});

function rows({ results: { arrays }, of }: CostMap): RhoKMap {
  const { rho, k } = arrays;
  if (arrays.k_mean_field.length !== k.length) {
    throw new RangeError("Cannot draw the map: the mean field is on another grid of k");
  }
  const shown = arrays[MAPS[of].values].data;
  const stars = Array.from(rho, (rho, r) => ({
    rho,
    empirical: arrays.k_star[r]!,
    low: arrays.k_star_low[r]!,
    high: arrays.k_star_high[r]!,
    meanField: arrays.k_star_refined[r]!,
    steadyState: arrays.k_star_textbook[r]!,
    finiteHorizon: arrays.k_star_finite_horizon[r]!,
  }));
  return {
    rho,
    k,
    values: shown,
    domain: logDomain(shown, DECADES),
    legend: MAPS[of].legend,
    stars,
  };
}

function caption({ rho, k, values, domain, stars }: RhoKMap, { results, of }: CostMap): string {
  const { arrays, facts } = results;
  const [smallest, largest] = [Math.min(...values), Math.max(...values)];
  const ratio = (name: "k_star_textbook" | "k_star_finite_horizon"): string => {
    const { range } = starRatios(arrays, arrays[name]);
    if (range === undefined) return "which has no minimum";
    return `${threeDigits(range.least)} to ${threeDigits(range.most)} times the empirical`;
  };
  const named = new Set([0, Math.floor(rho.length / 2), rho.length - 1]);
  const places = [...named].map((r) => stars[r]!).map(({ meanField, low, high, rho }) =>
    `${threeDigits(meanField)} (${threeDigits(low)}–${threeDigits(high)}) at ρ = ${
      threeDigits(rho)
    }`
  );
  const atEdge = stars.filter(({ empirical }) => empirical === k[0] || empirical === k.at(-1));
  const best = arrays.cost_mean.data.every((cost) => cost < ROUNDING)
    ? "Every k costs nothing, so none is the best."
    : `The k of least total cost (γ = ${facts.gamma}): circles, empirical, on the grid of ${k.length} ` +
      `k, at its edge for ${atEdge.length} of ${rho.length} ρ; solid line, mean field, ` +
      `${places.join(", ")}: in brackets and as grey bars the interval of k whose cost is within ` +
      `${NEAR_LEAST_SHARE} of the least by mean field; on the grid it is within one step of the ` +
      `empirical one for ${meanFieldStarsNear(arrays)} ρ; dashed, the steady state's (cut below ` +
      `the frame), ${ratio("k_star_textbook")}; dotted, for the finite horizon, ` +
      `${ratio("k_star_finite_horizon")}.`;
  return `${MAPS[of].text} over ${facts.n_rounds} rounds on the ${poolPhrase(results)}, mean of ` +
    `${facts.n_replicates} replicates with the mean field as control variate, from ` +
    `${threeDigits(smallest)} to ${threeDigits(largest)}` +
    (smallest < domain[0] ? ` (below ${threeDigits(domain[0])} in one colour)` : "") +
    `. ${best}`;
}

/** How the means are taken. */
const CONTROL = "the mean field as control variate";

/** The arrays on the grid of the map. */
type Grid =
  | "misalignment"
  | "misalignment_se"
  | "misalignment_mean_field"
  | `cost_${"mean" | "p10" | "p90" | "mean_field"}`;
type Star = `k_star${
  | ""
  | "_p10"
  | "_p90"
  | "_mean_field"
  | "_refined"
  | "_low"
  | "_high"
  | "_textbook"
  | "_finite_horizon"}`;

function columns({ arrays }: Results<typeof totalCost>): Column[] {
  const { rho, k } = arrays;
  const R = range(rho.length);
  const column = (name: string, meaning: string, values: ArrayLike<number>): Column => ({
    name,
    meaning,
    values,
  });
  const grid = (name: Grid, meaning: string): Column => column(name, meaning, arrays[name].data);
  const line = (name: Star, meaning: string): Column =>
    column(
      name,
      `${meaning}; the same for all k`,
      R.flatMap((r) => Array.from(k, () => arrays[name][r]!)),
    );
  return [
    column("rho", "correction rate", R.flatMap((r) => Array.from(k, () => rho[r]!))),
    column("k", "tasks scored a round", R.flatMap(() => Array.from(k))),
    grid("misalignment", `strategic misalignment Δ_t, mean over rounds and replicates, ${CONTROL}`),
    grid("misalignment_se", "its standard error over replicates"),
    grid("misalignment_mean_field", "misalignment in the mean-field limit"),
    grid("cost_mean", `total cost Σ_t (σ_t²/k + γ Δ_t), mean over replicates, ${CONTROL}`),
    grid("cost_p10", "total cost, 10th percentile over replicates"),
    grid("cost_p90", "total cost, 90th percentile over replicates"),
    grid("cost_mean_field", "total cost in the mean-field limit"),
    line("k_star", "k of least mean total cost"),
    line("k_star_p10", "its 10th percentile over bootstrap samples of the replicates"),
    line("k_star_p90", "its 90th percentile over bootstrap samples of the replicates"),
    line("k_star_mean_field", "k of least total cost in the mean-field limit, on the grid"),
    line("k_star_refined", "the same between the points of the grid"),
    line("k_star_low", `least k whose mean-field cost is within ${NEAR_LEAST_SHARE} of the least`),
    line("k_star_high", "the largest such k"),
    { ...line("k_star_textbook", "σ √(ρ/(γ κ)), k* of the steady state"), mayBeMissing: true },
    {
      ...line("k_star_finite_horizon", "σ √(T N/(γ c S_T)), k* for the finite horizon"),
      mayBeMissing: true,
    },
  ];
}
