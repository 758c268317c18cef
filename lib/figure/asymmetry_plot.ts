import * as Plot from "@observablehq/plot";
import { colorRamp } from "./kit/color_ramp.ts";
import { logEdges, midpoints } from "./kit/edges.ts";
import { range } from "./kit/format.ts";
import { gridCells, heatmap } from "./kit/heatmap.ts";
import { cornerLabel } from "./kit/labels.ts";
import { layout } from "./kit/layout.ts";
import { logAxis } from "./kit/log_axis.ts";
import { type Page, plotSvg } from "./kit/plot_svg.ts";
import { AXIS, COLORS } from "./kit/theme.ts";
import { type Segment, zeroContour } from "./kit/zero_contour.ts";

/** Width of the legend with its title, in points. */
const LEGEND = 62;
const SIZES = {
  narrow: { aspect: 0.85, margin: { left: 40, right: LEGEND + 4, top: 8 }, fromRight: 43 },
  wide: { aspect: 0.55, margin: { left: 40, right: LEGEND + 12, top: 8 }, fromRight: 45 },
};
/** Width of the line where both are worth the same. */
const CONTOUR = 1.2;
const LEGEND_TITLE = ["ERM −", "transparency"];

/** The heatmap of differences (m × n) over m awarenesses and n biases, with their zero contour. */
export function plotAsymmetry(
  differences: readonly number[],
  page: Page,
  alpha: Float64Array,
  beta: Float64Array,
  heading: string,
): Element {
  const [x, y] = [logEdges(alpha), midpoints(beta)];
  const contour = zeroContour(alpha.map(Math.log), beta, differences);
  const equal = { name: "no difference", stroke: COLORS.ink, weight: CONTOUR };
  const size = layout(page.width, SIZES, {
    heading,
    key: contour.length > 0 ? [equal] : [],
  });
  const { limit, ticks } = scaleOf(differences);
  return plotSvg(page, size, {
    x: { type: "log", domain: [x[0]!, x.at(-1)!] },
    y: { domain: [y[0]!, y.at(-1)!] },
    color: { type: "diverging", scheme: "PuOr", domain: [-limit, limit], pivot: 0, reverse: true },
    marks: [
      heatmap(gridCells(differences, x, y)),
      Plot.link(contour, {
        x1: ({ x1 }: Segment) => Math.exp(x1),
        x2: ({ x2 }: Segment) => Math.exp(x2),
        y1: "y1",
        y2: "y2",
        stroke: COLORS.ink,
        strokeWidth: CONTOUR * size.stroke,
        strokeLinecap: "round",
      }),
      Plot.frame({ stroke: COLORS.ink, strokeWidth: 0.6 }),
      Plot.axisX(logAxis([alpha[0]!, 1], "awareness *α*")),
      Plot.axisY({ ...AXIS, ticks: 5, label: "bias *β* of what the developer knows" }),
      ...LEGEND_TITLE.map((words, line) =>
        cornerLabel(words, {
          textAnchor: "middle",
          dx: size.margin.right - LEGEND / 2,
          dy: line * (size.font + 1),
        })
      ),
      colorRamp(size, {
        domain: [ticks[0]!, ticks.at(-1)!],
        ticks,
        fromRight: size.fromRight,
        lines: 3,
      }),
    ],
  });
}

/** A symmetric scale of colours in round steps, and ticks over the part of it that is used. */
function scaleOf(
  differences: readonly number[],
): { readonly limit: number; readonly ticks: number[] } {
  const [least, most] = [Math.min(0, ...differences), Math.max(0, ...differences)];
  const largest = Math.max(-least, most);
  const step = largest > 0.5 ? 0.2 : largest > 0.2 ? 0.1 : 0.05;
  const steps = Math.max(1, Math.ceil(largest / step));
  const first = Math.floor(least / step);
  const ticks = range(Math.max(1, Math.ceil(most / step) - first) + 1, first)
    .map((n) => Number((n * step).toFixed(2)));
  return { limit: steps * step, ticks };
}
