import type { Contents } from "../artifact/kind.ts";
import type { totalCost } from "../artifact/kinds.ts";
import {
  APART_ERRORS,
  meanFieldStarsNear,
  meanFieldSummary,
  monotoneSummary,
  optimumSummary,
  STAR_FACTOR,
  starRatios,
} from "../game/summaries/cost_summary.ts";
import { ROUNDING } from "../game/bounds.ts";
import { type Claim, claim, NO_MISALIGNMENT, percentage } from "./claim.ts";

type CostArrays = Contents<typeof totalCost>["arrays"];

/** The correction rate at which the optimum in k is looked at. */
const RHO = 0.01;
/** Mean field is held against Monte Carlo from this k on, within this share. */
const MIN_K = 5;
const WITHIN = 0.02;

/** A statement, the reason why it does not apply, and what was found where it does. */
type Finding = readonly [
  statement: string,
  reason: string | false,
  found: () => Pick<Claim, "measured" | "holds">,
];

/** What ρ and k do to misalignment and total cost, and how right the closed forms are. */
export function costClaims({ arrays }: Pick<Contents<typeof totalCost>, "arrays">): Claim[] {
  const still = arrays.misalignment.data.every((level) => Math.abs(level) < ROUNDING) &&
    NO_MISALIGNMENT;
  return [
    monotone("the time-mean of Δ_t decreases with ρ", arrays, "rho"),
    monotone("the time-mean of Δ_t increases with k", arrays, "k"),
    ...optima(arrays),
    meanField(arrays),
    ...stars(arrays),
  ].map(([statement, reason, found]) =>
    claim("fig_repeated_rho_k_colormap_total", statement, still || reason, found)
  );
}

function monotone(statement: string, arrays: CostArrays, along: "rho" | "k"): Finding {
  const { pairs, apart, right } = monotoneSummary(arrays, along);
  const reason = pairs === 0
    ? `one ${along === "rho" ? "ρ" : "k"} was played`
    : apart === 0 && `no neighbours differ by more than ${APART_ERRORS} standard errors`;
  return [statement, reason, () => ({
    measured: `in ${percentage(right, apart)} of the ${apart} neighbouring cells (of ${pairs}) ` +
      `that differ by more than ${APART_ERRORS} standard errors`,
    holds: right === apart,
  })];
}

function optima(arrays: CostArrays): Finding[] {
  const { rho, k, isInterior, first, last, falls } = optimumSummary(arrays, RHO);
  const [R, K] = [arrays.rho.length, arrays.k.length];
  return [
    [
      `total cost has an interior optimum in k at the ρ of the grid nearest ${RHO}`,
      K < 3 && "fewer than three k were played",
      () => ({
        measured: `k* = ${k} at ρ = ${rho.toPrecision(2)}, of k = 1 … ${arrays.k.at(-1)}`,
        holds: isInterior,
      }),
    ],
    ["the optimum moves to larger k as ρ grows", R < 2 && "one ρ was played", () => ({
      measured: `from ${first} to ${last}, with ${falls} of ${R - 1} steps down`,
      holds: falls === 0 && last > first,
    })],
  ];
}

function meanField(arrays: CostArrays): Finding {
  const { cells, near, off, worst } = meanFieldSummary(arrays, MIN_K, WITHIN);
  const isPlayed = arrays.k.some((k) => k >= MIN_K);
  const share = `${100 * WITHIN} %`;
  return [
    `mean field is within ${share} of Monte Carlo for k ≥ ${MIN_K}, or within ` +
    `${APART_ERRORS} of its standard errors`,
    worst === undefined &&
    `${isPlayed ? "there is no misalignment at a" : "there is no"} k ≥ ${MIN_K}`,
    () => ({
      measured: `within ${share} in ${percentage(near, cells)} of the cells; at most ` +
        `${(100 * worst!.share).toFixed(1)} % (ρ = ${worst!.rho.toPrecision(2)}, k = ` +
        `${worst!.k}, ${worst!.errors.toFixed(1)} standard errors)`,
      holds: off === 0,
    }),
  ];
}

function stars(arrays: CostArrays): Finding[] {
  const R = arrays.rho.length;
  const near = meanFieldStarsNear(arrays);
  const form = (star: Float64Array, name: string): Finding => {
    const { range, within, none } = starRatios(arrays, star);
    return [
      `the ${name} k* is within a factor of ${STAR_FACTOR} of the empirical one, at every ρ`,
      range === undefined && "that form has no minimum",
      () => ({
        measured: `at ${within} of ${R} ρ; ${range!.least.toPrecision(2)} to ` +
          `${range!.most.toPrecision(2)} times it` +
          (none > 0 ? `; without a minimum at ${none}` : ""),
        holds: within === R,
      }),
    ];
  };
  return [
    [
      "the mean field's k* is within one step of the grid of the empirical one, at every ρ",
      false,
      () => ({ measured: `at ${near} of ${R} ρ`, holds: near === R }),
    ],
    form(arrays.k_star_textbook, "textbook's"),
    form(arrays.k_star_finite_horizon, "finite-horizon form's"),
  ];
}
