import * as Plot from "@observablehq/plot";
import type { ClosedFormRows } from "./closed_form_figure.ts";
import { directLabel } from "./kit/labels.ts";
import { layout } from "./kit/layout.ts";
import { logAxis, logDomain } from "./kit/log_axis.ts";
import { type Page, plotSvg } from "./kit/plot_svg.ts";
import { COLORS } from "./kit/theme.ts";

const MARGIN = { left: 44, right: 10, top: 8 };
const SIZES = {
  narrow: { aspect: 0.85, margin: MARGIN, dot: 1.5, triangle: 2.5 },
  wide: { aspect: 0.5, margin: MARGIN, dot: 1.9, triangle: 3 },
};

/** How the curves are drawn, in their order; `place` is where along a curve its label stands. */
const STYLES = [
  { stroke: COLORS.accent, dash: "none", place: 1, dx: 0, dy: -9 },
  { stroke: COLORS.warm, dash: "5,2", place: 0.75, dx: 6, dy: 4 },
  { stroke: "#0f766e", dash: "1.5,1.5", place: 0.9, dx: 8, dy: 0 },
] as const;

/** Labels beyond this share of the axis stand on the left of their curves, where there is room. */
const ROOM = 0.65;
const POINT = { x: "k", y: "cost" } as const;

/** Loss over k by Monte Carlo and as curves, on axes up to the pool's N tasks. */
export function plotClosedForm(
  { played, curves, stars }: ClosedFormRows,
  page: Page,
  { n_pool: N, n_rounds: rounds }: { readonly n_pool: number; readonly n_rounds: number },
): Element {
  const size = layout(page.width, SIZES);
  const losses = played.flatMap(({ p10, p90 }) => [p10, p90]);
  const [lowest] = logDomain([...losses, ...curves.flatMap(({ points }) => points.map(costOf))]);
  const [, highest] = logDomain(played.map(({ p90 }) => p90));
  // The textbook's loss grows without bounds: what is far above what was played is not shown.
  const domain: [number, number] = [lowest * 0.6, highest * 3];
  const drawn = curves.map(({ name, points }, n) => ({ name, points, ...STYLES[n]! }));
  const marked = stars
    .map((star, n) => ({ ...star, color: n === 0 ? COLORS.ink : STYLES[n - 1]!.stroke }))
    .filter(({ k }) => k >= 1 && k <= N);
  return plotSvg(page, size, {
    x: { type: "log", domain: [0.9, N * 1.1] },
    y: { type: "log", domain },
    marks: [
      Plot.frame({ stroke: COLORS.rule }),
      Plot.axisX(logAxis([1, N], "tasks scored a round *k*")),
      Plot.axisY(logAxis(domain, `loss over ${rounds} rounds`)),
      ...drawn.map(({ points, stroke, dash: strokeDasharray }) => {
        const strokeWidth = 1.2 * size.stroke;
        return Plot.line(points, { ...POINT, stroke, strokeWidth, strokeDasharray, clip: true });
      }),
      Plot.link(played, {
        x1: "k",
        x2: "k",
        y1: "p10",
        y2: "p90",
        stroke: COLORS.ink,
        strokeWidth: size.stroke,
      }),
      Plot.dot(played, { x: "k", y: "mean", r: size.dot, fill: COLORS.ink }),
      Plot.ruleX(marked, {
        x: "k",
        y1: domain[0],
        y2: "cost",
        stroke: "color",
        strokeWidth: 0.8 * size.stroke,
        clip: true,
      }),
      Plot.dot(marked, {
        x: "k",
        y: domain[0],
        symbol: "triangle",
        r: size.triangle,
        dy: -3,
        fill: "color",
      }),
      ...drawn.map(({ name, points, stroke: fill, place, dx, dy }) => {
        const shown = points.filter(({ cost }) => cost <= domain[1] * 0.8);
        const point = shown[Math.floor(place * (shown.length - 1))] ?? points[0]!;
        const isRight = Math.log(point.k) < ROOM * Math.log(N);
        const side = isRight
          ? { textAnchor: "start", dx } as const
          : { textAnchor: "end", dx: -dx } as const;
        return directLabel(point, name, { ...POINT, ...side, fill, dy });
      }),
      directLabel(played[1]!, "Monte Carlo", {
        x: "k",
        y: "mean",
        fill: COLORS.ink,
        textAnchor: "start",
        dx: 6,
        dy: played[1]!.mean < played[0]!.mean ? -5 : 13,
      }),
    ],
  });
}

function costOf({ cost }: { readonly cost: number }): number {
  return cost;
}
