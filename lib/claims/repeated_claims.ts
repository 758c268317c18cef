import { LEAST_MISALIGNMENT } from "../game/bounds.ts";
import { type Claim, NO_MISALIGNMENT, notApplicable, percentage, ROUNDING } from "./claim.ts";
import type { Table } from "./table.ts";

/** Misalignment has fallen when it is below this share of its peak at the end, … */
const FALLEN = 0.1;
/** … and persists when it is above this share. */
const PERSISTING = 0.9;

/** The course of Δ_t with correction and without, and what k does to it. */
export function deltaClaims(table: Table): Claim[] {
  const [rho, k, t, mean] = ["rho", "k", "t", "misalignment_mean"].map((c) => table.numbers(c));
  const figure = "fig_repeated_delta_vs_k";
  const curves = new Map<string, { rho: number; k: number; values: number[] }>();
  for (let row = 0; row < table.length; row++) {
    const key = `${rho![row]} ${k![row]}`;
    const curve = curves.get(key) ?? { rho: rho![row]!, k: k![row]!, values: [] };
    curve.values[t![row]!] = mean![row]!;
    curves.set(key, curve);
  }
  const all = [...curves.values()].sort((a, b) => a.k - b.k).map((curve) => {
    const peak = Math.max(...curve.values);
    return { ...curve, peak, at: curve.values.indexOf(peak), end: curve.values.at(-1)! };
  });
  const corrected = all.filter((curve) => curve.rho > 0);
  const free = all.filter((curve) => curve.rho === 0);
  const list = (some: typeof all, say: (curve: typeof all[number]) => string): string =>
    some.map((curve) => `${say(curve)} (k = ${curve.k})`).join(", ");
  const neighbours = corrected.slice(1).map((curve, n) => [corrected[n]!, curve] as const);
  const claim = (
    statement: string,
    missing: string | false,
    measured: string,
    holds: boolean,
  ): Claim => {
    const reason = all.every(({ peak }) => peak < ROUNDING) ? NO_MISALIGNMENT : missing;
    return reason
      ? notApplicable(figure, statement, reason)
      : { figure, statement, measured, holds };
  };
  return [
    claim(
      "with correction Δ_t rises and then falls, for every k",
      corrected.length === 0 && "no game with correction was played",
      `last round, of the peak: ${list(corrected, ({ end, peak }) => lastShare(end, peak))}`,
      corrected.every(({ at, end, peak }) => at > 0 && peak > ROUNDING && end < FALLEN * peak),
    ),
    claim(
      "without correction Δ_t persists, for every k",
      free.length === 0 && "no game without correction was played",
      `last round, of the peak: ${list(free, ({ end, peak }) => lastShare(end, peak))}`,
      free.every(({ end, peak }) => peak > ROUNDING && end > PERSISTING * peak),
    ),
    claim(
      "the larger k, the higher and the earlier the peak of Δ_t",
      corrected.length < 2 && "fewer than two k were played with correction",
      list(corrected, ({ peak, at }) => `${peak.toFixed(4)} in round ${at}`),
      neighbours.every(([a, b]) => b.peak > a.peak && b.at <= a.at),
    ),
  ];
}

function lastShare(end: number, peak: number): string {
  if (peak < ROUNDING) return "no misalignment";
  // Adding 0 makes −0 a plain 0.
  return `${Number(((100 * end) / peak).toFixed(1)) + 0} %`;
}

/** The bound on misalignment. */
export function boundClaims(table: Table): Claim[] {
  const [t, mean, bound, knowledge, variation] = [
    "t",
    "misalignment_mean",
    "bound",
    "bound_knowledge",
    "total_variation",
  ].map((column) => table.numbers(column));
  const played = [...t!.keys()].filter((row) => t![row]! > 0);
  const rounds = played.filter((row) => mean![row]! >= LEAST_MISALIGNMENT);
  const figure = "fig_repeated_validation";
  const claim = (statement: string, limit: (row: number) => number): Claim => {
    const within = (some: readonly number[]): number =>
      some.filter((row) => mean![row]! <= limit(row)).length;
    if (rounds.length === 0) {
      const reason = `Δ_t is below ${LEAST_MISALIGNMENT} in every round`;
      return notApplicable(figure, statement, reason);
    }
    // Where the limit is 0, misalignment exceeds it without a ratio.
    const largest = Math.max(...rounds.map((row) => mean![row]! / limit(row)));
    const ratio = Number.isFinite(largest)
      ? largest.toPrecision(3)
      : "unbounded, as the bound is 0";
    return {
      figure,
      statement,
      measured: `in ${percentage(within(rounds), rounds.length)} of the rounds with Δ_t of ` +
        `${LEAST_MISALIGNMENT} or more (${percentage(within(played), played.length)} of all); ` +
        `there the largest ratio is ${ratio}`,
      holds: within(rounds) === rounds.length,
    };
  };
  return [
    claim(
      "the mean of Δ_t is within min(m_t/(m_t + N), (1 − ρ)^t √(D_0/2))",
      (row) => bound![row]!,
    ),
    claim(
      "it is within min(m_t/(m_t + N), total variation between π_t and uniform)",
      (row) => Math.min(knowledge![row]!, variation![row]!),
    ),
  ];
}
