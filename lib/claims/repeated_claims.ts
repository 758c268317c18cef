import { LEAST_MISALIGNMENT } from "../game/bounds.ts";
import { type Claim, percentage } from "./claim.ts";
import type { Table } from "./table.ts";

/** A smaller peak is no misalignment. */
const ROUNDING = 1e-12;

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
  return [
    {
      figure,
      statement: "with correction Δ_t rises and then falls, for every k",
      measured: `last round, of the peak: ${
        list(corrected, ({ end, peak }) => lastShare(end, peak))
      }`,
      holds: corrected.every(({ at, end, peak }) =>
        at > 0 && peak > ROUNDING && end < FALLEN * peak
      ),
    },
    {
      figure,
      statement: "without correction Δ_t persists, for every k",
      measured: `last round, of the peak: ${list(free, ({ end, peak }) => lastShare(end, peak))}`,
      holds: free.length > 0 &&
        free.every(({ end, peak }) => peak > ROUNDING && end > PERSISTING * peak),
    },
    {
      figure,
      statement: "the larger k, the higher and the earlier the peak of Δ_t",
      measured: list(corrected, ({ peak, at }) => `${peak.toFixed(4)} in round ${at}`),
      holds: neighbours.every(([a, b]) => b.peak > a.peak && b.at <= a.at),
    },
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
    const largest = Math.max(...rounds.map((row) => mean![row]! / limit(row)));
    return {
      figure,
      statement,
      measured: rounds.length === 0
        ? "there is no misalignment"
        : `in ${percentage(within(rounds), rounds.length)} of the rounds with Δ_t of ` +
          `${LEAST_MISALIGNMENT} or more (${
            percentage(within(played), played.length)
          } of all); there the largest ` +
          `ratio is ${largest.toPrecision(3)}`,
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
