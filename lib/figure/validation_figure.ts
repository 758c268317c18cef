import type { Results } from "../artifact/artifact.ts";
import type { repeated } from "../artifact/kinds.ts";
import { MIN_MISALIGNMENT as FLOOR } from "../game/bounds.ts";
import { boundRounds, boundSummary } from "../game/summaries/bound_summary.ts";
import { poolPhrase } from "../game/summaries/pool_phrase.ts";
import type { Column } from "./csv.ts";
import { formatTick, logAxis } from "./log_axis.ts";
import { plotSvg } from "./plot_svg.ts";
import { AXIS, COLORS, HALO, isNarrow, layout, themed } from "./theme.ts";
import type { Figure } from "./write_figure.ts";

const CEILING = 3;

/**
 * Strategic misalignment against the two terms of its bound, a panel for each of several (ρ, k).
 *
 * @param series The repeated game, each ρ above 0.
 * @param width Printed width in inches.
 */
export async function validationFigure(
  series: Results<typeof repeated>,
  width: number,
): Promise<Figure> {
  const { arrays: { rho: rhos, k: ks }, dims: { T } } = series;
  const rounds = boundRounds(series).map((round) => ({
    ...round,
    low: round.p10,
    high: round.p90,
  }));
  type Round = typeof rounds[number];
  const narrow = isNarrow(width);
  const size = layout(width, narrow ? 0.9 : 0.55);
  const panel = { fx: "rho", fy: "k" } as const;
  const line = (y: keyof Round): { fx: "rho"; fy: "k"; x: "t"; y: (row: Round) => number } => ({
    ...panel,
    x: "t",
    // A logarithmic axis has no place for 0.
    y: (row) => row[y] >= FLOOR ? row[y] : NaN,
  });
  // The curves are named where they are apart: at the second ρ, if there is one.
  const labelled = Math.min(1, rhos.length - 1) * ks.length * T;
  const at = (share: number): Round => rounds[labelled + Math.floor(share * (T - 1))]!;
  const svg = await plotSvg((Plot) => ({
    ...themed(size),
    marginLeft: narrow ? 46 : 56,
    marginRight: narrow ? 34 : 46,
    marginBottom: 28,
    marginTop: 18,
    fx: {
      label: null,
      padding: narrow ? 0.1 : 0.14,
      tickFormat: (rho: number) => `*ρ* = ${rho}`,
      tickSize: 0,
    },
    fy: { label: null, padding: 0.08, tickFormat: (k: number) => `*k* = ${k}`, tickSize: 0 },
    x: { domain: [0, T] },
    y: { type: "log", domain: [FLOOR, CEILING], clamp: false },
    marks: [
      Plot.frame({ stroke: COLORS.rule }),
      Plot.axisX({
        ...AXIS,
        ticks: narrow ? [0, T / 2] : [0, T / 4, T / 2, (3 * T) / 4, T],
        label: "round *t*",
      }),
      Plot.axisY(logAxis([FLOOR, CEILING], "strategic misalignment *Δ*_{*t*}")),
      Plot.line(rounds, {
        ...line("bound"),
        stroke: COLORS.rule,
        strokeWidth: 4 * size.stroke,
        clip: true,
      }),
      Plot.line(rounds, {
        ...line("knowledge"),
        stroke: COLORS.ink,
        strokeWidth: 0.8 * size.stroke,
        strokeDasharray: "4,2",
        clip: true,
      }),
      Plot.line(rounds, {
        ...line("correction"),
        stroke: COLORS.ink,
        strokeWidth: 0.8 * size.stroke,
        strokeDasharray: "1,2",
        clip: true,
      }),
      Plot.line(rounds, {
        ...line("variation"),
        stroke: COLORS.warm,
        strokeWidth: 0.8 * size.stroke,
        clip: true,
      }),
      Plot.areaY(rounds.filter(({ high }) => high >= FLOOR), {
        ...panel,
        x: "t",
        y1: (row: Round) => Math.max(row.low, FLOOR),
        y2: "high",
        fill: COLORS.accent,
        fillOpacity: 0.2,
        clip: true,
      }),
      Plot.line(rounds, {
        ...line("mean"),
        stroke: COLORS.accent,
        strokeWidth: size.stroke,
        clip: true,
      }),
      ...(narrow ? [] : [
        { row: at(0.62), y: "knowledge", text: "knowledge", color: COLORS.ink, dy: -6 },
        { row: at(0.53), y: "correction", text: "correction", color: COLORS.ink, dy: 12 },
        { row: at(0.78), y: "variation", text: "total variation", color: COLORS.warm, dy: -8 },
        { row: at(0.3), y: "mean", text: "measured", color: COLORS.accent, dy: 14 },
      ] as const).map(({ row, y, text, color, dy }) =>
        Plot.text([row], { ...HALO, ...panel, x: "t", y, text: () => text, fill: color, dy })
      ),
    ],
  }));
  const textbook = boundSummary(rounds, "bound");
  const sharp = boundSummary(rounds, "sharpBound");
  const share = (within: number, all: number): string => `${((100 * within) / all).toFixed(1)} %`;
  const held = (): string => {
    if (textbook.worst === undefined) return `The mean is below ${FLOOR} in every round.`;
    const { ratio, round } = textbook.worst;
    return `The mean is within the bound in ${
      share(textbook.visibleWithin, textbook.visible)
    } of the rounds in which it is at least ${FLOOR} (${
      share(textbook.playedWithin, textbook.played)
    } of all); there the largest ratio to the bound is ${formatTick(ratio)} at ρ = ${round.rho}, ` +
      `k = ${round.k}, t = ${round.t}. With the total variation in place of (1 − ρ)^t √(D_0/2) it ` +
      `is within the bound in ${share(sharp.visibleWithin, sharp.visible)} of them.`;
  };
  return {
    title: "Strategic misalignment and its bound",
    caption: `Strategic misalignment Δ_t = g_t·(θ_t − θ°) (violet: mean and 10–90 % band of ` +
      `${series.facts.n_replicates} replicates) on the ${
        poolPhrase(series)
      }, against min(m_t/(m_t + N), ` +
      `(1 − ρ)^t √(D_0/2)) (grey band; its terms in black: knowledge, dashed, and correction, dotted), ` +
      `and the total variation between π_t and uniform (orange). ${held()} Values below ${FLOOR} are ` +
      "not shown.",
    svg,
    columns: columns(rounds),
  };
}

function columns(
  rounds: readonly Readonly<
    Record<
      | "rho"
      | "k"
      | "t"
      | "mean"
      | "low"
      | "high"
      | "knowledge"
      | "correction"
      | "bound"
      | "variation",
      number
    >
  >[],
): Column[] {
  const meanings = {
    rho: ["rho", "correction rate"],
    k: ["k", "tasks scored a round"],
    t: ["t", "round, from 0"],
    mean: ["misalignment_mean", "strategic misalignment Δ_t; mean over replicates"],
    low: ["misalignment_p10", "the same; 10th percentile over replicates"],
    high: ["misalignment_p90", "the same; 90th percentile over replicates"],
    knowledge: ["bound_knowledge", "m_t/(m_t + N), m_t = k·min(t, 1/ρ)"],
    correction: ["bound_correction", "(1 − ρ)^t √(D_0/2)"],
    bound: ["bound", "the smaller of the two"],
    variation: ["total_variation", "exact total variation between π_t and uniform"],
  } as const;
  return (Object.keys(meanings) as (keyof typeof meanings)[]).map((key) => ({
    name: meanings[key][0],
    meaning: meanings[key][1],
    values: rounds.map((row) => row[key]),
  }));
}
