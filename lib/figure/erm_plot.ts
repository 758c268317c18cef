import * as Plot from "@observablehq/plot";
import type { ErmRows } from "./erm_figure.ts";
import { layout } from "./kit/layout.ts";
import { logAxis, taskTicks } from "./kit/log_axis.ts";
import { type Page, plotSvg } from "./kit/plot_svg.ts";
import { spreadLabels } from "./kit/spread_labels.ts";
import { AXIS, COLORS, rampColor } from "./kit/theme.ts";

const SIZES = {
  narrow: { aspect: 0.85, margin: { left: 40, right: 46, top: 8 }, prefix: "" },
  wide: { aspect: 0.5, margin: { left: 40, right: 78, top: 8 }, prefix: "ERM, " },
};

/** Width of transparency's curve. */
const WEIGHT = 1.6;

/** Utility of ERM as a line for each awareness, and of transparency as a curve over k. */
export function plotErm(
  { transparency, erm }: ErmRows,
  page: Page,
  heading: string,
): Element {
  const key = [
    { name: "transparency of *k* tasks", stroke: COLORS.ink, weight: WEIGHT },
    { name: "by an evaluator without bias", stroke: "white", weight: 0 },
  ];
  const size = layout(page.width, SIZES, { heading, key });
  const curve = transparency.map(({ k, utility }) => ({ k, ...utility }));
  const levels = erm.map(({ awareness, utility }, n) => ({
    awareness,
    at: utility.mean,
    color: rampColor(erm.length > 1 ? n / (erm.length - 1) : 1),
  }));
  const lowest = Math.min(...[...transparency, ...erm].map(({ utility }) => utility.p10));
  const domain: [number, number] = [Math.max(0, lowest - 0.03), 1.01];
  const perPoint = (domain[1] - domain[0]) / size.inner.height;
  const gap = (size.font + 1.5) * perPoint;
  const labels = spreadLabels(levels, gap, { lowest: domain[0] });
  const N = curve.at(-1)?.k ?? 1;
  // In the margin on the right: places as shares of the axis's length, which is logarithmic.
  const beyond = (points: number): number =>
    N * Math.exp((Math.log(N) * points) / size.inner.width);
  return plotSvg(page, size, {
    x: { type: "log", domain: [1, N] },
    y: { domain },
    marks: [
      Plot.frame({ stroke: COLORS.rule }),
      Plot.axisX(logAxis([1, N], "published tasks *k*", taskTicks(N))),
      Plot.axisY({ ...AXIS, ticks: 6, label: "utility, share of the best" }),
      Plot.ruleY(levels, { y: "at", stroke: "color", strokeWidth: size.stroke }),
      Plot.areaY(curve, { x: "k", y1: "p10", y2: "p90", fill: COLORS.ink, fillOpacity: 0.15 }),
      Plot.line(curve, {
        x: "k",
        y: "mean",
        stroke: COLORS.ink,
        strokeWidth: WEIGHT * size.stroke,
      }),
      Plot.dot(erm, {
        x: "known",
        y: ({ unbiased }: ErmRows["erm"][number]) => unbiased.mean,
        r: 0.28 * size.font,
        fill: "white",
        stroke: COLORS.ink,
        strokeWidth: 0.8 * size.stroke,
      }),
      Plot.link(labels, {
        x1: () => beyond(1),
        x2: () => beyond(10),
        y1: "at",
        y2: "y",
        stroke: "color",
        strokeWidth: 0.6,
      }),
      Plot.text(labels, {
        x: () => beyond(12),
        y: "y",
        text: (level: typeof labels[number]) => `${size.prefix}*α* = ${level.awareness}`,
        fill: "color",
        textAnchor: "start",
      }),
    ],
  });
}
