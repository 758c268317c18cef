import { InputError } from "../base/errors.ts";
import type { Responses } from "../responses/responses.ts";
import { fitLoadings, type FittedLoadings } from "./fit_loadings.ts";
import { type Headline, headline, headlineOfLoadings } from "./headline.ts";
import type { Choices, Variant } from "./variant.ts";

/** What became of a variant: its numbers, and what speaks against them, or why there are none. */
export interface Outcome {
  readonly name: string;
  /** Undefined where the variant has none, for the reason in `remarks`. */
  readonly numbers: Headline | undefined;
  /** Such as a fit that did not converge; empty where nothing is to be said. */
  readonly remarks: readonly string[];
}

/** A factor on which one subject has more leverage than this has collapsed onto it. */
const COLLAPSED = 0.9;

/**
 * The headline numbers of each variant of the base. None is left out: one that cannot be fitted, has not
 * converged, or has collapsed onto a subject is in the list with its remark.
 *
 * @param progress Called after each variant with the number done.
 */
export async function multiverse(
  responses: Responses,
  base: Choices,
  variants: readonly Variant[],
  progress: (done: number, name: string) => void = () => {},
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { name, changes } of variants) {
    outcomes.push(await outcomeOf(name, responses, { ...base, ...changes }));
    progress(outcomes.length, name);
  }
  return outcomes;
}

/** The headline numbers of one variant, with remarks. */
export async function outcomeOf(
  name: string,
  responses: Responses,
  choices: Choices,
): Promise<Outcome> {
  try {
    const { converged, fallback, highestLeverage, ...numbers } = await headline(responses, choices);
    return { name, numbers, remarks: remarksOf({ converged, fallback, highestLeverage }, choices) };
  } catch (error) {
    return failed(name, error);
  }
}

/**
 * The headline numbers of several random pools from one fit, named by their number from 0.
 *
 * @param nFactors The number of skills to report in place of the fit's.
 */
export async function poolOutcomes(
  responses: Responses,
  choices: Choices,
  n: number,
  nFactors?: number,
): Promise<Outcome[]> {
  try {
    const fitted = await fitLoadings(responses, choices);
    const remarks = remarksOf(fitted, choices);
    const outcomes: Outcome[] = [];
    for (const poolSeed of Array.from({ length: n }, (_, pool) => String(pool))) {
      const numbers = await headlineOfLoadings(fitted, { ...choices, poolSeed });
      const found = nFactors ?? numbers.nFactors;
      outcomes.push({
        name: `pool ${poolSeed}`,
        numbers: { ...numbers, nFactors: found },
        remarks,
      });
    }
    return outcomes;
  } catch (error) {
    return [failed("every pool", error)];
  }
}

function remarksOf(
  { converged, fallback, highestLeverage }: Omit<FittedLoadings, "loadings" | "nFactors">,
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

function failed(name: string, error: unknown): Outcome {
  if (!(error instanceof InputError)) throw error;
  return { name, numbers: undefined, remarks: [error.message] };
}
