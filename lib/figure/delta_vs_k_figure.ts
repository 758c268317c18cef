import type { Results } from "../artifact/artifact.ts";
import type { repeated } from "../artifact/kinds.ts";
import { curves } from "../game/summaries/curves.ts";
import { poolPhrase } from "../game/summaries/pool_phrase.ts";
import type { Column } from "./csv.ts";
import { plotSvg } from "./plot_svg.ts";
import { spreadLabels } from "./spread_labels.ts";
import { AXIS, colorOfK, COLORS, isNarrow, layout, themed } from "./theme.ts";
import type { Figure } from "./write_figure.ts";

/** Names of the bands in the order in which the CSV has them. */
const MEASURES = {
  misalignment: "strategic misalignment Δ_t = g_t·(θ_t − θ°)",
  exploitation_gap: "exploitation gap g_t·θ_t",
  regret: "regret R_t = μ·(θ° − θ_t)",
} as const;
const PARTS = { mean: "mean", p10: "10th percentile", p90: "90th percentile" } as const;

/**
 * Strategic misalignment over the rounds, for several k: a panel with correction and one without.
 *
 * @param series What was played.
 * @param width Printed width in inches.
 */
export async function deltaVsKFigure(
  series: Results<typeof repeated>,
  width: number,
): Promise<Figure> {
  const { arrays, dims: { T }, facts } = series;
  const games = curves(series);
  const narrow = isNarrow(width);
  const panels = Array.from(
    arrays.rho,
    (rho) =>
      rho > 0
        ? `${narrow ? "" : "with "}correction, *ρ* = ${rho}`
        : `${narrow ? "no" : "without"} correction`,
  );
  const rows = games.flatMap(({ rhoIndex, k, misalignment }) =>
    Array.from(arrays.t, (t, n) => ({
      panel: panels[rhoIndex],
      k,
      t,
      mean: misalignment.mean[n]!,
      low: misalignment.p10[n]!,
      high: misalignment.p90[n]!,
    }))
  );
  const ends = rows.filter(({ t, panel }) => t === T - 1 && panel === panels.at(-1))
    .map((row) => ({ ...row, at: row.mean }));
  const size = layout(width, narrow ? 0.72 : 0.42);
  const top = Math.max(...rows.map(({ high }) => high), 0);
  const bottom = Math.min(0, ...rows.map(({ low }) => low));
  const svg = await plotSvg((Plot) => ({
    ...themed(size),
    marginLeft: narrow ? 36 : 46,
    marginRight: narrow ? 34 : 40,
    marginBottom: 28,
    marginTop: 20,
    fx: { label: null, domain: panels, padding: narrow ? 0.16 : 0.11, axis: null },
    x: { domain: [0, T] },
    y: { domain: [bottom < -0.02 * top ? bottom : -0.02 * top, 1.04 * top] },
    marks: [
      Plot.frame({ stroke: COLORS.rule }),
      Plot.axisX({
        ...AXIS,
        ticks: narrow ? 2 : 5,
        label: "round *t*",
      }),
      Plot.axisY({
        ...AXIS,
        ticks: 5,
        label: "strategic misalignment *Δ*_{*t*}",
      }),
      Plot.ruleY([0], { stroke: COLORS.faint, strokeWidth: 0.5 }),
      Plot.text(panels, {
        fx: (panel: string) => panel,
        text: (panel: string) => panel,
        frameAnchor: "top-left",
        dy: -11,
        fontSize: size.font,
      }),
      Plot.areaY(rows, {
        fx: "panel",
        x: "t",
        y1: "low",
        y2: "high",
        z: "k",
        fill: (row: typeof rows[number]) => colorOfK(row.k),
        fillOpacity: 0.18,
      }),
      Plot.line(rows, {
        fx: "panel",
        x: "t",
        y: "mean",
        z: "k",
        stroke: (row: typeof rows[number]) => colorOfK(row.k),
        strokeWidth: size.stroke,
      }),
      Plot.text(spreadLabels(ends, top * (narrow ? 0.08 : 0.065)), {
        fx: "panel",
        x: "t",
        y: "y",
        text: ({ k }: { readonly k: number }) => `*k* = ${k}`,
        textAnchor: "start",
        dx: 4,
        fill: ({ k }: { readonly k: number }) => colorOfK(k),
      }),
    ],
  }));
  return {
    title: "Strategic misalignment over rounds",
    caption: caption(),
    svg,
    columns: columns(),
  };

  function caption(): string {
    const rho = Math.max(...arrays.rho);
    const peaks = games.filter((game) => game.rho === rho).map(({ k, peak, peakRound }) =>
      `${peak.toFixed(3)} in round ${peakRound} for k = ${k}`
    );
    const last = games.filter(({ rhoIndex }) => rhoIndex === arrays.rho.length - 1)
      .map(({ k, end }) => `${end.toFixed(3)} for k = ${k}`);
    return `Strategic misalignment Δ_t = g_t·(θ_t − θ°) over ${T} rounds on the ${
      poolPhrase(series)
    }, k tasks a round drawn with replacement; means and 10–90 % bands of ` +
      `${facts.n_replicates} replicates. With correction at rate ρ = ${rho} it peaks at ` +
      `${peaks.join(", ")}. Without correction it ends at ${last.join(", ")}.`;
  }

  function columns(): Column[] {
    const cells = games.flatMap(({ rho, rhoIndex, k }) =>
      Array.from(arrays.t, (t) => ({ rho, rhoIndex, k, t }))
    );
    const bands = Object.entries(MEASURES).flatMap(([name, meaning]) =>
      Object.entries(PARTS).map(([part, words]) => ({
        name: `${name}_${part}`,
        meaning: `${meaning}, ${words} over replicates (in units of the score, 0 … 1)`,
        values: arrays[`${name}_${part}` as `${keyof typeof MEASURES}_${keyof typeof PARTS}`],
      }))
    );
    return [
      {
        name: "rho",
        meaning: "correction rate; 0: without correction",
        values: cells.map((c) => c.rho),
      },
      { name: "k", meaning: "tasks scored a round", values: cells.map((c) => c.k) },
      { name: "t", meaning: "round, from 0", values: cells.map((c) => c.t) },
      ...bands,
      {
        name: "measurement_bias",
        meaning: "measurement bias g_t·θ° (in units of the score)",
        values: cells.map(({ rhoIndex, t }) => arrays.measurement_bias.data[rhoIndex * T + t]!),
      },
    ];
  }
}
