import { InputError } from "../base/errors.ts";
import type { Responses } from "../responses/responses.ts";
import { type Headline, headline } from "./headline.ts";
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
    const remarks = [
      ...(converged ? [] : [`not converged after ${choices.maxEpochs} iterations`]),
      ...(fallback === undefined ? [] : [`varimax instead: ${fallback}`]),
      ...(highestLeverage > COLLAPSED
        ? [`a factor is one subject (leverage ${highestLeverage.toFixed(2)})`]
        : []),
    ];
    return { name, numbers, remarks };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { name, numbers: undefined, remarks: [error.message] };
  }
}
