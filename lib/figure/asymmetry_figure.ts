import type { Results } from "../artifact/artifact.ts";
import type { oneShot } from "../artifact/kinds.ts";
import { asymmetrySummary } from "../game/summaries/one_shot_summary.ts";
import { poolHeading, poolPhrase } from "../game/summaries/pool_phrase.ts";
import { plotAsymmetry } from "./asymmetry_plot.ts";
import { figure } from "./figure.ts";
import { type Column, columnsOf } from "./kit/csv.ts";
import { percent, ROUNDING, signed } from "./kit/format.ts";

type OneShot = Results<typeof oneShot>;

interface AsymmetryRow {
  readonly awareness: number;
  readonly bias: number;
  /** Utilities, as shares of the best. */
  readonly erm: number;
  readonly difference: number;
}

/**
 * Utility of ERM minus utility of transparency over the developer's awareness α and bias β, with the
 * zero contour.
 */
export const asymmetryFigure = figure<OneShot, AsymmetryRow[]>({
  title: () => "A private sample against transparency, by awareness and bias",
  rows: (results) => {
    const { alpha, beta, asymmetry_erm: erm } = results.arrays;
    const { difference } = asymmetrySummary(results);
    return Array.from(erm.data, (erm, n) => ({
      awareness: alpha[Math.floor(n / beta.length)]!,
      bias: beta[n % beta.length]!,
      erm,
      difference: difference.data[n]!,
    }));
  },
  plot: (rows, page, results) => {
    const { alpha, beta, asymmetry_k: k } = results.arrays;
    const heading = `${poolHeading(results)}, *k* = ${k}`;
    return plotAsymmetry(rows.map(differenceOf), page, alpha, beta, heading);
  },
  caption,
  columns,
});

function caption(_rows: readonly AsymmetryRow[], results: OneShot): string {
  const { arrays, facts } = results;
  const { least, most, shareBetter } = asymmetrySummary(results);
  const words = Math.max(-least, most) < ROUNDING
    ? "Both are worth the same everywhere: there is no zero contour"
    : shareBetter === 1
    ? "ERM is better everywhere: there is no zero contour"
    : shareBetter === 0
    ? "ERM is better nowhere: there is no zero contour"
    : `ERM is better on ${percent(shareBetter, 1, 0)} of the grid, the rest lies beyond the ` +
      "zero contour (line)";
  return `Utility of ERM minus utility of transparency with k = ${arrays.asymmetry_k} published tasks ` +
    `(${arrays.asymmetry_transparency.toFixed(3)}), as shares of the best, on the ${
      poolPhrase(results)
    }. ` +
    "The developer knows a share α of the tasks, drawn with weights (1 − β)·uniform + " +
    `β·exp(−‖z − e_0‖²/(2 b_M²)), b_M = ${facts.asymmetry_bandwidth}. Means of ${facts.n_draws} ` +
    `draws; from ${signed(least, 3)} to ${signed(most, 3)}. ` +
    `${words}.`;
}

function columns(
  rows: readonly AsymmetryRow[],
  { arrays }: OneShot,
): Column[] {
  const published = `with k = ${arrays.asymmetry_k}, mean over draws (share of the best)`;
  return columnsOf(rows, {
    awareness: ["share α of the tasks that the developer knows", ({ awareness }) => awareness],
    bias: ["β: 0, known tasks are drawn uniformly; 1, by the developer's bias", ({ bias }) => bias],
    utility_erm: ["u(θ)/‖μ‖ of ERM, mean over draws (share of the best)", ({ erm }) => erm],
    utility_transparency: [
      `u(θ)/‖μ‖ of transparency ${published}`,
      () => arrays.asymmetry_transparency,
    ],
    difference: ["utility of ERM minus utility of transparency", differenceOf],
  });
}

function differenceOf({ difference }: AsymmetryRow): number {
  return difference;
}
