import type { Results } from "../artifact/artifact.ts";
import type { repeated } from "../artifact/kinds.ts";
import { MIN_MISALIGNMENT as FLOOR } from "../game/bounds.ts";
import { type BoundRound, boundRounds, boundSummary } from "../game/summaries/bound_summary.ts";
import { poolHeading, poolPhrase } from "../game/summaries/pool_phrase.ts";
import { figure } from "./figure.ts";
import { type Column, columnsOf } from "./kit/csv.ts";
import { percent, threeDigits } from "./kit/format.ts";
import { plotValidation } from "./validation_plot.ts";

/**
 * Strategic misalignment against the two terms of its bound, a panel for each of several (ρ, k), each ρ
 * above 0.
 */
export const validationFigure = figure<Results<typeof repeated>, BoundRound[]>({
  title: () => "Strategic misalignment and its bound",
  rows: boundRounds,
  plot: (rows, page, series) => plotValidation(rows, page, poolHeading(series)),
  caption,
  columns,
});

function caption(rounds: readonly BoundRound[], series: Results<typeof repeated>): string {
  return `Strategic misalignment Δ_t = g_t·(θ_t − θ°) (violet: mean and 10–90 % band of ` +
    `${series.facts.n_replicates} replicates) on the ${
      poolPhrase(series)
    }, against min(m_t/(m_t + N), ` +
    `(1 − ρ)^t √(D_0/2)) (grey band; its terms in black: knowledge, dashed, and correction, dotted), ` +
    `and the total variation between π_t and uniform (orange). ${
      held(rounds)
    } Values below ${FLOOR} ` +
    "are not shown.";
}

/** Where the bound held, in words. */
function held(rounds: readonly BoundRound[]): string {
  const textbook = boundSummary(rounds, "bound");
  const sharp = boundSummary(rounds, "sharpBound");
  if (textbook.worst === undefined) return `The mean is below ${FLOOR} in every round.`;
  const { ratio, round } = textbook.worst;
  const largest = round.bound > 0 ? threeDigits(ratio) : "without limit (bound 0)";
  return `The mean is within the bound in ${
    percent(textbook.visibleWithin, textbook.visible, 1)
  } of the rounds in which it is at least ${FLOOR} (${
    percent(textbook.playedWithin, textbook.played, 1)
  } of all); there the largest ratio to the bound is ${largest} at ρ = ${round.rho}, ` +
    `k = ${round.k}, t = ${round.t}. With the total variation in place of (1 − ρ)^t √(D_0/2) it is ` +
    `within the bound in ${percent(sharp.visibleWithin, sharp.visible, 1)} of them.`;
}

function columns(rows: readonly BoundRound[]): Column[] {
  return columnsOf(rows, {
    rho: ["correction rate", ({ rho }) => rho],
    k: ["tasks scored a round", ({ k }) => k],
    t: ["round, from 0", ({ t }) => t],
    misalignment_mean: ["strategic misalignment Δ_t; mean over replicates", ({ mean }) => mean],
    misalignment_p10: ["the same; 10th percentile over replicates", ({ p10 }) => p10],
    misalignment_p90: ["the same; 90th percentile over replicates", ({ p90 }) => p90],
    bound_knowledge: ["m_t/(m_t + N), m_t = k·min(t, 1/ρ)", ({ knowledge }) => knowledge],
    bound_correction: ["(1 − ρ)^t √(D_0/2)", ({ correction }) => correction],
    bound: ["the smaller of the two", ({ bound }) => bound],
    total_variation: [
      "exact total variation between π_t and uniform",
      ({ variation }) => variation,
    ],
  });
}
