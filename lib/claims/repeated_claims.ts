import type { Contents } from "../artifact/kind.ts";
import type { repeated } from "../artifact/kinds.ts";
import { MIN_MISALIGNMENT, ROUNDING } from "../game/bounds.ts";
import { boundRounds, boundSummary } from "../game/summaries/bound_summary.ts";
import { type Curve, curves } from "../game/summaries/curves.ts";
import {
  type Claim,
  claim,
  countOf,
  noMisalignment,
  type Numbered,
  percent,
  percentage,
  shareOf,
  type Stated,
} from "./claim.ts";

type Results = Pick<Contents<typeof repeated>, "arrays" | "dims" | "facts">;

/** Misalignment has fallen when it is below this share of its peak at the end, … */
const FALLEN = 0.1;
/** … and persists when it is above this share. */
const PERSISTING = 0.9;

/** The course of Δ_t with correction and without, and what k does to it. */
export function deltaClaims(results: Results): Claim[] {
  const all = curves(results).sort((a, b) => a.k - b.k);
  const corrected = all.filter(({ rho }) => rho > 0);
  const free = all.filter(({ rho }) => rho === 0);
  const list = (games: readonly Curve[], describe: (curve: Curve) => string): string =>
    games.map((curve) => `${describe(curve)} (k = ${curve.k})`).join(", ");
  const neighbours = corrected.slice(1).map((curve, n) => [corrected[n]!, curve] as const);
  const still = all.every(({ peak }) => peak < ROUNDING) && noMisalignment(results);
  const stated = (label: string, measure: string, statement: string): Stated => ({
    ...{ figure: "fig_repeated_delta_vs_k", label, measure, statement },
    source: "paper, Fig 3 (model section 6.2)",
  });
  const ordered =
    neighbours.filter(([a, b]) => b.peak > a.peak && b.limitPeakRound <= a.limitPeakRound).length;
  return [
    claim(
      stated(
        "Δ rises, then falls",
        `most that is left of a peak in the last round, %; below ${100 * FALLEN}`,
        "with correction Δ_t rises and then falls, for every k",
      ),
      still || corrected.length === 0 && "no game with correction was played",
      () => ({
        ...percentOf(Math.max(...corrected.map((curve) => shareLeft(curve, 1)))),
        measured: `last round, of the peak: ${list(corrected, lastShare)}`,
        holds: corrected.every((curve) => shareLeft(curve, 1) < FALLEN),
      }),
    ),
    claim(
      stated(
        "Δ persists at ρ = 0",
        `least that is left of a peak in the last round, %; above ${100 * PERSISTING}`,
        "without correction Δ_t persists, for every k",
      ),
      still || free.length === 0 && "no game without correction was played",
      () => ({
        ...percentOf(Math.min(...free.map((curve) => shareLeft(curve, 0)))),
        measured: `last round, of the peak: ${list(free, lastShare)}`,
        holds: free.every((curve) => shareLeft(curve, 0) > PERSISTING),
      }),
    ),
    claim(
      stated(
        "peaks in order of k",
        "neighbouring k with peaks in this order; all",
        "the larger k, the higher and the earlier the peak of Δ_t",
      ),
      still || corrected.length < 2 && "fewer than two k were played with correction",
      () => ({
        ...countOf(ordered, neighbours.length),
        measured: list(
          corrected,
          (curve) => `${curve.peak.toFixed(4)} in round ${curve.limitPeakRound}`,
        ) + " (rounds by mean field)",
        holds: ordered === neighbours.length,
      }),
    ),
  ];
}

/** What is left of the peak in the last round, or something else where Δ_t does not rise. */
function shareLeft({ peakRound, end, peak }: Curve, otherwise: number): number {
  return peakRound > 0 && peak > ROUNDING ? end / peak : otherwise;
}

function percentOf(share: number): Numbered {
  return { value: 100 * share, shown: percent(share) };
}

function lastShare({ end, peak }: Curve): string {
  return peak < ROUNDING ? "no misalignment" : percent(end / peak);
}

/** The bound on misalignment. */
export function boundClaims(results: Results): Claim[] {
  const rounds = boundRounds(results);
  const within = (
    bound: "productBound" | "bound" | "sharpBound",
    stated: Omit<Stated, "figure" | "measure">,
  ): Claim => {
    const { played, playedWithin, visible, visibleWithin, worst } = boundSummary(rounds, bound);
    const reason = worst === undefined && `Δ_t is below ${MIN_MISALIGNMENT} in every round`;
    const measure = `rounds with Δ_t of ${MIN_MISALIGNMENT} or more that are within it, %; 100`;
    return claim({ figure: "fig_repeated_validation", measure, ...stated }, reason, () => ({
      ...shareOf(visibleWithin, visible),
      measured: `in ${percentage(visibleWithin, visible)} of the rounds with Δ_t of ` +
        `${MIN_MISALIGNMENT} or more (${percentage(playedWithin, played)} of all); there the ` +
        // Where the bound is 0, misalignment exceeds it without a ratio.
        `largest ratio is ${
          Number.isFinite(worst!.ratio)
            ? worst!.ratio.toPrecision(3)
            : "unbounded, as the bound is 0"
        }`,
      holds: visibleWithin === visible,
    }));
  };
  return [
    within("productBound", {
      label: "product bound",
      statement: "the mean of Δ_t is within √2 ‖g_t‖ min(1, s_t H/‖μ‖)",
      source: "product bound, proved in docs/bound.md (model section 6.2)",
    }),
    within("bound", {
      label: "textbook's bound",
      statement: "the mean of Δ_t is within min(m_t/(m_t + N), (1 − ρ)^t √(D_0/2))",
      source: "textbook, bound on Δ_t (model section 6.2)",
      expected: false,
    }),
    within("sharpBound", {
      label: "with total variation",
      statement: "it is within min(m_t/(m_t + N), total variation between π_t and uniform)",
      source: "textbook, bound on Δ_t with the exact total variation (model section 6.2)",
      expected: false,
    }),
  ];
}
