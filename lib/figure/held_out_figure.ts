import type { Contents } from "../artifact/kind.ts";
import type { heldOut } from "../artifact/kinds.ts";
import { column } from "../stats/matrix.ts";
import { figure } from "./figure.ts";
import { plotHeldOut } from "./held_out_plot.ts";
import { type Column, columnsOf } from "./kit/csv.ts";

/** The score of a model on one split. */
export interface HeldOutRow {
  /** "item means", "additive" or "factors". */
  readonly model: string;
  /** Number of factors, 0 of the others. */
  readonly d: number;
  readonly split: number;
  /** Brier score. */
  readonly brier: number;
  readonly converged: boolean;
}

type HeldOut = Pick<Contents<typeof heldOut>, "arrays" | "facts">;

/** Brier score of hidden answers by number of skills, beside item means and the additive model. */
export const heldOutFigure = figure<HeldOut, HeldOutRow[]>({
  title: () => "How many skills predict",
  rows: ({ arrays }) => {
    const flat = (model: string, scores: Float64Array): HeldOutRow[] =>
      Array.from(scores, (brier, split) => ({ model, d: 0, split, brier, converged: true }));
    return [
      ...flat("item means", arrays.brier_of_mean),
      ...flat("additive", arrays.brier_of_additive),
      ...Array.from(
        arrays.n_factors,
        (d, n) =>
          Array.from(column(arrays.brier, n), (brier, split) => ({
            ...{ model: "factors", d, split, brier },
            converged: column(arrays.converged, n)[split] === 1,
          })),
      ).flat(),
    ];
  },
  plot: (rows, page, { arrays: { chosen_n_factors } }) => plotHeldOut(rows, page, chosen_n_factors),
  caption,
  columns,
});

/** The mean score of each number of factors. */
function meanByD(
  rows: readonly HeldOutRow[],
): { readonly d: number; readonly brier: number }[] {
  const factors = rows.filter(({ model }) => model === "factors");
  return [...new Set(factors.map(({ d }) => d))].map((d) => {
    const found = factors.filter((row) => row.d === d);
    return { d, brier: found.reduce((sum, { brier }) => sum + brier, 0) / found.length };
  });
}

function caption(rows: readonly HeldOutRow[], { arrays, facts }: HeldOut): string {
  const means = meanByD(rows);
  const chosen = arrays.chosen_n_factors;
  const best = means.reduce((a, b) => a.brier <= b.brier ? a : b);
  const at = (d: number): string => means.find((mean) => mean.d === d)!.brier.toFixed(4);
  const mean = (model: string): string => {
    const found = rows.filter((row) => row.model === model);
    return (found.reduce((sum, { brier }) => sum + brier, 0) / found.length).toFixed(4);
  };
  const verdict = chosen === 1
    ? ""
    : Number(at(chosen)) < Number(at(1))
    ? ` The ${chosen} skills predict better than one (${at(1)}).`
    : ` The ${chosen} skills predict no better than one (${
      at(1)
    }): they exceed chance, and do not help to predict.`;
  const open = rows.filter(({ converged }) => !converged).length;
  return `Mean squared error (Brier score) of answers that were hidden from the fit, ${
    Number((100 * facts.share).toPrecision(3))
  } % of the observed cells, in ${facts.n_splits} splits (points) and their mean (line): the smaller, the better. ` +
    `Item means have ${mean("item means")}, the additive model of subject and item ${
      mean("additive")
    }. Least is ${
      best.brier.toFixed(4)
    } with d = ${best.d}; the workflow's d = ${chosen}, by parallel analysis, has ` +
    `${at(chosen)}.${verdict}${open > 0 ? ` ${open} fits did not converge.` : ""}`;
}

function columns(rows: readonly HeldOutRow[]): Column[] {
  return columnsOf(rows, {
    model: ["item means, the additive model, or factors", ({ model }) => model],
    n_factors: ["number of factors; 0 of the others", ({ d }) => d],
    split: ["which answers were hidden", ({ split }) => split],
    brier: ["mean squared error of the hidden answers, 0 … 1", ({ brier }) => brier],
    converged: ["whether the fit converged", ({ converged }) => String(converged)],
  });
}
