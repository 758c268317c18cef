import * as Plot from "@observablehq/plot";
import { layout } from "./kit/layout.ts";
import { logDomain } from "./kit/log_axis.ts";
import { type Page, plotSvg } from "./kit/plot_svg.ts";
import { AXIS, COLORS } from "./kit/theme.ts";
import type { EigenvalueRow } from "./parallel_analysis_figure.ts";

const SHARED = { aspect: 0.55, margin: { left: 34, right: 8, top: 14 } };
const SIZES = {
  narrow: { ...SHARED, radius: 2, ofPermutations: false },
  wide: { ...SHARED, radius: 2.6, ofPermutations: true },
};

/** This many ranks are drawn: those beyond carry nothing. */
const SHOWN = 20;
/** Ticks of the logarithmic axis, in percent. */
const TICKS = [0.1, 0.2, 0.5, 1, 2, 3, 5, 10, 20, 30, 50, 100];

/** The scree with its thresholds, and the number of factors. */
export function plotParallelAnalysis(
  rows: readonly EigenvalueRow[],
  page: Page,
  { nFactors, percentile, replications }: {
    readonly nFactors: number;
    readonly percentile: number;
    readonly replications: number;
  },
): Element {
  const size = layout(page.width, SIZES);
  const points = rows.slice(0, Math.max(1, Math.min(SHOWN, rows.length - 1)));
  // Beyond the rank of the table its eigenvalues are zero, for which a logarithmic axis has no place.
  const [lowest, highest] = logDomain(
    points.flatMap(({ share, thresholdShare }) => [share, thresholdShare]),
  );
  const domain: [number, number] = [0.8 * lowest, 1.6 * highest];
  const observed = points.filter(({ share }) => share >= lowest);
  const limits = points.filter(({ thresholdShare }) => thresholdShare >= lowest);
  const thresholdName = `${percentile}th percentile` +
    (size.ofPermutations ? ` of ${replications} permutations` : "");
  return plotSvg(page, size, {
    x: { domain: [0.4, points.length + 0.6] },
    y: { type: "log", domain },
    marks: [
      Plot.frame({ stroke: COLORS.rule }),
      Plot.ruleX([nFactors + 0.5], { stroke: COLORS.faint, strokeDasharray: "2,2" }),
      Plot.axisX({
        ...AXIS,
        ticks: points.map(({ rank }) => rank).filter((rank) => rank === 1 || rank % 2 === 0),
        tickFormat: String,
        label: "rank of the eigenvalue",
      }),
      Plot.axisY({
        ...AXIS,
        ticks: TICKS.filter((share) => share >= domain[0] && share <= domain[1]),
        tickFormat: String,
        label: "share of the variance (%)",
      }),
      Plot.line(limits, {
        x: "rank",
        y: "thresholdShare",
        stroke: COLORS.warm,
        strokeWidth: size.stroke,
        strokeDasharray: "4,2",
      }),
      Plot.line(observed, {
        x: "rank",
        y: "share",
        stroke: COLORS.accent,
        strokeWidth: size.stroke,
      }),
      Plot.dot(observed, {
        x: "rank",
        y: "share",
        r: size.radius,
        fill: ({ isFactor }: EigenvalueRow) => isFactor ? COLORS.accent : "white",
        stroke: COLORS.accent,
        strokeWidth: size.stroke,
      }),
      Plot.text([0], {
        x: nFactors + 0.5,
        frameAnchor: "top",
        fontSize: size.font + 1,
        text: () => `*d* = ${nFactors}`,
        textAnchor: "start",
        dx: 4,
        dy: 4,
      }),
      Plot.text(points.slice(0, 1), {
        x: "rank",
        y: "share",
        text: () => "observed",
        textAnchor: "start",
        fill: COLORS.accent,
        dx: 8,
      }),
      Plot.text(limits.slice(-1), {
        x: "rank",
        y: "thresholdShare",
        text: () => thresholdName,
        textAnchor: "end",
        fill: COLORS.warm,
        dy: -8,
      }),
    ],
  });
}
