import type { Results } from "../artifact/artifact.ts";
import type { oneShot } from "../artifact/kinds.ts";
import { bandIn } from "../artifact/kind.ts";
import { poolHeading, poolPhrase } from "../game/summaries/pool_phrase.ts";
import { figure } from "./figure.ts";
import { bandColumns, type BandPoint, bandPoint } from "./kit/band_point.ts";
import { type Column, columnsOf } from "./kit/csv.ts";
import { plotTransparency } from "./transparency_plot.ts";

type OneShot = Results<typeof oneShot>;

/** What k published tasks show and what they bring. */
export interface TransparencyRow {
  readonly k: number;
  /** Mean score over the published tasks, in [0, 1]. */
  readonly published: BandPoint;
  /** Share of the best utility. */
  readonly utility: BandPoint;
  readonly gapChange: number;
  readonly gapChangeError: number;
}

/**
 * What deterministic transparency shows and what it brings: published score and true utility against
 * the number k of published tasks, both as shares of the best utility ‖μ‖, so that they meet at k = N.
 */
export const transparencyFigure = figure<OneShot, TransparencyRow[]>({
  title: () => "Transparency: published score and true utility",
  rows: ({ arrays }) =>
    Array.from(arrays.k, (k, n) => ({
      k,
      published: bandPoint(bandIn(arrays, "published_score"), n),
      utility: bandPoint(bandIn(arrays, "transparency"), n),
      gapChange: arrays.gap_change[n]!,
      gapChangeError: arrays.gap_change_se[n]!,
    })),
  plot: (rows, page, results) =>
    plotTransparency(rows, page, {
      best: results.facts.best_utility,
      heading: poolHeading(results),
    }),
  caption,
  columns,
});

function caption(rows: readonly TransparencyRow[], results: OneShot): string {
  const { best_utility: best, n_draws: draws } = results.facts;
  const shown = [...new Set([0, Math.floor(rows.length / 2), rows.length - 1])];
  const places = shown.map((n) => {
    const { k, published, utility } = rows[n]!;
    const score = (published.mean / best).toFixed(2);
    return `at k = ${k} it publishes ${score} and is worth ${utility.mean.toFixed(2)}`;
  });
  return `Deterministic transparency on the ${
    poolPhrase(results)
  }: the evaluator publishes k tasks, drawn without ` +
    `replacement from its first distribution, and the developer answers them best. Published ` +
    `score (mean over the published tasks) and true utility (mean over all tasks), both as shares ` +
    `of the best utility ‖μ‖ = ${best.toFixed(3)}; means and 10–90 % bands of ${draws} draws. A` +
    `${places.join("; ").slice(1)}.`;
}

function columns(
  rows: readonly TransparencyRow[],
  { facts: { best_utility: best } }: OneShot,
): Column[] {
  return columnsOf(rows, {
    k: ["published tasks", ({ k }) => k],
    ...bandColumns<TransparencyRow>(
      "published_score",
      (part) => `mean score over the published tasks, 0 … 1; ${part} over draws`,
      ({ published }) => published,
    ),
    ...bandColumns<TransparencyRow>(
      "utility",
      (part) => `true utility u(θ)/‖μ‖, share of the best; ${part} over draws`,
      ({ utility }) => utility,
    ),
    best_utility: [
      "‖μ‖, by which a published score is to be divided to be a share of the best",
      () => best,
    ],
    gap_change: [
      "change of published score/‖μ‖ − utility from the k before, mean over draws",
      ({ gapChange }) => gapChange,
    ],
    gap_change_se: [
      "its standard error: the published sets of a draw are nested",
      ({ gapChangeError }) => gapChangeError,
    ],
  });
}
