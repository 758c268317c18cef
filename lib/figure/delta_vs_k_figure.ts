import type { Column } from "./csv.ts";
import { formatFixed, ROUNDING } from "./log_axis.ts";
import { plotSvg } from "./plot_svg.ts";
import { type RepeatedSeries, seriesValue } from "./repeated_series.ts";
import { spreadLabels } from "./spread_labels.ts";
import { AXIS, colorOfK, COLORS, isNarrow, layout, themed } from "./theme.ts";
import type { Figure } from "./write_figure.ts";

/** Names of the bands in the order in which the CSV has them. */
const MEASURES = {
  misalignment: "strategic misalignment Δ_t = g_t·(θ_t − θ°)",
  exploitation_gap: "exploitation gap g_t·θ_t",
  regret: "regret R_t = μ·(θ° − θ_t)",
} as const;
/** The axis reaches at least so far, where there is no misalignment. */
const MIN_TOP = 1e-3;
const PARTS = { mean: "mean", p10: "10th percentile", p90: "90th percentile" } as const;

/**
 * Strategic misalignment over the rounds, for several k: a panel with correction and one without.
 *
 * @param series What was played.
 * @param width Printed width in inches.
 */
export async function deltaVsKFigure(series: RepeatedSeries, width: number): Promise<Figure> {
  const T = series.t.length;
  const value = (name: string, r: number, k: number, t: number): number =>
    seriesValue(series, name, r, k, t);
  const narrow = isNarrow(width);
  const panels = Array.from(
    series.rho,
    (rho) =>
      rho > 0
        ? `${narrow ? "" : "with "}correction, *ρ* = ${rho}`
        : `${narrow ? "no" : "without"} correction`,
  );
  const rows = panels.flatMap((panel, r) =>
    Array.from(series.k, (k, a) =>
      Array.from(series.t, (t, n) => ({
        panel,
        k,
        t,
        mean: value("misalignment_mean", r, a, n),
        low: value("misalignment_p10", r, a, n),
        high: value("misalignment_p90", r, a, n),
      }))).flat()
  );
  const ends = rows.filter(({ t, panel }) => t === T - 1 && panel === panels.at(-1))
    .map((row) => ({ ...row, at: row.mean }));
  const size = layout(width, narrow ? 0.72 : 0.42);
  const top = Math.max(...rows.map(({ high }) => high), MIN_TOP);
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
    const rhos = Array.from(series.rho);
    const rho = Math.max(...rhos);
    const means = (r: number, a: number): number[] =>
      Array.from(series.t, (_, t) => value("misalignment_mean", r, a, t));
    const peaks = Array.from(series.k, (k, a) => {
      const course = means(rhos.indexOf(rho), a);
      const peak = Math.max(...course);
      return peak < ROUNDING
        ? `none for k = ${k}`
        : `${formatFixed(peak, 3)} in round ${course.indexOf(peak)} for k = ${k}`;
    });
    const free = rhos.indexOf(0);
    const last = Array.from(
      series.k,
      (k, a) => `${formatFixed(means(free, a).at(-1)!, 3)} for k = ${k}`,
    );
    const played = rhos.flatMap((_, r) => Array.from(series.k, (_, a) => means(r, a))).flat();
    const sentences = Math.max(...played) < ROUNDING ? " There is none in any round." : [
      rho > 0 ? ` With correction at rate ρ = ${rho} it peaks at ${peaks.join(", ")}.` : "",
      free < 0 ? "" : ` Without correction it ends at ${last.join(", ")}.`,
    ].join("");
    return `Strategic misalignment Δ_t = g_t·(θ_t − θ°) over ${T} rounds on the ${series.pool}, k tasks a round drawn with replacement; means and 10–90 % bands of ` +
      `${series.replicates} replicates.${sentences}`;
  }

  function columns(): Column[] {
    const cells = Array.from(
      series.rho,
      (rho, r) =>
        Array.from(series.k, (k, a) => Array.from(series.t, (t, n) => ({ rho, r, k, a, t, n })))
          .flat(),
    ).flat();
    const bands = Object.entries(MEASURES).flatMap(([name, meaning]) =>
      Object.entries(PARTS).map(([part, words]) => ({
        name: `${name}_${part}`,
        meaning: `${meaning}, ${words} over replicates (in units of the score, 0 … 1)`,
        values: cells.map(({ r, a, n }) => value(`${name}_${part}`, r, a, n)),
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
        values: cells.map(({ r, n }) => series.values["measurement_bias"]?.[r * T + n] ?? NaN),
      },
    ];
  }
}
