import type { Matrix } from "../stats/matrix.ts";
import { colorRamp } from "./color_ramp.ts";
import { type DominantGroup, loadingBins } from "./loading_bins.ts";
import { plotSvg } from "./plot_svg.ts";
import { AXIS, COLORS, isNarrow, layout, themed } from "./theme.ts";
import type { Figure } from "./write_figure.ts";

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

/** A stage's name: that of its array in the artifacts. */
export type LoadingStage = keyof typeof STAGES;

/** More rows than these are not seen apart. */
const MAX_BINS = 300;
const LEGEND_TICKS = [-1, -0.8, -0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6, 0.8, 1];

/**
 * The heatmap of items by factors, the items sorted by their dominant factor.
 *
 * @param loadings p × d.
 * @param stage Which stage they are.
 * @param width Printed width in inches.
 */
export async function loadingsFigure(
  loadings: Matrix,
  stage: LoadingStage,
  width: number,
): Promise<Figure> {
  const { rows: p, cols: d } = loadings;
  const { number, title, column, signed } = STAGES[stage];
  const { groups, itemsPerBin, from, to, mean } = loadingBins(loadings, MAX_BINS);
  const cells = Array.from(mean.data, (loading, n) => {
    const [bin, j] = [Math.floor(n / d), n % d];
    return { loading, x1: j + 0.5, x2: j + 1.5, y1: from[bin]!, y2: to[bin]! };
  });
  const largest = cells.reduce((most, { loading }) => Math.max(most, Math.abs(loading)), 0);
  const limit = Math.max(0.1, Math.ceil(largest * 10) / 10);
  const domain: [number, number] = [signed ? -limit : 0, limit];
  const ticks = LEGEND_TICKS.filter((tick) => tick >= domain[0] && tick <= limit);
  const narrow = isNarrow(width);
  const size = layout(width, narrow ? 1.15 : 0.72);
  const margin = { left: narrow ? 44 : 50, top: 8, bottom: 28, right: narrow ? 92 : 136 };
  const inner = size.height - margin.top - margin.bottom;
  const ramp = {
    x: size.width - (narrow ? 30 : 36),
    y: margin.top + 2 * size.font,
    width: narrow ? 7 : 9,
    height: Math.min(130, inner / 2),
  };
  const perColumn = (size.width - margin.left - margin.right) / d;
  const labels = spread(groups, p, inner, size.font + 1.5);
  const svg = await plotSvg((Plot) => ({
    ...themed(size),
    marginLeft: margin.left,
    marginTop: margin.top,
    marginBottom: margin.bottom,
    marginRight: margin.right,
    x: { domain: [0.5, d + 0.5] },
    y: { domain: [0, p], reverse: true },
    color: signed
      ? { type: "diverging", scheme: "PuOr", domain, pivot: 0, reverse: true }
      : { type: "linear", scheme: "Purples", domain },
    marks: [
      // Each cell reaches under its neighbours, so that no seam shows between them.
      Plot.rect(cells, {
        x1: "x1",
        x2: "x2",
        y1: "y1",
        y2: "y2",
        fill: "loading",
        insetBottom: -0.3,
        insetRight: -0.3,
      }),
      Plot.ruleX(Array.from({ length: d - 1 }, (_, j) => j + 1.5), {
        stroke: "white",
        strokeWidth: 0.8,
      }),
      Plot.ruleY(groups.slice(1), { y: "from", stroke: COLORS.ink, strokeWidth: 0.4 }),
      Plot.frame({ stroke: COLORS.ink, strokeWidth: 0.6 }),
      Plot.axisX({
        ...AXIS,
        ticks: Array.from({ length: d }, (_, j) => j + 1),
        tickFormat: (j: number) => String(j),
        label: column,
      }),
      Plot.axisY({
        ...AXIS,
        ticks: 5,
        tickFormat: (n: number) => thousands(n),
        label: `items, by dominant ${column}`,
      }),
      Plot.link(labels, {
        x1: d + 0.5 + 2 / perColumn,
        x2: d + 0.5 + 9 / perColumn,
        y1: "middle",
        y2: "at",
        stroke: COLORS.faint,
        strokeWidth: 0.5,
      }),
      Plot.text(labels, {
        x: d + 0.5,
        y: "at",
        text: (label: GroupLabel) =>
          `${narrow ? "" : `${column} `}${label.column + 1}: ${thousands(label.count)}`,
        textAnchor: "start",
        dx: 12,
      }),
      Plot.text([0], {
        frameAnchor: "top-right",
        text: () => "loading",
        textAnchor: "middle",
        dx: ramp.x + ramp.width / 2 - (size.width - margin.right),
      }),
      colorRamp(domain, ticks, ramp),
    ],
  }));
  const counts = groups
    .map((group) => `${column} ${group.column + 1}: ${thousands(group.to - group.from)}`)
    .join(", ");
  return {
    title: `${title} (stage ${number})`,
    caption:
      `${title} of ${thousands(p)} items on ${d} ${column}s, stage ${number} of 4. Items are ` +
      `sorted by their dominant ${column} (the largest loading${
        signed ? " by size" : ""
      }), then by ` +
      `that loading; so many have each as the dominant one: ${counts}. ` +
      (itemsPerBin === 1
        ? "Each row is an item."
        : `Each of the ${from.length} rows is the mean of at most ${itemsPerBin} neighbouring items ` +
          `of one dominant ${column}.`),
    svg,
    columns: [
      {
        name: "first_item",
        meaning: "place of the row's first item, from 1",
        values: from.map((n) => n + 1),
      },
      { name: "last_item", meaning: "place of its last item", values: to },
      {
        name: `dominant_${column}`,
        meaning: `${column} on which these items load most, from 1`,
        values: Array.from(
          from,
          (n) => 1 + (groups.find((group) => n >= group.from && n < group.to)?.column ?? 0),
        ),
      },
      ...Array.from({ length: d }, (_, j) => ({
        name: `${column}_${j + 1}`,
        meaning: "mean loading, in the correlation metric",
        values: Array.from(from, (_, bin) => mean.data[bin * d + j]!),
      })),
    ],
  };
}

interface GroupLabel {
  readonly column: number;
  readonly count: number;
  /** Middle of the group, in items. */
  readonly middle: number;
  /** Where the label stands, in items. */
  readonly at: number;
}

/** Puts labels at the middle of their groups, or as near as leaves `space` points between them. */
function spread(
  groups: readonly DominantGroup[],
  p: number,
  height: number,
  space: number,
): GroupLabel[] {
  const least = (space * p) / height;
  const labels = groups.map(({ column, from, to }) => ({
    column,
    count: to - from,
    middle: (from + to) / 2,
    at: (from + to) / 2,
  }));
  for (const [n, label] of labels.entries()) {
    label.at = Math.max(label.at, n === 0 ? least / 2 : labels[n - 1]!.at + least);
  }
  for (let n = labels.length - 1; n >= 0; n--) {
    const most = n === labels.length - 1 ? p - least / 2 : labels[n + 1]!.at - least;
    labels[n]!.at = Math.min(labels[n]!.at, most);
  }
  return labels;
}

function thousands(n: number): string {
  return n.toLocaleString("en-US");
}
