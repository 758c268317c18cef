import type { Results } from "../artifact/artifact.ts";
import type { oneShot } from "../artifact/kinds.ts";
import { poolPhrase } from "../game/summaries/pool_phrase.ts";
import { asymmetrySummary } from "../game/summaries/one_shot_summary.ts";
import { colorRamp } from "./color_ramp.ts";
import { logAxis } from "./log_axis.ts";
import { plotSvg } from "./plot_svg.ts";
import { logEdges, midpoints } from "./edges.ts";
import { AXIS, COLORS, isNarrow, layout, themed } from "./theme.ts";
import { type Segment, zeroContour } from "./zero_contour.ts";
import type { Figure } from "./write_figure.ts";

/**
 * Utility of ERM minus utility of transparency over the developer's awareness α and bias β, with the
 * zero contour.
 *
 * @param results The one-shot game.
 * @param width Printed width in inches.
 */
export async function asymmetryFigure(
  results: Results<typeof oneShot>,
  width: number,
): Promise<Figure> {
  const { arrays: { alpha, beta }, facts: { n_draws: draws } } = results;
  const asymmetryErm = results.arrays.asymmetry_erm.data;
  const asymmetryK = results.arrays.asymmetry_k;
  const asymmetryTransparency = results.arrays.asymmetry_transparency;
  const pool = poolPhrase(results);
  const { least, most, shareBetter: better } = asymmetrySummary(results);
  const B = beta.length;
  const [edgesX, edgesY] = [logEdges(alpha), midpoints(beta)];
  const cells = Array.from(asymmetryErm, (erm, n) => {
    const [a, b] = [Math.floor(n / B), n % B];
    return {
      alpha: alpha[a]!,
      beta: beta[b]!,
      difference: erm - asymmetryTransparency,
      x1: edgesX[a]!,
      x2: edgesX[a + 1]!,
      y1: edgesY[b]!,
      y2: edgesY[b + 1]!,
    };
  });
  const differences = cells.map(({ difference }) => difference);
  const contour = zeroContour(alpha.map(Math.log), beta, differences);
  const largest = Math.max(...differences.map(Math.abs));
  const step = largest > 0.5 ? 0.2 : largest > 0.2 ? 0.1 : 0.05;
  const limit = Math.max(1, Math.ceil(largest / step)) * step;
  const domain: [number, number] = [-limit, limit];
  const narrow = isNarrow(width);
  const size = layout(width, narrow ? 0.85 : 0.55);
  const legend = { width: 62, head: 3 * size.font };
  const margin = { left: 40, top: 8, bottom: 28, right: legend.width + (narrow ? 4 : 12) };
  const ramp = {
    x: size.width - legend.width / 2 - (narrow ? 12 : 14),
    y: margin.top + legend.head,
    width: narrow ? 7 : 9,
    height: size.height - margin.top - margin.bottom - legend.head,
  };
  const steps = Math.round(limit / step);
  const ticks = Array.from(
    { length: 2 * steps + 1 },
    (_, n) => Number(((n - steps) * step).toFixed(2)),
  );
  const svg = await plotSvg((Plot) => ({
    ...themed(size),
    marginLeft: margin.left,
    marginTop: margin.top,
    marginBottom: margin.bottom,
    marginRight: margin.right,
    x: { type: "log", domain: [edgesX[0]!, edgesX.at(-1)!] },
    y: { domain: [edgesY[0]!, edgesY.at(-1)!] },
    color: { type: "diverging", scheme: "PuOr", domain, pivot: 0, reverse: true },
    marks: [
      Plot.rect(cells, {
        x1: "x1",
        x2: "x2",
        y1: "y1",
        y2: "y2",
        fill: "difference",
        insetRight: -0.3,
        insetTop: -0.3,
      }),
      Plot.link(contour, {
        x1: ({ x1 }: Segment) => Math.exp(x1),
        x2: ({ x2 }: Segment) => Math.exp(x2),
        y1: "y1",
        y2: "y2",
        stroke: COLORS.ink,
        strokeWidth: 1.2 * size.stroke,
        strokeLinecap: "round",
      }),
      Plot.frame({ stroke: COLORS.ink, strokeWidth: 0.6 }),
      Plot.axisX(logAxis([alpha[0]!, 1], "awareness *α*")),
      Plot.axisY({ ...AXIS, ticks: 5, label: "bias *β* of what the developer knows" }),
      ...["ERM −", "transparency"].map((words, line) =>
        Plot.text([0], {
          frameAnchor: "top-right",
          text: () => words,
          textAnchor: "middle",
          dx: margin.right - legend.width / 2,
          dy: line * (size.font + 1),
        })
      ),
      colorRamp(domain, ticks, ramp),
    ],
  }));
  const words = better === 1
    ? "ERM is better everywhere: there is no zero contour"
    : better === 0
    ? "Nowhere is ERM better: there is no zero contour"
    : `ERM is better on ${
      (100 * better).toFixed(0)
    } % of the grid, the rest lies beyond the zero contour (line)`;
  return {
    title: "A private sample against transparency, by awareness and bias",
    caption:
      `Utility of ERM minus utility of transparency with k = ${asymmetryK} published tasks ` +
      `(${
        asymmetryTransparency.toFixed(3)
      }), as shares of the best, on the ${pool}. The developer ` +
      `knows a share α of the tasks, drawn with weights (1 − β)·uniform + β·exp(−‖z − e_0‖²/(2 b_M²)), ` +
      `b_M = ${results.facts.asymmetry_bandwidth}. Means of ${draws} draws; from ${
        signed(least)
      } to ` +
      `${signed(most)}. ${words}.`,
    svg,
    columns: [
      {
        name: "awareness",
        meaning: "share α of the tasks that the developer knows",
        values: cells.map((cell) => cell.alpha),
      },
      {
        name: "bias",
        meaning: "β: 0, known tasks are drawn uniformly; 1, by the developer's bias",
        values: cells.map((cell) => cell.beta),
      },
      {
        name: "utility_erm",
        meaning: "u(θ)/‖μ‖ of ERM, mean over draws (share of the best)",
        values: asymmetryErm,
      },
      {
        name: "utility_transparency",
        meaning:
          `u(θ)/‖μ‖ of transparency with k = ${asymmetryK}, mean over draws (share of the best)`,
        values: cells.map(() => asymmetryTransparency),
      },
      {
        name: "difference",
        meaning: "utility of ERM minus utility of transparency",
        values: differences,
      },
    ],
  };
}

function signed(x: number): string {
  return x.toFixed(3).replace("-", "−");
}
