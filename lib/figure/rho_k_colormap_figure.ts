import type { CostResults } from "./cost_results.ts";
import { figure } from "./figure.ts";
import type { Column } from "./kit/csv.ts";
import { range, threeDigits } from "./kit/format.ts";
import { logDomain } from "./kit/log_axis.ts";
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
  readonly results: CostResults;
  /** What the colours show. */
  readonly of: keyof typeof MAPS;
}

/** The k of least total cost at a correction rate. */
export type StarRow = Readonly<
  Record<"rho" | "empirical" | "low" | "high" | "meanField" | "textbook" | "finiteHorizon", number>
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
 * Carlo with its uncertainty, of mean field, and of the closed forms.
 */
export const rhoKColormapFigure = figure<CostMap, RhoKMap>({
  title: ({ of }) => MAPS[of].title,
  rows,
  plot: plotRhoKColormap,
  caption,
  columns: (_rows, { results }) => columns(results),
});

function rows({ results: { rho, k, kMeanField, values }, of }: CostMap): RhoKMap {
  if (kMeanField.length !== k.length) {
    throw new RangeError("Cannot draw the map: the mean field is on another grid of k");
  }
  const shown = values[MAPS[of].values]!;
  const stars = Array.from(rho, (rho, r) => ({
    rho,
    empirical: values["k_star"]![r]!,
    low: values["k_star_p10"]![r]!,
    high: values["k_star_p90"]![r]!,
    meanField: values["k_star_mean_field"]![r]!,
    textbook: values["k_star_textbook"]![r]!,
    finiteHorizon: values["k_star_finite_horizon"]![r]!,
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
  const [smallest, largest] = [Math.min(...values), Math.max(...values)];
  const place = (x: number): number => k.findIndex((value) => value >= x);
  const near = stars.filter((star) => Math.abs(place(star.empirical) - place(star.meanField)) <= 1);
  const ratio = (name: "textbook" | "finiteHorizon"): string => {
    const ratios = stars.map((star) => star[name] / star.empirical).filter(Number.isFinite);
    if (ratios.length === 0) return "which has no minimum";
    const [least, most] = [Math.min(...ratios), Math.max(...ratios)];
    return `${threeDigits(least)} to ${threeDigits(most)} times the empirical`;
  };
  const places = [0, Math.floor(rho.length / 2), rho.length - 1].map((r) =>
    `${stars[r]!.empirical} at ρ = ${threeDigits(stars[r]!.rho)}`
  );
  return `${MAPS[of].text} over ${results.rounds} rounds on the ${results.pool}, mean of ` +
    `${results.replicates} replicates, from ${threeDigits(smallest)} to ${threeDigits(largest)}` +
    (smallest < domain[0] ? ` (below ${threeDigits(domain[0])} in one colour)` : "") +
    `. The k of least total cost (γ = ${results.gamma}): circles, empirical, on the grid of ` +
    `${k.length} k, grey bars the 10–90 % range of bootstrap samples (${
      places.join(", ")
    }); solid ` +
    `line, mean field, within one step of the grid for ${near.length} of ${rho.length} ρ; dashed, the ` +
    `textbook's (cut below the frame), ${ratio("textbook")}; dotted, for the finite horizon, ` +
    `${ratio("finiteHorizon")}.`;
}

function columns({ rho, k, values }: CostResults): Column[] {
  const R = range(rho.length);
  const column = (name: string, meaning: string, values: ArrayLike<number>): Column => ({
    name,
    meaning,
    values,
  });
  const grid = (name: string, meaning: string): Column => column(name, meaning, values[name]!);
  const line = (name: string, meaning: string): Column =>
    column(
      name,
      `${meaning}; the same for all k`,
      R.flatMap((r) => Array.from(k, () => values[name]![r]!)),
    );
  return [
    column("rho", "correction rate", R.flatMap((r) => Array.from(k, () => rho[r]!))),
    column("k", "tasks scored a round", R.flatMap(() => Array.from(k))),
    grid("misalignment", "strategic misalignment Δ_t, mean over rounds and replicates"),
    grid("misalignment_se", "its standard error over replicates"),
    grid("misalignment_mean_field", "misalignment in the mean-field limit"),
    grid("cost_mean", "total cost Σ_t (σ_t²/k + γ Δ_t), mean over replicates"),
    grid("cost_p10", "total cost, 10th percentile over replicates"),
    grid("cost_p90", "total cost, 90th percentile over replicates"),
    grid("cost_mean_field", "total cost in the mean-field limit"),
    line("k_star", "k of least mean total cost"),
    line("k_star_p10", "its 10th percentile over bootstrap samples of the replicates"),
    line("k_star_p90", "its 90th percentile over bootstrap samples of the replicates"),
    line("k_star_mean_field", "k of least total cost in the mean-field limit"),
    line("k_star_textbook", "σ √(ρ/(γ κ)), the textbook's k*"),
    line("k_star_finite_horizon", "σ √(T N/(γ c S_T)), k* for the finite horizon"),
  ];
}
