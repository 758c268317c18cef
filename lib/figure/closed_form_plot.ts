import * as Plot from "@observablehq/plot";
import type { ClosedFormRows } from "./closed_form_figure.ts";
import { layout } from "./kit/layout.ts";
import { logAxis, logDomain, taskTicks } from "./kit/log_axis.ts";
import { type Page, plotSvg } from "./kit/plot_svg.ts";
import { COLORS } from "./kit/theme.ts";
import { NEAR_LEAST_KEY } from "./near_least_key.ts";

const MARGIN = { left: 44, right: 10, top: 8 };
const SIZES = {
  narrow: { aspect: 0.85, margin: MARGIN, dot: 1.5, triangle: 2.5 },
  wide: { aspect: 0.5, margin: MARGIN, dot: 1.9, triangle: 3 },
};

/** How the curves are drawn, in their order. */
const STYLES = [
  { stroke: COLORS.accent, dash: "none" },
  { stroke: COLORS.warm, dash: "5,2" },
  { stroke: "#0f766e", dash: "1.5,1.5" },
] as const;
const WEIGHT = 1.2;

const POINT = { x: "k", y: "cost" } as const;

/** Loss over k by Monte Carlo and as curves, on axes up to the pool's N tasks. */
export function plotClosedForm(
  { played, curves, stars, near: { low, high } }: ClosedFormRows,
  page: Page,
  { N, rounds, heading }: {
    readonly N: number;
    readonly rounds: number;
    readonly heading: string;
  },
): Element {
  const key = [
    { name: "Monte Carlo", stroke: COLORS.ink, weight: 0 },
    ...curves.map(({ name }, n) => ({ name, ...STYLES[n]!, weight: WEIGHT })),
    NEAR_LEAST_KEY,
  ];
  const size = layout(page.width, SIZES, { heading, key });
  const losses = played.flatMap(({ p10, p90 }) => [p10, p90]);
  const [lowest] = logDomain([...losses, ...curves.flatMap(({ points }) => points.map(costOf))]);
  const [, highest] = logDomain(played.map(({ p90 }) => p90));
  // The steady state's loss grows without bounds: what is far above what was played is not shown.
  const domain: [number, number] = [lowest * 0.6, highest * 3];
  const drawn = curves.map(({ points }, n) => ({ points, ...STYLES[n]! }));
  const marked = stars
    .map((star, n) => ({ ...star, color: n === 0 ? COLORS.ink : STYLES[n - 1]!.stroke }))
    .filter(({ k }) => k >= 1 && k <= N);
  // Triangles that would hide one another stand in several rows.
  const rows: (typeof marked)[] = [];
  const close = Math.log(1.21 * N) * (3 * size.triangle / size.inner.width);
  for (const star of marked.toSorted((a, b) => a.k - b.k)) {
    const free = rows.find((row) => row.every(({ k }) => Math.abs(Math.log(star.k / k)) >= close));
    if (free === undefined) rows.push([star]);
    else free.push(star);
  }
  return plotSvg(page, size, {
    x: { type: "log", domain: [0.9, N * 1.1] },
    y: { type: "log", domain },
    marks: [
      Plot.frame({ stroke: COLORS.rule }),
      Plot.axisX(logAxis([1, N], "tasks scored a round *k*", taskTicks(N))),
      Plot.axisY(logAxis(domain, `loss over ${rounds} rounds`)),
      ...drawn.map(({ points, stroke, dash: strokeDasharray }) => {
        const strokeWidth = WEIGHT * size.stroke;
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
      Plot.link(high > low ? [domain[0]] : [], {
        x1: low,
        x2: high,
        y: (y: number) => y,
        stroke: NEAR_LEAST_KEY.stroke,
        strokeWidth: NEAR_LEAST_KEY.weight * size.stroke,
        // Within the frame.
        dy: -0.5 * NEAR_LEAST_KEY.weight * size.stroke,
      }),
      ...rows.map((row, n) =>
        Plot.dot(row, {
          x: "k",
          y: domain[0],
          symbol: "triangle",
          r: size.triangle,
          dy: -3 - 2.6 * n * size.triangle,
          fill: "color",
        })
      ),
    ],
  });
}

function costOf({ cost }: { readonly cost: number }): number {
  return cost;
}
