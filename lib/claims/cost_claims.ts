import type { Contents } from "../artifact/kind.ts";
import type { totalCost } from "../artifact/kinds.ts";
import {
  APART_ERRORS,
  meanFieldStarsNear,
  meanFieldSummary,
  monotoneSummary,
  optimumSummary,
  scalingSummary,
  STAR_FACTOR,
  starRatios,
} from "../game/summaries/cost_summary.ts";
import { ROUNDING } from "../game/bounds.ts";
import {
  type Claim,
  claim,
  countOf,
  type Found,
  noMisalignment,
  type Numbered,
  percent,
  percentage,
  type Reason,
  shareOf,
  type Stated,
} from "./claim.ts";

type Results = Pick<Contents<typeof totalCost>, "arrays" | "facts">;
type CostArrays = Results["arrays"];

/** The correction rate at which the optimum in k is looked at. */
const RHO = 0.01;
/** Mean field is held against Monte Carlo from this k on, within this share. */
const MIN_K = 5;
const WITHIN = 0.02;
/** An exponent is the one that is said within this. */
const EXPONENT = 0.1;

const TOO_FEW = "fewer than three k were played";

/** A statement, the reason why it does not apply, and what was found where it does. */
type Finding = readonly [stated: Omit<Stated, "figure">, reason: Reason, found: () => Found];

/** What ρ and k do to misalignment and total cost, and how right the closed forms are. */
export function costClaims(results: Results): Claim[] {
  const { arrays } = results;
  const still = arrays.misalignment.data.every((level) => Math.abs(level) < ROUNDING) &&
    noMisalignment(results);
  return [
    monotone("falls with ρ", "the time-mean of Δ_t decreases with ρ", arrays, "rho"),
    monotone("rises with k", "the time-mean of Δ_t increases with k", arrays, "k"),
    ...optima(arrays),
    meanField(arrays),
    ...stars(arrays),
    ...scaling(arrays),
  ].map(([stated, reason, found]) =>
    claim({ figure: "fig_repeated_rho_k_colormap_total", ...stated }, still || reason, found)
  );
}

function monotone(
  course: string,
  statement: string,
  arrays: CostArrays,
  along: "rho" | "k",
): Finding {
  const { pairs, apart, right } = monotoneSummary(arrays, along);
  const reason = pairs === 0
    ? `one ${along === "rho" ? "ρ" : "k"} was played`
    : apart === 0 && `no neighbours differ by more than ${APART_ERRORS} standard errors`;
  const measure = `neighbouring cells ${APART_ERRORS} standard errors apart in this order, %; 100`;
  const source = "paper, Fig 4 (model section 6.2)";
  return [{ label: `mean Δ ${course}`, measure, statement, source }, reason, () => ({
    ...shareOf(right, apart),
    measured: `in ${percentage(right, apart)} of the ${apart} neighbouring cells (of ${pairs}) ` +
      `that differ by more than ${APART_ERRORS} standard errors`,
    holds: right === apart,
  })];
}

function optima(arrays: CostArrays): Finding[] {
  const { rho, k, isInterior, first, last, falls } = optimumSummary(arrays, RHO);
  const [R, K] = [arrays.rho.length, arrays.k.length];
  const grid = `k = ${arrays.k[0]} … ${arrays.k.at(-1)}`;
  const source = "textbook, k* = σ √(ρ/γ) (model section 6.3)";
  const at = arrays.rho.indexOf(rho);
  const near = [arrays.k_star_low[at]!, arrays.k_star_high[at]!] as const;
  const says = `the mean field's cost is near its least for k = ${near.map(short).join(" … ")}`;
  return [
    [
      {
        label: "k* inside the grid",
        measure: "k*; neither the least nor the largest k of the grid",
        statement: `total cost has an interior optimum in k at the ρ of the grid nearest ${RHO}`,
        source,
      },
      K < 3 ? TOO_FEW : !isInterior && isStuck(arrays, k, near) && {
        ...atLeastOrMost(arrays, k),
        edge: `k* = ${k} at ρ = ${rho.toPrecision(2)} is at the edge of the grid, ${grid}, ` +
          `and ${says}`,
      },
      () => ({
        value: k,
        shown: `k* = ${k}`,
        measured: `k* = ${k} at ρ = ${rho.toPrecision(2)}, of ${grid}` +
          (isInterior ? "" : `; at the edge, although ${says}`),
        holds: isInterior,
      }),
    ],
    [
      {
        label: "k* grows with ρ",
        measure: "k* at the largest ρ over that at the least; above 1, without a step down",
        statement: "the optimum moves to larger k as ρ grows",
        source,
      },
      R < 2
        ? "one ρ was played"
        : arrays.k_star.every((star) => star === first) && edgeOf(arrays, first) !== 0 && {
          ...atLeastOrMost(arrays, first),
          edge: `k* = ${first} at every ρ is at the edge of the grid, ${grid}`,
        },
      () => ({
        value: last / first,
        shown: falls > 0 ? `${falls} down` : `${first} → ${last}`,
        measured: `from ${first} to ${last}, with ${falls} of ${R - 1} steps down`,
        holds: falls === 0 && last > first,
      }),
    ],
  ];
}

/** Whether a k is the least of the grid (−1), the largest (1), or between them (0). */
function edgeOf({ k }: Pick<CostArrays, "k">, at: number): -1 | 0 | 1 {
  return at === k[0] ? -1 : at === k.at(-1) ? 1 : 0;
}

/** The number of a k* at the edge of the grid: the optimum is there or beyond. */
function atLeastOrMost(grid: Pick<CostArrays, "k">, k: number): Numbered {
  return { value: k, shown: `k* ${edgeOf(grid, k) < 0 ? "≤" : "≥"} ${k}` };
}

/** Ends of an interval are found by bisection: they are at the edge when this near it, as a ratio. */
const SAME = 1 + 1e-6;

/**
 * Whether the empirical k* is at the edge of the grid because the optimum is there or beyond: the mean
 * field, which needs no grid, is near its least cost there too. Otherwise one of the two is wrong.
 */
function isStuck(
  grid: Pick<CostArrays, "k">,
  empirical: number,
  [low, high]: readonly [low: number, high: number],
): boolean {
  const edge = edgeOf(grid, empirical);
  return edge < 0 ? low <= empirical * SAME : edge > 0 && high * SAME >= empirical;
}

function short(k: number): string {
  return String(Number(k.toPrecision(3)));
}

function meanField(arrays: CostArrays): Finding {
  const { cells, near, off, worst } = meanFieldSummary(arrays, MIN_K, WITHIN);
  const isPlayed = arrays.k.some((k) => k >= MIN_K);
  const share = `${100 * WITHIN} %`;
  return [
    {
      label: "mean field's Δ",
      measure: `cells within ${share} or ${APART_ERRORS} standard errors, %; 100`,
      statement: `mean field is within ${share} of Monte Carlo for k ≥ ${MIN_K}, or within ` +
        `${APART_ERRORS} of its standard errors`,
      source: "mean field (model section 6.3 b)",
    },
    worst === undefined &&
    `${isPlayed ? "there is no misalignment at a" : "there is no"} k ≥ ${MIN_K}`,
    () => ({
      ...shareOf(cells - off, cells),
      measured: `in ${percentage(cells - off, cells)} of the cells; within ${share} in ` +
        `${percentage(near, cells)}; at most ${percent(worst!.share)} off (ρ = ${
          worst!.rho.toPrecision(2)
        }, k = ` +
        `${worst!.k}, ${worst!.errors.toFixed(1)} standard errors)`,
      holds: off === 0,
    }),
  ];
}

function stars(arrays: CostArrays): Finding[] {
  const { k, k_star, k_star_mean_field } = arrays;
  const isOpen = (r: number): boolean =>
    edgeOf(arrays, k_star[r]!) !== 0 && k_star[r] === k_star_mean_field[r];
  const judged = (values: Float64Array): Float64Array => values.filter((_, r) => !isOpen(r));
  const own = judged(k_star);
  const near = meanFieldStarsNear({
    ...{ k, k_star: own },
    k_star_mean_field: judged(k_star_mean_field),
  });
  const open = k_star.length - own.length;
  return [
    [
      {
        label: "mean field's k*",
        measure: "ρ at which it is so; all",
        statement:
          "the mean field's k* is within one step of the grid of the empirical one, at every ρ",
        source: "mean field (model section 6.3 b)",
      },
      k.length < 3 ? TOO_FEW : own.length === 0 && {
        edge: `both are at the same edge of the grid, k = ${k[0]} … ${k.at(-1)}, at every ρ`,
      },
      () => ({
        ...countOf(near, own.length),
        measured: `at ${near} of ${own.length} ρ` +
          (open > 0 ? `; at ${open} more both are at the same edge of the grid` : ""),
        holds: near === own.length,
      }),
    ],
    closedForm(
      arrays,
      arrays.k_star_textbook,
      "steady state",
      "the textbook's form (model section 6.3 a), which charges a steady state to each round",
    ),
    closedForm(
      arrays,
      arrays.k_star_finite_horizon,
      "finite horizon",
      "model section 6.3 c, derived for k ≪ Nρ and uniform correction",
    ),
  ];
}

/**
 * The textbook's scaling laws, k* ∝ √ρ and L(k*) ∝ 1/√ρ, as measured exponents. They are of a steady state in
 * each round, which a game that starts with nothing known does not have.
 */
function scaling(arrays: CostArrays): Finding[] {
  const { n, kStar, leastCost } = scalingSummary(arrays);
  const law = (words: string, measured: number, exponent: number): Finding => [
    {
      label: words,
      measure: `measured exponent of ρ; within ${EXPONENT} of ${exponent}`,
      statement: `${words}: the exponent of ρ is within ${EXPONENT} of ${exponent}`,
      source: "textbook, scaling laws of a steady state (model section 6.3 a)",
      expected: false,
    },
    Number.isNaN(measured) && {
      edge:
        `k* is at the edge of the grid at ${
          arrays.rho.length - n
        } of ${arrays.rho.length} ρ, and ` +
        "fewer than three are left",
    },
    () => ({
      ...{ value: measured, shown: measured.toFixed(2) },
      measured:
        `by mean field it is ${measured.toFixed(2)} over the ${n} of ${arrays.rho.length} ρ at ` +
        "which k* is not at the edge",
      holds: Math.abs(measured - exponent) <= EXPONENT,
    }),
  ];
  return [
    law("the best k grows as √ρ", kStar, 0.5),
    law("the least cost falls as 1/√ρ", leastCost, -0.5),
  ];
}

/** Whether a closed form's k* is right: neither is expected to be, as what each assumes is not so at every ρ. */
function closedForm(arrays: CostArrays, star: Float64Array, name: string, source: string): Finding {
  const { k_star } = arrays;
  // At the edge the optimum may be beyond: only a form that is far inside the grid is wrong for sure.
  const isOpen = (r: number): boolean => {
    const edge = edgeOf(arrays, k_star[r]!);
    return edge !== 0 && edge * Math.log(star[r]! / k_star[r]!) >= -Math.log(STAR_FACTOR);
  };
  const judged = (values: Float64Array): Float64Array => values.filter((_, r) => !isOpen(r));
  const { range, within, none } = starRatios({ k_star: judged(k_star) }, judged(star));
  const n = judged(star).length;
  const open = star.length - n;
  return [
    {
      label: `${name}'s k*`,
      measure: "ρ at which it is so; all",
      statement:
        `the ${name}'s k* is within a factor of ${STAR_FACTOR} of the empirical one, at every ρ`,
      source,
      expected: false,
    },
    n === 0
      ? {
        edge:
          "the empirical k* is at the edge of the grid at every ρ, and this one near or beyond it",
      }
      : range === undefined && "that form has no minimum",
    () => ({
      ...countOf(within, n),
      measured: `at ${within} of ${n} ρ; ${range!.least.toPrecision(2)} to ` +
        `${range!.most.toPrecision(2)} times it` +
        (none > 0 ? `; without a minimum at ${none}` : "") +
        (open > 0
          ? `; at ${open} more the empirical one is at the edge of the grid, and this one near or beyond it`
          : ""),
      holds: within === n,
    }),
  ];
}
