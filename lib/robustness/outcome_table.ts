import type { ArraysOf, FactsOf } from "../artifact/kind.ts";
import type { outcomes as kind } from "../artifact/kinds.ts";
import { matrix } from "../stats/matrix.ts";
import { type Headline, HEADLINES } from "./headline.ts";
import type { Outcome } from "./multiverse.ts";

/** An outcome among others of the same control, sample or choice. */
export interface GroupedOutcome extends Outcome {
  readonly group: string;
}

/** Outcomes as an artifact holds them. */
export function outcomeTable(
  outcomes: readonly GroupedOutcome[],
): { readonly arrays: ArraysOf<typeof kind>; readonly facts: FactsOf<typeof kind> } {
  const numbers = outcomes.flatMap(({ numbers }) =>
    HEADLINES.map((name) => numbers?.[name] ?? NaN)
  );
  return {
    arrays: {
      group: outcomes.map(({ group }) => group),
      name: outcomes.map(({ name }) => name),
      remark: outcomes.map(({ remarks }) => remarks.join("; ")),
      headline: [...HEADLINES],
      numbers: matrix(outcomes.length, HEADLINES.length, Float64Array.from(numbers)),
    },
    facts: {
      n_outcomes: outcomes.length,
      n_without_numbers: outcomes.filter(({ numbers }) => numbers === undefined).length,
    },
  };
}

/** The outcomes of an artifact. */
export function outcomesOf(
  { group, name, remark, headline, numbers }: ArraysOf<typeof kind>,
): GroupedOutcome[] {
  const { cols, data } = numbers;
  return name.map((name, row) => {
    const values = data.subarray(row * cols, (row + 1) * cols);
    return {
      group: group[row]!,
      name,
      remarks: remark[row] === "" ? [] : [remark[row]!],
      numbers: values.some(Number.isNaN)
        ? undefined
        : Object.fromEntries(headline.map((key, n) => [key, values[n]!])) as Headline,
    };
  });
}
