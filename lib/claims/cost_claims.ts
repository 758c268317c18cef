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
import { type Claim, percentage } from "./claim.ts";

type CostArrays = Contents<typeof totalCost>["arrays"];

/** The correction rate at which the optimum in k is looked at. */
const RHO = 0.01;
/** Mean field is held against Monte Carlo from this k on, within this share. */
const MIN_K = 5;
const WITHIN = 0.02;

/** What ρ and k do to misalignment and total cost, and how well the closed forms tell. */
export function costClaims({ arrays }: Pick<Contents<typeof totalCost>, "arrays">): Claim[] {
  return [
    monotoneClaim("the time-mean of Δ_t decreases with ρ", arrays, "rho"),
    monotoneClaim("the time-mean of Δ_t increases with k", arrays, "k"),
    ...optimumClaims(arrays),
    meanFieldClaim(arrays),
    ...starClaims(arrays),
  ].map((claim) => ({ figure: "fig_repeated_rho_k_colormap_total", ...claim }));
}

type Finding = Omit<Claim, "figure">;

function monotoneClaim(statement: string, arrays: CostArrays, along: "rho" | "k"): Finding {
  const { pairs, apart, right } = monotoneSummary(arrays, along);
  return {
    statement,
    measured: `in ${percentage(right, apart)} of the ${apart} neighbouring cells (of ${pairs}) ` +
      `that differ by more than ${APART_ERRORS} standard errors`,
    holds: apart > 0 && right === apart,
  };
}

function optimumClaims(arrays: CostArrays): Finding[] {
  const { rho, k, isInterior, first, last, falls } = optimumSummary(arrays, RHO);
  return [
    {
      statement: `total cost has an interior optimum in k at the ρ of the grid nearest ${RHO}`,
      measured: `k* = ${k} at ρ = ${rho.toPrecision(2)}, of k = 1 … ${arrays.k.at(-1)}`,
      holds: isInterior,
    },
    {
      statement: "the optimum moves to larger k as ρ grows",
      measured: `from ${first} to ${last}, with ${falls} of ${arrays.rho.length - 1} steps down`,
      holds: falls === 0 && last > first,
    },
  ];
}

function meanFieldClaim(arrays: CostArrays): Finding {
  const { cells, near, off, worst } = meanFieldSummary(arrays, MIN_K, WITHIN);
  return {
    statement:
      `mean field is within ${100 * WITHIN} % of Monte Carlo for k ≥ ${MIN_K}, or within ` +
      `${APART_ERRORS} of its standard errors`,
    measured: worst === undefined
      ? `the grid has no k of ${MIN_K} or more`
      : `within ${100 * WITHIN} % in ${percentage(near, cells)} of the cells; at most ` +
        `${(100 * worst.share).toFixed(1)} % (ρ = ${worst.rho.toPrecision(2)}, k = ${worst.k}, ` +
        `${worst.errors.toFixed(1)} standard errors)`,
    holds: cells > 0 && off === 0,
  };
}

function starClaims(arrays: CostArrays): Finding[] {
  const R = arrays.rho.length;
  const near = meanFieldStarsNear(arrays);
  const form = (star: Float64Array, name: string): Finding => {
    const { range, within } = starRatios(arrays, star);
    return {
      statement:
        `the ${name} k* is within a factor of ${STAR_FACTOR} of the empirical one, at every ρ`,
      measured: range === undefined
        ? "it has no minimum"
        : `at ${within} of ${R} ρ; ${range.least.toPrecision(2)} to ${
          range.most.toPrecision(2)
        } times it`,
      holds: within === R,
    };
  };
  return [
    {
      statement:
        "the mean field's k* is within one step of the grid of the empirical one, at every ρ",
      measured: `at ${near} of ${R} ρ`,
      holds: near === R,
    },
    form(arrays.k_star_textbook, "textbook's"),
    form(arrays.k_star_finite_horizon, "finite-horizon form's"),
  ];
}
