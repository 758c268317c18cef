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
 * Strategic misalignment against its bound and the textbook's, a panel for each of several (ρ, k), each ρ
 * above 0.
 */
export const validationFigure = figure<Results<typeof repeated>, BoundRound[]>({
  title: () => "Strategic misalignment and its bounds",
  rows: boundRounds,
  plot: (rows, page, series) => plotValidation(rows, page, poolHeading(series)),
  caption,
  columns,
});

function caption(rounds: readonly BoundRound[], series: Results<typeof repeated>): string {
  return `Strategic misalignment Δ_t = g_t·(θ_t − θ°) (violet: mean and 10–90 % band of ` +
    `${series.facts.n_replicates} replicates) on the ${poolPhrase(series)}, against the bound ` +
    `√2 ‖g_t‖ min(1, s_t H/‖μ‖) (green), then the textbook's, min(m_t/(m_t + N), ` +
    `(1 − ρ)^t √(D_0/2)) (grey band; its terms in black: knowledge, dashed, and correction, ` +
    `dotted), and the total variation between π_t and uniform (orange). ${held(rounds)} Values ` +
    `below ${FLOOR} are not shown.`;
}

/** Where the bounds held, in words. */
function held(rounds: readonly BoundRound[]): string {
  const product = boundSummary(rounds, "productBound");
  const textbook = boundSummary(rounds, "bound");
  const sharp = boundSummary(rounds, "sharpBound");
  if (product.worst === undefined || textbook.worst === undefined) {
    return `The mean is below ${FLOOR} in every round.`;
  }
  const { playedWithin, played } = product;
  const often = playedWithin === played ? "every round" : `${playedWithin} of ${played} rounds`;
  const { ratio, round } = textbook.worst;
  const largest = round.bound > 0 ? threeDigits(ratio) : "without limit (bound 0)";
  const share = (within: number): string => percent(within, textbook.visible, 1);
  return `The mean is within the bound in ${often}, and at most ` +
    `${threeDigits(product.worst.ratio)} times it. It is within the textbook's in ` +
    `${share(textbook.visibleWithin)} of the rounds in which it is at least ${FLOOR} (` +
    `${percent(textbook.playedWithin, played, 1)} of all)${
      exceeded(rounds)
    }; the largest ratio is ` +
    `${largest} at ρ = ${round.rho}, k = ${round.k}, t = ${round.t}. With the total variation in ` +
    `place of (1 − ρ)^t √(D_0/2) it is within the textbook's in ${share(sharp.visibleWithin)}.`;
}

/** The games and rounds in which the mean visibly exceeds the textbook's bound, in words. */
function exceeded(rounds: readonly BoundRound[]): string {
  const beyond = rounds.filter(({ t, mean, bound }) => t > 0 && mean >= FLOOR && mean > bound);
  const games = Map.groupBy(beyond, ({ rho, k }) => `ρ = ${rho}, k = ${k}`);
  const places = Array.from(games, ([game, rounds]) => {
    const [first, last] = [rounds[0]!.t, rounds.at(-1)!.t];
    return `${game} (${first === last ? `t = ${first}` : `${first} ≤ t ≤ ${last}`})`;
  });
  return places.length === 0 ? "" : `, not at ${places.join("; ")}`;
}

function columns(rows: readonly BoundRound[]): Column[] {
  return columnsOf(rows, {
    rho: ["correction rate", ({ rho }) => rho],
    k: ["tasks scored a round", ({ k }) => k],
    t: ["round, from 0", ({ t }) => t],
    misalignment_mean: ["strategic misalignment Δ_t; mean over replicates", ({ mean }) => mean],
    misalignment_p10: ["the same; 10th percentile over replicates", ({ p10 }) => p10],
    misalignment_p90: ["the same; 90th percentile over replicates", ({ p90 }) => p90],
    exploitation_gap: [
      "exploitation gap g_t·θ_t; mean over replicates",
      ({ exploitationGap }) => exploitationGap,
    ],
    product_bound: [
      "√2 ‖g_t‖ min(1, s_t H/‖μ‖), which holds in every replicate",
      ({ productBound }) => productBound,
    ],
    bound_knowledge: [
      "the textbook's m_t/(m_t + N), m_t = k·min(t, 1/ρ)",
      ({ knowledge }) => knowledge,
    ],
    bound_correction: ["the textbook's (1 − ρ)^t √(D_0/2)", ({ correction }) => correction],
    bound: ["the smaller of the textbook's two", ({ bound }) => bound],
    total_variation: [
      "exact total variation between π_t and uniform",
      ({ variation }) => variation,
    ],
  });
}
