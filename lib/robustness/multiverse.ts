import { InputError } from "../base/errors.ts";
import type { Claim } from "../claims/claim.ts";
import type { Responses } from "../responses/responses.ts";
import { type FitLoadings, type FittedLoadings, loadingsOf } from "./fit_loadings.ts";
import { type Headline, playOn } from "./headline.ts";
import type { ClaimGrids } from "./limit_claims.ts";
import type { Choices, Variant } from "./variant.ts";

/** What is kept of a claim. */
export type KeptClaim = Omit<Claim, "label" | "measure" | "value" | "shown">;

/** What became of a variant: its numbers and claims, and what speaks against them, or why there are none. */
export interface Outcome {
  readonly name: string;
  /** Undefined where the variant has none, for the reason in `remarks`; so are the claims. */
  readonly numbers: Headline | undefined;
  readonly claims: readonly KeptClaim[] | undefined;
  /** Such as a fit that did not converge; empty where there is none. */
  readonly remarks: readonly string[];
  /** Where k* is at 1 or N, so that the least cost may lie beyond. */
  readonly edges: readonly string[];
}

/** A factor on which one subject has more leverage than this has collapsed onto it. */
const COLLAPSED = 0.9;

/**
 * The headline numbers and claims of each variant. None is left out: one that cannot be fitted, has not
 * converged, or has collapsed onto a subject is in the list with its remark.
 *
 * @param progress Called after each variant with the number done.
 */
export async function multiverse(
  responses: Responses,
  variants: readonly Variant[],
  grids: ClaimGrids,
  progress: (done: number, name: string) => void = () => {},
): Promise<(Outcome & { readonly group: string })[]> {
  const fit = loadingsOf(responses);
  const outcomes = [];
  for (const { name, group, choices } of variants) {
    outcomes.push({ group, ...await outcomeOf(name, fit, choices, grids) });
    progress(outcomes.length, name);
  }
  return outcomes;
}

/** The outcome of a variant, with remarks. */
export async function outcomeOf(
  name: string,
  fit: FitLoadings,
  choices: Choices,
  grids: ClaimGrids,
): Promise<Outcome> {
  try {
    const fitted = await fit(choices);
    return {
      ...{ name, remarks: remarksOf(fitted, choices) },
      ...await playOn(fitted, choices, grids),
    };
  } catch (error) {
    return failedOutcome(name, error);
  }
}

/**
 * The outcome of what could not be done with this table.
 *
 * @throws What is not an error of the table or the choices.
 */
export function failedOutcome(name: string, error: unknown): Outcome {
  if (!(error instanceof InputError)) throw error;
  return { name, numbers: undefined, claims: undefined, remarks: [error.message], edges: [] };
}

/** The outcomes of several random pools, named by their number from 0. */
export async function poolOutcomes(
  fit: FitLoadings,
  choices: Choices,
  grids: ClaimGrids,
  n: number,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let pool = 0; pool < n; pool++) {
    const seeds = { ...choices.seeds, pool: `${choices.seeds.tables} ${pool}` };
    outcomes.push(await outcomeOf(`pool ${pool}`, fit, { ...choices, seeds }, grids));
  }
  return outcomes;
}

function remarksOf(
  { converged, fallback, highestLeverage }: FittedLoadings,
  { maxEpochs }: Choices,
): string[] {
  return [
    ...(converged ? [] : [`not converged after ${maxEpochs} iterations`]),
    ...(fallback === undefined ? [] : [`varimax instead: ${fallback}`]),
    ...(highestLeverage > COLLAPSED
      ? [`a factor is one subject (leverage ${highestLeverage.toFixed(2)})`]
      : []),
  ];
}
