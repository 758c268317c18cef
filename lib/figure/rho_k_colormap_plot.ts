import * as Plot from "@observablehq/plot";
import { colorRamp } from "./kit/color_ramp.ts";
import { logEdges } from "./kit/edges.ts";
import { gridCells, heatmap } from "./kit/heatmap.ts";
import { cornerLabel } from "./kit/labels.ts";
import { layout } from "./kit/layout.ts";
import { logAxis, logTicks } from "./kit/log_axis.ts";
import { type Page, plotSvg } from "./kit/plot_svg.ts";
import { spreadLabels } from "./kit/spread_labels.ts";
import { COLORS } from "./kit/theme.ts";
import type { RhoKMap, StarRow } from "./rho_k_colormap_figure.ts";

const SIZES = {
  narrow: {
    aspect: 0.85,
    margin: { left: 40, right: 50, top: 8 },
    fromRight: 40,
    radius: 1.8,
    isLabelled: false,
  },
  wide: {
    aspect: 0.56,
    margin: { left: 40, right: 132, top: 8 },
    fromRight: 52,
    radius: 2.4,
    isLabelled: true,
  },
};

/** The lines of k*(ρ). */
const LINES = [
  { of: "meanField", name: "mean field", color: "#111111", dash: "none" },
  { of: "textbook", name: "textbook", color: "#c2410c", dash: "5,2" },
  { of: "finiteHorizon", name: "finite horizon", color: "#c2410c", dash: "1.5,1.5" },
] as const;

/** A heatmap over ρ and k, with the k of least total cost for each ρ. */
export function plotRhoKColormap(
  { rho, k, values, domain, stars, legend }: RhoKMap,
  page: Page,
): Element {
  const size = layout(page.width, SIZES);
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
    Plot.link(stars.filter(({ low, high }) => high > low), {
      x1: "rho",
      x2: "rho",
      y1: "low",
      y2: "high",
      stroke,
      strokeWidth: width * size.stroke,
    });
  return plotSvg(page, size, {
    x: { type: "log", domain: [x[0]!, x.at(-1)!] },
    y: { type: "log", domain: [bottom, top] },
    color: { type: "log", scheme: "YlGnBu", domain, clamp: true },
    marks: [
      heatmap(cells),
      ...LINES.flatMap(({ of, color, dash }) => [line(of, "white", 3), line(of, color, 1.2, dash)]),
      bars("white", 3),
      bars(COLORS.faint, 2),
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
      Plot.axisY(logAxis([k[0]!, k.at(-1)!], "tasks scored a round *k*")),
      ...(size.isLabelled ? [lineLabels()] : []),
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

  /** The lines' names stand in the margin, by their right ends or by the corner where they leave. */
  function lineLabels(): Plot.RenderableMark {
    const [lowest, highest] = [Math.log(bottom), Math.log(top)];
    const ends = [{ of: "empirical", name: "empirical", color: COLORS.ink }, ...LINES].map(
      ({ of, name, color }) => ({
        at: Math.min(highest, Math.max(lowest, Math.log(stars.at(-1)![of as keyof StarRow]))),
        text: `*k*\\* ${name}`,
        color,
      }),
    ).filter(({ at }) => Number.isFinite(at));
    const gap = (size.font + 1.5) * ((highest - lowest) / size.inner.height);
    return Plot.text(spreadLabels(ends, gap, { lowest }), {
      x: x.at(-1)!,
      y: ({ y }: { readonly y: number }) => Math.exp(y),
      text: "text",
      fill: "color",
      textAnchor: "start",
      dx: 5,
    });
  }
}
