import * as Plot from "@observablehq/plot";
import { layout } from "./kit/layout.ts";
import { logAxis, taskTicks } from "./kit/log_axis.ts";
import { type Page, plotSvg } from "./kit/plot_svg.ts";
import { AXIS, COLORS } from "./kit/theme.ts";
import type { TransparencyRow } from "./transparency_figure.ts";

const MARGIN = { left: 40, right: 10, top: 8 };
const SIZES = {
  narrow: { aspect: 0.72, margin: MARGIN },
  wide: { aspect: 0.5, margin: MARGIN },
};

/** The curves, each in its unit: the best utility is 1. */
const SERIES = [
  { name: "published score", color: COLORS.warm, of: "published" },
  { name: "true utility", color: COLORS.accent, of: "utility" },
] as const;

/** Published score and utility over k, both in shares of the best utility. */
export function plotTransparency(
  rows: readonly TransparencyRow[],
  page: Page,
  { best, heading }: { readonly best: number; readonly heading: string },
): Element {
  const key = SERIES.map(({ name, color: stroke }) => ({ name, stroke }));
  const size = layout(page.width, SIZES, { heading, key });
  const points = SERIES.flatMap(({ of, ...style }) => {
    const unit = of === "published" ? best : 1;
    return rows.map(({ k, [of]: { mean, p10, p90 } }) => ({
      ...style,
      k,
      mean: mean / unit,
      low: p10 / unit,
      high: p90 / unit,
    }));
  });
  const N = rows.at(-1)?.k ?? 1;
  const top = Math.max(...points.map(({ high }) => high));
  return plotSvg(page, size, {
    x: { type: "log", domain: [1, N] },
    y: { domain: [0, 1.05 * top] },
    marks: [
      Plot.frame({ stroke: COLORS.rule }),
      Plot.axisX(logAxis([1, N], "published tasks *k*", taskTicks(N))),
      Plot.axisY({ ...AXIS, ticks: 6, label: "share of the best utility" }),
      Plot.ruleY([1], { stroke: COLORS.faint, strokeWidth: 0.6, strokeDasharray: "2,2" }),
      Plot.areaY(points, {
        x: "k",
        y1: "low",
        y2: "high",
        z: "name",
        fill: "color",
        fillOpacity: 0.18,
      }),
      Plot.line(points, {
        x: "k",
        y: "mean",
        z: "name",
        stroke: "color",
        strokeWidth: size.stroke,
      }),
    ],
  });
}
