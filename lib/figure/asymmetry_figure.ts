import { plotAsymmetry } from "./asymmetry_plot.ts";
import { figure } from "./figure.ts";
import { type Column, columnsOf } from "./kit/csv.ts";
import { percent, signed } from "./kit/format.ts";
import type { OneShotResults } from "./one_shot_results.ts";

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
export const asymmetryFigure = figure<OneShotResults, AsymmetryRow[]>({
  title: () => "A private sample against transparency, by awareness and bias",
  rows: ({ alpha, beta, asymmetryErm, asymmetryTransparency }) =>
    Array.from(asymmetryErm, (erm, n) => ({
      awareness: alpha[Math.floor(n / beta.length)]!,
      bias: beta[n % beta.length]!,
      erm,
      difference: erm - asymmetryTransparency,
    })),
  plot: (rows, page, { alpha, beta }) => plotAsymmetry(rows.map(differenceOf), page, alpha, beta),
  caption,
  columns,
});

function caption(rows: readonly AsymmetryRow[], results: OneShotResults): string {
  const differences = rows.map(differenceOf);
  const better = differences.filter((x) => x > 0).length;
  const words = better === rows.length
    ? "ERM is better everywhere: there is no zero contour"
    : better === 0
    ? "Nowhere is ERM better: there is no zero contour"
    : `ERM is better on ${percent(better, rows.length, 0)} of the grid, the rest lies beyond the ` +
      "zero contour (line)";
  return `Utility of ERM minus utility of transparency with k = ${results.asymmetryK} published tasks ` +
    `(${
      results.asymmetryTransparency.toFixed(3)
    }), as shares of the best, on the ${results.pool}. ` +
    "The developer knows a share α of the tasks, drawn with weights (1 − β)·uniform + " +
    `β·exp(−‖z − e_0‖²/(2 b_M²)), b_M = ${results.asymmetryBandwidth}. Means of ${results.draws} ` +
    `draws; from ${signed(Math.min(...differences), 3)} to ${
      signed(Math.max(...differences), 3)
    }. ` +
    `${words}.`;
}

function columns(
  rows: readonly AsymmetryRow[],
  { asymmetryK, asymmetryTransparency }: OneShotResults,
): Column[] {
  const published = `with k = ${asymmetryK}, mean over draws (share of the best)`;
  return columnsOf(rows, {
    awareness: ["share α of the tasks that the developer knows", ({ awareness }) => awareness],
    bias: ["β: 0, known tasks are drawn uniformly; 1, by the developer's bias", ({ bias }) => bias],
    utility_erm: ["u(θ)/‖μ‖ of ERM, mean over draws (share of the best)", ({ erm }) => erm],
    utility_transparency: [`u(θ)/‖μ‖ of transparency ${published}`, () => asymmetryTransparency],
    difference: ["utility of ERM minus utility of transparency", differenceOf],
  });
}

function differenceOf({ difference }: AsymmetryRow): number {
  return difference;
}
