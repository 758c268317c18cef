import type { Matrix } from "../stats/matrix.ts";
import { figure } from "./figure.ts";
import { type Column, columnsOf } from "./kit/csv.ts";
import { range, thousands } from "./kit/format.ts";
import { type LoadingBins, loadingBins } from "./loading_bins.ts";
import { plotLoadings } from "./loadings_plot.ts";

/** What each stage of the loadings shows (model section 5). */
const STAGES = {
  raw: { number: 1, title: "Raw loadings", column: "factor", signed: true },
  rotated: { number: 2, title: "Rotated loadings", column: "factor", signed: true },
  projected: {
    number: 3,
    title: "Loadings projected to the positive unit ball",
    column: "factor",
    signed: false,
  },
  sparsified: {
    number: 4,
    title: "Tasks: loadings sparsified, skills sorted by mass",
    column: "skill",
    signed: false,
  },
} as const;

interface Loadings {
  /** p × d. */
  readonly loadings: Matrix;
  /** That of its array in the artifacts. */
  readonly stage: keyof typeof STAGES;
}

/** More rows than these are not seen apart. */
const MAX_BINS = 300;

/** The heatmap of items by factors, the items sorted by their dominant factor. */
export const loadingsFigure = figure<Loadings, LoadingBins>({
  title: ({ stage }) => `${STAGES[stage].title} (stage ${STAGES[stage].number})`,
  rows: ({ loadings }) => loadingBins(loadings, MAX_BINS),
  plot: (bins, page, { stage }) => plotLoadings(bins, page, STAGES[stage]),
  caption,
  columns,
});

function caption(
  { groups, itemsPerBin, from }: LoadingBins,
  { loadings, stage }: Loadings,
): string {
  const { title, number, column, signed } = STAGES[stage];
  const counts = groups.map((group) =>
    `${column} ${group.column + 1}: ${thousands(group.to - group.from)}`
  );
  const rows = itemsPerBin === 1
    ? "Each row is an item."
    : `Each of the ${from.length} rows is the mean of at most ${itemsPerBin} neighbouring items of one ` +
      `dominant ${column}.`;
  return `${title} of ${
    thousands(loadings.rows)
  } items on ${loadings.cols} ${column}s, stage ${number} ` +
    `of 4. Items are sorted by their dominant ${column} (the largest loading${
      signed ? " by size" : ""
    }), then by that loading; so many have each as the dominant one: ${counts.join(", ")}. ${rows}`;
}

function columns({ groups, from, to, mean }: LoadingBins, { stage }: Loadings): Column[] {
  const { column } = STAGES[stage];
  const dominant = (bin: number): number =>
    1 + (groups.find((group) => from[bin]! >= group.from && from[bin]! < group.to)?.column ?? 0);
  const ofColumn = range(mean.cols).map((j) =>
    [`${column}_${j + 1}`, [
      "mean loading, in the correlation metric",
      (bin: number) => mean.data[bin * mean.cols + j]!,
    ]] as const
  );
  return columnsOf(range(from.length), {
    first_item: ["place of the row's first item, from 1", (bin) => from[bin]! + 1],
    last_item: ["place of its last item", (bin) => to[bin]!],
    [`dominant_${column}`]: [`${column} on which these items load most, from 1`, dominant],
    ...Object.fromEntries(ofColumn),
  });
}
