import * as Plot from "@observablehq/plot";
import { colorRamp } from "./kit/color_ramp.ts";
import { logEdges } from "./kit/edges.ts";
import { gridCells, heatmap } from "./kit/heatmap.ts";
import { cornerLabel } from "./kit/labels.ts";
import { type KeyEntry, layout } from "./kit/layout.ts";
import { logAxis, logTicks, taskTicks } from "./kit/log_axis.ts";
import { type Page, plotSvg } from "./kit/plot_svg.ts";
import { COLORS } from "./kit/theme.ts";
import { NEAR_LEAST_KEY } from "./near_least_key.ts";
import type { RhoKMap, StarRow } from "./rho_k_colormap_figure.ts";

const SIZES = {
  narrow: {
    aspect: 0.85,
    margin: { left: 40, right: 50, top: 8 },
    fromRight: 40,
    radius: 1.8,
  },
  wide: {
    aspect: 0.56,
    margin: { left: 40, right: 62, top: 8 },
    fromRight: 50,
    radius: 2.4,
  },
};

/** The lines of k*(ρ). */
const LINES = [
  { of: "meanField", name: "mean field", color: "#111111", dash: "none" },
  { of: "steadyState", name: "steady state", color: "#c2410c", dash: "5,2" },
  { of: "finiteHorizon", name: "finite horizon", color: "#c2410c", dash: "1.5,1.5" },
] as const;

/** The key to what marks the k of least total cost, where it is drawn. */
function keyTo(stars: readonly StarRow[]): KeyEntry[] {
  const played = { name: "*k*\\* Monte Carlo", stroke: "white", weight: 0 };
  return [
    ...stars.some(({ empirical }) => Number.isFinite(empirical)) ? [played] : [],
    ...stars.some(hasBar) ? [NEAR_LEAST_KEY] : [],
    ...LINES.map(({ name, color: stroke, dash }) => ({
      name: `*k*\\* ${name}`,
      stroke,
      dash,
      weight: 1.2,
    })),
  ];
}

function hasBar({ low, high }: StarRow): boolean {
  return high > low;
}

/** A heatmap over ρ and k, with the k of least total cost for each ρ. */
export function plotRhoKColormap(
  { rho, k, values, domain, stars, legend }: RhoKMap,
  page: Page,
  heading: string,
): Element {
  const size = layout(page.width, SIZES, { heading, key: keyTo(stars) });
  const [x, y] = [logEdges(rho), logEdges(k)];
  const [bottom, top] = [y[0]!, y.at(-1)!];
  const cells = gridCells(values.map((value) => Math.max(value, domain[0])), x, y);
  const line = (
    y: keyof StarRow,
    stroke: string,
    width: number,
    dash = "none",
  ): Plot.RenderableMark => {
    const strokeWidth = width * size.stroke;
    return Plot.line(stars, {
      x: "rho",
      y,
      stroke,
      strokeWidth,
      strokeDasharray: dash,
      clip: true,
    });
  };
  const bars = (stroke: string, width: number): Plot.RenderableMark =>
    Plot.link(stars.filter(hasBar), {
      x1: "rho",
      x2: "rho",
      y1: "low",
      y2: "high",
      stroke,
      strokeWidth: width * size.stroke,
      clip: true,
    });
  return plotSvg(page, size, {
    x: { type: "log", domain: [x[0]!, x.at(-1)!] },
    y: { type: "log", domain: [bottom, top] },
    color: { type: "log", scheme: "YlGnBu", domain, clamp: true },
    marks: [
      heatmap(cells),
      ...LINES.flatMap(({ of, color, dash }) => [line(of, "white", 3), line(of, color, 1.2, dash)]),
      bars("white", 3),
      bars(NEAR_LEAST_KEY.stroke, NEAR_LEAST_KEY.weight),
      Plot.dot(stars, {
        x: "rho",
        y: "empirical",
        r: size.radius,
        fill: "white",
        stroke: COLORS.ink,
        strokeWidth: size.stroke,
      }),
      Plot.frame({ stroke: COLORS.ink, strokeWidth: 0.6 }),
      Plot.axisX(logAxis([rho[0]!, rho.at(-1)!], "correction rate *ρ*")),
      Plot.axisY(logAxis([k[0]!, k.at(-1)!], "tasks scored a round *k*", taskTicks(k.at(-1)!))),
      cornerLabel(legend, { textAnchor: "end", dx: size.margin.right - 2 }),
      colorRamp(size, {
        domain,
        ticks: logTicks(...domain),
        log: true,
        fromRight: size.fromRight,
        lines: 2,
      }),
    ],
  });
}
