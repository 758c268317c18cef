import * as Plot from "@observablehq/plot";
import type { ErmRows } from "./erm_figure.ts";
import { directLabel } from "./kit/labels.ts";
import { layout } from "./kit/layout.ts";
import { logAxis } from "./kit/log_axis.ts";
import { type Page, plotSvg } from "./kit/plot_svg.ts";
import { spreadLabels } from "./kit/spread_labels.ts";
import { AXIS, COLORS, rampColor } from "./kit/theme.ts";

const SIZES = {
  narrow: { aspect: 0.85, margin: { left: 40, right: 46, top: 8 }, prefix: "" },
  wide: { aspect: 0.5, margin: { left: 40, right: 78, top: 8 }, prefix: "ERM, " },
};

/** Where along its curve transparency is named. */
const LABEL_PLACE = 0.3;

/** Utility of ERM as a line for each awareness, and of transparency as a curve over k. */
export function plotErm({ transparency, erm }: ErmRows, page: Page): Element {
  const size = layout(page.width, SIZES);
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
  const middle = curve[Math.floor(LABEL_PLACE * curve.length)]!;
  const N = curve.at(-1)?.k ?? 1;
  // In the margin on the right: places as shares of the axis's length, which is logarithmic.
  const beyond = (points: number): number =>
    N * Math.exp((Math.log(N) * points) / size.inner.width);
  return plotSvg(page, size, {
    x: { type: "log", domain: [1, N] },
    y: { domain },
    marks: [
      Plot.frame({ stroke: COLORS.rule }),
      Plot.axisX(logAxis([1, N], "published tasks *k*")),
      Plot.axisY({ ...AXIS, ticks: 6, label: "utility, share of the best" }),
      Plot.ruleY(levels, { y: "at", stroke: "color", strokeWidth: size.stroke }),
      Plot.areaY(curve, { x: "k", y1: "p10", y2: "p90", fill: COLORS.ink, fillOpacity: 0.15 }),
      Plot.line(curve, { x: "k", y: "mean", stroke: COLORS.ink, strokeWidth: 1.6 * size.stroke }),
      directLabel(middle, "transparency", {
        x: "k",
        y: "mean",
        fill: COLORS.ink,
        textAnchor: "start",
        dx: 5,
        dy: 12,
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
