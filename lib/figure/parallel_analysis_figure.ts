import type { ParallelAnalysis } from "../estimation/parallel_analysis.ts";
import { logDomain } from "./log_axis.ts";
import { plotSvg } from "./plot_svg.ts";
import { AXIS, COLORS, isNarrow, layout, themed } from "./theme.ts";
import type { Figure } from "./write_figure.ts";

/** So many ranks are drawn: those beyond carry nothing. */
const SHOWN = 20;
const ASPECT = 0.55;
/** Ticks of the logarithmic axis, in percent. */
const TICKS = [0.1, 0.2, 0.5, 1, 2, 3, 5, 10, 20, 30, 50, 100];

/**
 * The scree plot of parallel analysis: observed eigenvalues, their thresholds, and the number of
 * factors d.
 *
 * @param analysis For S subjects and p items.
 * @param options The thresholds' percentile in [0, 100], and the printed width in inches.
 */
export async function parallelAnalysisFigure(
  { eigenvalues, thresholds, nFactors }: Omit<ParallelAnalysis, "replications">,
  { percentile, replications, width }: {
    readonly percentile: number;
    readonly replications: number;
    readonly width: number;
  },
): Promise<Figure> {
  const items = eigenvalues.reduce((sum, value) => sum + value, 0);
  const points = Array.from(eigenvalues, (value, rank) => ({
    rank: rank + 1,
    share: (100 * value) / items,
    threshold: (100 * thresholds[rank]!) / items,
    exceeds: rank < nFactors && value > thresholds[rank]!,
  })).slice(0, Math.max(1, Math.min(SHOWN, eigenvalues.length - 1)));
  const size = layout(width, ASPECT);
  const narrow = isNarrow(width);
  const crossing = points[nFactors - 1];
  // Beyond the rank of the table its eigenvalues are zero, for which a logarithmic axis has no place.
  const [lowest, highest] = logDomain(points.flatMap(({ share, threshold }) => [share, threshold]));
  const domain: [number, number] = [0.8 * lowest, 1.6 * highest];
  const drawn = points.filter(({ share }) => share >= lowest);
  const limits = points.filter(({ threshold }) => threshold >= lowest);
  const svg = await plotSvg((Plot) => ({
    ...themed(size),
    marginLeft: 34,
    marginBottom: 28,
    marginTop: 14,
    marginRight: 8,
    x: { domain: [0.4, points.length + 0.6] },
    y: { type: "log", domain },
    marks: [
      Plot.frame({ stroke: COLORS.rule }),
      Plot.ruleX([nFactors + 0.5], { stroke: COLORS.faint, strokeDasharray: "2,2" }),
      Plot.axisX({
        ...AXIS,
        ticks: points.map(({ rank }) => rank).filter((rank) => rank === 1 || rank % 2 === 0),
        tickFormat: (rank: number) => String(rank),
        label: "rank of the eigenvalue",
      }),
      Plot.axisY({
        ...AXIS,
        ticks: TICKS.filter((share) => share >= domain[0] && share <= domain[1]),
        tickFormat: (share: number) => String(share),
        label: "share of the variance (%)",
      }),
      Plot.line(limits, {
        x: "rank",
        y: "threshold",
        stroke: COLORS.warm,
        strokeWidth: size.stroke,
        strokeDasharray: "4,2",
      }),
      Plot.line(drawn, { x: "rank", y: "share", stroke: COLORS.accent, strokeWidth: size.stroke }),
      Plot.dot(drawn, {
        x: "rank",
        y: "share",
        r: narrow ? 2 : 2.6,
        fill: (point: typeof points[number]) => point.exceeds ? COLORS.accent : "white",
        stroke: COLORS.accent,
        strokeWidth: size.stroke,
      }),
      Plot.text([crossing ?? points[0]], {
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
        y: "threshold",
        text: () =>
          narrow
            ? `${percentile}th percentile`
            : `${percentile}th percentile of ${replications} permutations`,
        textAnchor: "end",
        fill: COLORS.warm,
        dy: -8,
      }),
    ],
  }));
  const shares = points.slice(0, nFactors).map(({ share }) => `${share.toFixed(1)} %`).join(", ");
  const exceeding = points[0]!.exceeds ? nFactors : 0;
  const found = exceeding === 0
    ? "None exceeds its threshold; d = 1 skill is the least"
    : exceeding === 1
    ? "The first exceeds its threshold: d = 1 skill"
    : `The first ${exceeding} exceed their thresholds: d = ${exceeding} skills`;
  return {
    title: "Parallel analysis",
    caption:
      `Eigenvalues of the item correlation matrix (${
        Math.round(items).toLocaleString("en-US")
      } items, ` +
      `${eigenvalues.length} subjects) as shares of the total variance, against the ${percentile}th ` +
      `percentile of ${replications} permutations within items. ${found}, with ${shares} of ` +
      "the variance.",
    svg,
    columns: [
      {
        name: "rank",
        meaning: "rank of the eigenvalue, from 1",
        values: Array.from(eigenvalues, (_, rank) => rank + 1),
      },
      {
        name: "eigenvalue",
        meaning: "of the item correlation matrix; they sum to the number of items",
        values: eigenvalues,
      },
      {
        name: "threshold",
        meaning: `${percentile}th percentile over ${replications} permutations`,
        values: thresholds,
      },
      {
        name: "is_factor",
        meaning: "1 for the leading ranks above their thresholds, else 0",
        values: Array.from(eigenvalues, (_, rank) => (rank < exceeding ? 1 : 0)),
      },
    ],
  };
}
