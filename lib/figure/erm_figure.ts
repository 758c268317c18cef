import type { Results } from "../artifact/artifact.ts";
import type { oneShot } from "../artifact/kinds.ts";
import { ermSummary } from "../game/summaries/one_shot_summary.ts";
import { poolPhrase } from "../game/summaries/pool_phrase.ts";
import { bandColumns, type Column } from "./csv.ts";
import { logAxis } from "./log_axis.ts";
import { bandIn } from "../artifact/kind.ts";
import { plotSvg } from "./plot_svg.ts";
import { spreadLabels } from "./spread_labels.ts";
import { AXIS, COLORS, HALO, isNarrow, layout, rampColor, themed } from "./theme.ts";
import type { Figure } from "./write_figure.ts";

/**
 * Utility of a private sample, answered by empirical risk minimisation (ERM), for each awareness α,
 * against deterministic transparency over k (Fig 2).
 *
 * @param results The one-shot game.
 * @param width Printed width in inches.
 */
export async function ermFigure(results: Results<typeof oneShot>, width: number): Promise<Figure> {
  const { arrays, facts: { n_draws: draws } } = results;
  const { k, awareness, n_known: known } = arrays;
  const transparency = bandIn(arrays, "transparency");
  const erm = bandIn(arrays, "erm");
  const pool = poolPhrase(results);
  const narrow = isNarrow(width);
  const N = k.at(-1) ?? 1;
  const curve = Array.from(k, (k, n) => ({
    k,
    mean: transparency.mean[n]!,
    low: transparency.p10[n]!,
    high: transparency.p90[n]!,
  }));
  const levels = Array.from(awareness, (alpha, n) => ({
    alpha,
    at: erm.mean[n]!,
    low: erm.p10[n]!,
    high: erm.p90[n]!,
    color: rampColor(awareness.length > 1 ? n / (awareness.length - 1) : 1),
  }));
  const lowest = Math.min(...curve.map(({ low }) => low), ...levels.map(({ low }) => low));
  const domain: [number, number] = [Math.max(0, lowest - 0.03), 1.01];
  const size = layout(width, narrow ? 0.85 : 0.5);
  const perPoint = (domain[1] - domain[0]) / (size.height - 36);
  const labels = spreadLabels(levels, (size.font + 1.5) * perPoint, domain[0]);
  const middle = curve[Math.floor(0.3 * curve.length)]!;
  const margin = narrow ? 46 : 78;
  // In the margin on the right: places as shares of the axis's length, which is logarithmic.
  const beyond = (points: number): number =>
    N * Math.exp((Math.log(N) * points) / (size.width - 40 - margin));
  const svg = await plotSvg((Plot) => ({
    ...themed(size),
    marginLeft: 40,
    marginBottom: 28,
    marginTop: 8,
    marginRight: margin,
    x: { type: "log", domain: [1, N] },
    y: { domain },
    marks: [
      Plot.frame({ stroke: COLORS.rule }),
      Plot.axisX(logAxis([1, N], "published tasks *k*")),
      Plot.axisY({ ...AXIS, ticks: 6, label: "utility, share of the best" }),
      Plot.ruleY(levels, { y: "at", stroke: "color", strokeWidth: size.stroke }),
      Plot.areaY(curve, {
        x: "k",
        y1: "low",
        y2: "high",
        fill: COLORS.ink,
        fillOpacity: 0.15,
      }),
      Plot.line(curve, { x: "k", y: "mean", stroke: COLORS.ink, strokeWidth: 1.6 * size.stroke }),
      Plot.text([middle], {
        ...HALO,
        x: "k",
        y: "mean",
        text: () => "transparency",
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
        text: ({ alpha }: { readonly alpha: number }) => `${narrow ? "" : "ERM, "}*α* = ${alpha}`,
        fill: "color",
        textAnchor: "start",
      }),
    ],
  }));
  const values = Array.from(
    awareness,
    (alpha, n) =>
      `${erm.mean[n]!.toFixed(3)} (${erm.p10[n]!.toFixed(2)}–${erm.p90[n]!.toFixed(2)}) at α = ` +
      `${alpha}, ${known[n]} tasks`,
  );
  const crossings = ermSummary(results).crossings.map((first, n) =>
    `${first ?? "none"} for α = ${awareness[n]}`
  );
  return {
    title: "A private sample against transparency",
    caption:
      `Utility u(θ)/‖μ‖ on the ${pool}. Lines: the evaluator keeps its sample private, and the ` +
      `developer, who knows a share α of the tasks (awareness), minimises its empirical risk on them ` +
      `(ERM), with 10–90 % of the draws: ${
        values.join("; ")
      }. Curve: deterministic transparency of k tasks, with its 10–90 % ` +
      `band. Means of ${draws} draws. The least k of the grid at which transparency is as good: ` +
      `${crossings.join(", ")}.`,
    svg,
    columns: columns(),
  };

  function columns(): Column[] {
    const [K, A] = [k.length, awareness.length];
    const joined = (one: ArrayLike<number>, other: ArrayLike<number>): Float64Array =>
      Float64Array.from([...Array.from(one), ...Array.from(other)]);
    const blank = (n: number): string[] => new Array<string>(n).fill("");
    return [
      {
        name: "setting",
        meaning: "transparency, or erm",
        values: [...new Array<string>(K).fill("transparency"), ...new Array<string>(A).fill("erm")],
      },
      { name: "k", meaning: "published tasks", values: [...k, ...blank(A)] },
      {
        name: "awareness",
        meaning: "share α of the tasks that the developer knows",
        values: [...blank(K), ...awareness],
      },
      {
        name: "known_tasks",
        meaning: "number of tasks that the developer knows",
        values: joined(k, known),
      },
      ...bandColumns("utility", "u(θ)/‖μ‖, share of the best", {
        mean: joined(transparency.mean, erm.mean),
        p10: joined(transparency.p10, erm.p10),
        p90: joined(transparency.p90, erm.p90),
      }, "draws"),
    ];
  }
}
