import type { Results } from "../artifact/artifact.ts";
import { bandIn } from "../artifact/kind.ts";
import type { oneShot } from "../artifact/kinds.ts";
import { poolPhrase } from "../game/summaries/pool_phrase.ts";
import { bandColumns } from "./csv.ts";
import { logAxis } from "./log_axis.ts";
import { plotSvg } from "./plot_svg.ts";
import { AXIS, COLORS, HALO, isNarrow, layout, themed } from "./theme.ts";
import type { Figure } from "./write_figure.ts";

/** Where along the curves their labels stand. */
const LABEL_PLACE = 0.68;

/**
 * What deterministic transparency shows and what it brings: published score and true utility against
 * the number k of published tasks, both as shares of the best utility ‖μ‖, so that they meet at k = N.
 *
 * @param results The one-shot game.
 * @param width Printed width in inches.
 */
export async function transparencyFigure(
  results: Results<typeof oneShot>,
  width: number,
): Promise<Figure> {
  const { arrays, facts: { best_utility: best, n_draws: draws } } = results;
  const { k } = arrays;
  const publishedScore = bandIn(arrays, "published_score");
  const transparency = bandIn(arrays, "transparency");
  const pool = poolPhrase(results);
  const series = [
    { name: "published score", color: COLORS.warm, band: publishedScore, unit: best, dy: -6 },
    { name: "true utility", color: COLORS.accent, band: transparency, unit: 1, dy: 8 },
  ] as const;
  const rows = series.flatMap(({ name, color, band, unit }) =>
    Array.from(k, (k, n) => ({
      name,
      color,
      k,
      mean: band.mean[n]! / unit,
      low: band.p10[n]! / unit,
      high: band.p90[n]! / unit,
    }))
  );
  // Labels stand to the right of the curves, where these bend towards each other.
  const bend = Math.floor(LABEL_PLACE * (k.length - 1));
  const labels = series.map(({ dy }, n) => ({ ...rows[n * k.length + bend]!, dy }));
  const N = k.at(-1) ?? 1;
  const size = layout(width, isNarrow(width) ? 0.72 : 0.5);
  const top = Math.max(...rows.map(({ high }) => high));
  const svg = await plotSvg((Plot) => ({
    ...themed(size),
    marginLeft: 40,
    marginBottom: 28,
    marginTop: 8,
    marginRight: 10,
    x: { type: "log", domain: [1, N] },
    y: { domain: [0, 1.05 * top] },
    marks: [
      Plot.frame({ stroke: COLORS.rule }),
      Plot.axisX(logAxis([1, N], "published tasks *k*")),
      Plot.axisY({ ...AXIS, ticks: 6, label: "share of the best utility" }),
      Plot.ruleY([1], { stroke: COLORS.faint, strokeWidth: 0.6, strokeDasharray: "2,2" }),
      Plot.areaY(rows, {
        x: "k",
        y1: "low",
        y2: "high",
        z: "name",
        fill: "color",
        fillOpacity: 0.18,
      }),
      Plot.line(rows, {
        x: "k",
        y: "mean",
        z: "name",
        stroke: "color",
        strokeWidth: size.stroke,
      }),
      ...labels.map((label) =>
        Plot.text([label], {
          ...HALO,
          x: "k",
          y: "mean",
          text: "name",
          fill: "color",
          textAnchor: "start",
          dx: 8,
          dy: label.dy,
        })
      ),
    ],
  }));
  const at = (which: number): string =>
    `k = ${k[which]} it publishes ${
      (publishedScore.mean[which]! / best).toFixed(2)
    } and is worth ` +
    `${transparency.mean[which]!.toFixed(2)}`;
  const middle = Math.floor(k.length / 2);
  return {
    title: "Transparency: published score and true utility",
    caption:
      `Deterministic transparency on the ${pool}: the evaluator publishes k tasks, drawn without ` +
      `replacement from its first distribution, and the developer answers them best. Published ` +
      `score (mean over the published tasks) and true utility (mean over all tasks), both as shares ` +
      `of the best utility ‖μ‖ = ${
        best.toFixed(3)
      }; means and 10–90 % bands of ${draws} draws. At ` +
      `${at(0)}; at ${at(middle)}; at ${at(k.length - 1)}.`,
    svg,
    columns: [
      { name: "k", meaning: "published tasks", values: k },
      ...bandColumns(
        "published_score",
        "mean score over the published tasks, 0 … 1",
        publishedScore,
        "draws",
      ),
      ...bandColumns("utility", "true utility u(θ)/‖μ‖, share of the best", transparency, "draws"),
      {
        name: "best_utility",
        meaning: "‖μ‖, by which a published score is to be divided to be a share of the best",
        values: Array.from(k, () => best),
      },
      {
        name: "gap_change",
        meaning: "change of published score/‖μ‖ − utility from the k before, mean over draws",
        values: arrays.gap_change,
      },
      {
        name: "gap_change_se",
        meaning: "its standard error: the published sets of a draw are nested",
        values: arrays.gap_change_se,
      },
    ],
  };
}
