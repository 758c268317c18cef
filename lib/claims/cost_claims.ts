import { type Claim, NO_MISALIGNMENT, notApplicable, percentage, ROUNDING } from "./claim.ts";
import type { Table } from "./table.ts";

const FIGURE = "fig_repeated_rho_k_colormap_total";

/** The correction rate at which the optimum in k is looked at. */
const RHO = 0.01;
/** Mean field is held against Monte Carlo from this k on, within this share, … */
const LEAST_K = 5;
const WITHIN = 0.02;
/** … where their difference is more than so many standard errors of Monte Carlo. */
const STANDARD_ERRORS = 3;
/** A closed form's k* is right within this factor. */
const FACTOR = 2;

/** A column on the grid of R correction rates and K sample sizes. */
type Grid = (r: number, b: number) => number;

/** What ρ and k do to misalignment and total cost, and how well the closed forms tell. */
export function costClaims(table: Table): Claim[] {
  const rhos = [...new Set(table.numbers("rho"))];
  const ks = [...new Set(table.numbers("k"))];
  const [R, K] = [rhos.length, ks.length];
  const grid = (column: string): Grid => {
    const values = table.numbers(column);
    return (r, b) => values[r * K + b]!;
  };
  const cells = rhos.flatMap((_, r) => ks.map((_, b) => [r, b] as const));
  const stars = (column: string): number[] => rhos.map((_, r) => grid(column)(r, 0));
  const claims = [
    ...monotoneClaims(grid("misalignment"), grid("misalignment_se"), R, K),
    ...optimumClaims(),
    meanFieldClaim(),
    ...starClaims(),
  ];
  return table.numbers("misalignment").every((level) => Math.abs(level) < ROUNDING)
    ? claims.map(({ figure, statement }) => notApplicable(figure, statement, NO_MISALIGNMENT))
    : claims;

  function optimumClaims(): Claim[] {
    const star = stars("k_star");
    const distance = rhos.map((rho) => Math.abs(Math.log(rho / RHO)));
    const at = distance.indexOf(Math.min(...distance));
    const falls = star.filter((k, r) => r > 0 && k < star[r - 1]!).length;
    return [
      claim(
        `total cost has an interior optimum in k at the ρ of the grid nearest ${RHO}`,
        K < 3 && "fewer than three k were played",
        `k* = ${star[at]} at ρ = ${rhos[at]!.toPrecision(2)}, of k = 1 … ${ks.at(-1)}`,
        star[at]! > ks[0]! && star[at]! < ks.at(-1)!,
      ),
      claim(
        "the optimum moves to larger k as ρ grows",
        R < 2 && "one ρ was played",
        `from ${star[0]} to ${star.at(-1)}, with ${falls} of ${R - 1} steps down`,
        falls === 0 && star.at(-1)! > star[0]!,
      ),
    ];
  }

  function meanFieldClaim(): Claim {
    const [played, error, limit] = ["misalignment", "misalignment_se", "misalignment_mean_field"]
      .map(grid);
    const statement =
      `mean field is within ${100 * WITHIN} % of Monte Carlo for k ≥ ${LEAST_K}, or within ` +
      `${STANDARD_ERRORS} of its standard errors`;
    // Of what is 0 but for rounding there is no share.
    const deviations = cells.filter(([r, b]) =>
      ks[b]! >= LEAST_K && Math.abs(played!(r, b)) > ROUNDING
    ).map(([r, b]) => {
      const difference = Math.abs(limit!(r, b) - played!(r, b));
      const share = difference / Math.abs(played!(r, b));
      return { r, b, share, errors: difference / Math.max(error!(r, b), ROUNDING) };
    });
    if (deviations.length === 0) {
      const played = ks.some((k) => k >= LEAST_K);
      const reason = `${played ? "there is no misalignment at a" : "there is no"} k ≥ ${LEAST_K}`;
      return notApplicable(FIGURE, statement, reason);
    }
    const near = deviations.filter(({ share }) => share <= WITHIN).length;
    const off = deviations.filter(({ share, errors }) =>
      share > WITHIN && errors > STANDARD_ERRORS
    );
    const worst = deviations.reduce((a, b) => a.share >= b.share ? a : b);
    return {
      figure: FIGURE,
      statement,
      measured:
        `within ${100 * WITHIN} % in ${percentage(near, deviations.length)} of the cells; at ` +
        `most ${(100 * worst.share).toFixed(1)} % (ρ = ${rhos[worst.r]!.toPrecision(2)}, k = ` +
        `${ks[worst.b]}, ${worst.errors.toFixed(1)} standard errors)`,
      holds: off.length === 0,
    };
  }

  function starClaims(): Claim[] {
    const star = stars("k_star");
    const place = (k: number): number => ks.findIndex((value) => value >= k);
    const steps = stars("k_star_mean_field").map((k, r) => Math.abs(place(k) - place(star[r]!)));
    const near = steps.filter((step) => step <= 1).length;
    const form = (column: string, name: string): Claim => {
      const all = stars(column).map((k, r) => k / star[r]!);
      const ratios = all.filter(Number.isFinite);
      const within = ratios.filter((ratio) => ratio >= 1 / FACTOR && ratio <= FACTOR).length;
      const [least, most] = [Math.min(...ratios), Math.max(...ratios)];
      return claim(
        `the ${name} k* is within a factor of ${FACTOR} of the empirical one, at every ρ`,
        ratios.length === 0 && "that form has no minimum",
        `at ${within} of ${R} ρ; ${least.toPrecision(2)} to ${most.toPrecision(2)} times it` +
          (ratios.length < R ? `; without a minimum at ${R - ratios.length}` : ""),
        within === R,
      );
    };
    return [
      {
        figure: FIGURE,
        statement:
          "the mean field's k* is within one step of the grid of the empirical one, at every ρ",
        measured: `at ${near} of ${R} ρ`,
        holds: near === R,
      },
      form("k_star_textbook", "textbook's"),
      form("k_star_finite_horizon", "finite-horizon form's"),
    ];
  }
}

/** A claim about this figure, unless there is a reason why it does not apply. */
function claim(
  statement: string,
  missing: string | false,
  measured: string,
  holds: boolean,
): Claim {
  const figure = FIGURE;
  return missing
    ? notApplicable(figure, statement, missing)
    : { figure, statement, measured, holds };
}

/** Misalignment falls with ρ and rises with k, between all neighbours that Monte Carlo tells apart. */
function monotoneClaims(value: Grid, error: Grid, R: number, K: number): Claim[] {
  const monotone = (statement: string, axis: string, pairs: readonly Pair[]): Claim => {
    const apart = pairs.filter(([[r, b], [s, c]]) =>
      Math.abs(value(s, c) - value(r, b)) > STANDARD_ERRORS * Math.hypot(error(r, b), error(s, c))
    );
    const right = apart.filter(([[r, b], [s, c]]) => value(s, c) > value(r, b)).length;
    return claim(
      statement,
      pairs.length === 0 ? `one ${axis} was played` : apart.length === 0 &&
        `no neighbours differ by more than ${STANDARD_ERRORS} standard errors`,
      `in ${percentage(right, apart.length)} of the ${apart.length} neighbouring cells (of ` +
        `${pairs.length}) that differ by more than ${STANDARD_ERRORS} standard errors`,
      right === apart.length,
    );
  };
  const every = (rows: number, columns: number): (readonly [number, number])[] =>
    Array.from(
      { length: rows * columns },
      (_, n) => [Math.floor(n / columns), n % columns] as const,
    );
  return [
    monotone(
      "the time-mean of Δ_t decreases with ρ",
      "ρ",
      every(R - 1, K).map(([r, b]) => [[r + 1, b], [r, b]]),
    ),
    monotone(
      "the time-mean of Δ_t increases with k",
      "k",
      every(R, K - 1).map(([r, b]) => [[r, b], [r, b + 1]]),
    ),
  ];
}

/** Two cells (ρ, k): the one that is to have less, and the one that is to have more. */
type Pair = readonly [
  less: readonly [number, number],
  more: readonly [number, number],
];
