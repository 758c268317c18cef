import * as Plot from "@observablehq/plot";
import { colorRamp } from "./kit/color_ramp.ts";
import { range, thousands } from "./kit/format.ts";
import { heatmap } from "./kit/heatmap.ts";
import { cornerLabel } from "./kit/labels.ts";
import { layout } from "./kit/layout.ts";
import { type Page, plotSvg } from "./kit/plot_svg.ts";
import { spreadLabels } from "./kit/spread_labels.ts";
import { AXIS, COLORS } from "./kit/theme.ts";
import type { LoadingBins } from "./loading_bins.ts";

const SIZES = {
  narrow: {
    aspect: 1.15,
    margin: { left: 44, right: 92, top: 8 },
    fromRight: 30,
    groupName: (_column: string, n: number): string => `${n}`,
  },
  wide: {
    aspect: 0.72,
    margin: { left: 50, right: 136, top: 8 },
    fromRight: 36,
    groupName: (column: string, n: number): string => `${column} ${n}`,
  },
};

const LEGEND_TICKS = [-1, -0.8, -0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6, 0.8, 1];
const LEGEND_HEIGHT = 130;

/**
 * The heatmap of bins by columns, the groups ruled off and named.
 *
 * @param bins The heatmap's rows.
 * @param page Where.
 * @param stage What a column is, and whether loadings can be negative.
 */
export function plotLoadings(
  { groups, from, to, mean: { cols: d, data } }: LoadingBins,
  page: Page,
  { column, signed }: { readonly column: string; readonly signed: boolean },
): Element {
  const size = layout(page.width, SIZES);
  const { inner, margin, fromRight, font } = size;
  const cells = Array.from(data, (value, n) => {
    const [bin, j] = [Math.floor(n / d), n % d];
    return { value, x1: j + 0.5, x2: j + 1.5, y1: from[bin]!, y2: to[bin]! };
  });
  const largest = data.reduce((most, loading) => Math.max(most, Math.abs(loading)), 0);
  const limit = Math.max(0.1, Math.ceil(largest * 10) / 10);
  const domain: [number, number] = [signed ? -limit : 0, limit];
  const ticks = LEGEND_TICKS.filter((tick) => tick >= domain[0] && tick <= limit);
  const p = to.at(-1)!;
  const gap = ((font + 1.5) * p) / inner.height;
  // The axis points down.
  const middles = groups.map((group) => ({ ...group, at: -(group.from + group.to) / 2 }));
  const labels = spreadLabels(middles, gap, { lowest: gap / 2 - p, highest: -gap / 2 });
  const beyond = (points: number): number => d + 0.5 + points / (inner.width / d);
  return plotSvg(page, size, {
    x: { domain: [0.5, d + 0.5] },
    y: { domain: [0, p], reverse: true },
    color: signed
      ? { type: "diverging", scheme: "PuOr", domain, pivot: 0, reverse: true }
      : { type: "linear", scheme: "Purples", domain },
    marks: [
      heatmap(cells, "down"),
      Plot.ruleX(range(d - 1).map((j) => j + 1.5), { stroke: "white", strokeWidth: 0.8 }),
      Plot.ruleY(groups.slice(1), { y: "from", stroke: COLORS.ink, strokeWidth: 0.4 }),
      Plot.frame({ stroke: COLORS.ink, strokeWidth: 0.6 }),
      Plot.axisX({ ...AXIS, ticks: range(d, 1), tickFormat: String, label: column }),
      Plot.axisY({
        ...AXIS,
        ticks: 5,
        tickFormat: thousands,
        label: `items, by dominant ${column}`,
      }),
      Plot.link(labels, {
        x1: beyond(2),
        x2: beyond(9),
        y1: ({ at }: typeof labels[number]) => -at,
        y2: ({ y }: typeof labels[number]) => -y,
        stroke: COLORS.faint,
        strokeWidth: 0.5,
      }),
      Plot.text(labels, {
        x: d + 0.5,
        y: ({ y }: typeof labels[number]) => -y,
        text: ({ column: j, from, to }: typeof labels[number]) =>
          `${size.groupName(column, j + 1)}: ${thousands(to - from)}`,
        textAnchor: "start",
        dx: 12,
      }),
      cornerLabel("loading", {
        textAnchor: "middle",
        dx: margin.right - fromRight + size.rampWidth / 2,
      }),
      colorRamp(size, {
        domain,
        ticks,
        fromRight,
        lines: 2,
        maxHeight: Math.min(LEGEND_HEIGHT, inner.height / 2),
      }),
    ],
  });
}
