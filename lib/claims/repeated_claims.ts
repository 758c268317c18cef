import type { Contents } from "../artifact/kind.ts";
import type { repeated } from "../artifact/kinds.ts";
import { MIN_MISALIGNMENT, ROUNDING } from "../game/bounds.ts";
import { boundRounds, boundSummary } from "../game/summaries/bound_summary.ts";
import { type Curve, curves } from "../game/summaries/curves.ts";
import { type Claim, claim, NO_MISALIGNMENT, percentage, type Stated } from "./claim.ts";

type Results = Pick<Contents<typeof repeated>, "arrays" | "dims">;

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
  const still = all.every(({ peak }) => peak < ROUNDING) && NO_MISALIGNMENT;
  const stated = (statement: string): Stated => ({
    figure: "fig_repeated_delta_vs_k",
    statement,
    source: "paper, Fig 3 (model section 6.2)",
  });
  return [
    claim(
      stated("with correction Δ_t rises and then falls, for every k"),
      still || corrected.length === 0 && "no game with correction was played",
      () => ({
        measured: `last round, of the peak: ${list(corrected, lastShare)}`,
        holds: corrected.every(({ peakRound, end, peak }) =>
          peakRound > 0 && peak > ROUNDING && end < FALLEN * peak
        ),
      }),
    ),
    claim(
      stated("without correction Δ_t persists, for every k"),
      still || free.length === 0 && "no game without correction was played",
      () => ({
        measured: `last round, of the peak: ${list(free, lastShare)}`,
        holds: free.every(({ end, peak }) => peak > ROUNDING && end > PERSISTING * peak),
      }),
    ),
    claim(
      stated("the larger k, the higher and the earlier the peak of Δ_t"),
      still || corrected.length < 2 && "fewer than two k were played with correction",
      () => ({
        measured: list(
          corrected,
          (curve) => `${curve.peak.toFixed(4)} in round ${curve.limitPeakRound}`,
        ) + " (rounds by mean field)",
        holds: neighbours.every(([a, b]) =>
          b.peak > a.peak && b.limitPeakRound <= a.limitPeakRound
        ),
      }),
    ),
  ];
}

function lastShare({ end, peak }: Curve): string {
  if (peak < ROUNDING) return "no misalignment";
  // Adding 0 makes −0 a plain 0.
  return `${Number(((100 * end) / peak).toFixed(1)) + 0} %`;
}

/** The bound on misalignment. */
export function boundClaims(results: Results): Claim[] {
  const rounds = boundRounds(results);
  const within = (
    bound: "productBound" | "bound" | "sharpBound",
    stated: Omit<Stated, "figure">,
  ): Claim => {
    const { played, playedWithin, visible, visibleWithin, worst } = boundSummary(rounds, bound);
    const reason = worst === undefined && `Δ_t is below ${MIN_MISALIGNMENT} in every round`;
    return claim({ figure: "fig_repeated_validation", ...stated }, reason, () => ({
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
      statement: "the mean of Δ_t is within √2 ‖g_t‖ min(1, s_t H/‖μ‖)",
      source: "product bound, proved in docs/bound.md (model section 6.2)",
    }),
    within("bound", {
      statement: "the mean of Δ_t is within min(m_t/(m_t + N), (1 − ρ)^t √(D_0/2))",
      source: "textbook, bound on Δ_t (model section 6.2)",
      expected: false,
    }),
    within("sharpBound", {
      statement: "it is within min(m_t/(m_t + N), total variation between π_t and uniform)",
      source: "textbook, bound on Δ_t with the exact total variation (model section 6.2)",
      expected: false,
    }),
  ];
}
