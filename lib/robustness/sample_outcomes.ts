import type { Responses } from "../responses/responses.ts";
import { outcomeOf, poolOutcomes } from "./multiverse.ts";
import type { GroupedOutcome } from "./outcome_table.ts";
import { halfOfItems, halfOfSubjects, withoutEachSubject } from "./resample.ts";
import type { Choices } from "./variant.ts";

/** What can be drawn again, and what a report calls it. */
export const SAMPLES = {
  subjects: "one subject left out",
  half_subjects: "half of the subjects",
  half_items: "half of the items",
  pools: "pool draws",
} as const;

/** One of them. */
export type Sample = keyof typeof SAMPLES;

/**
 * The headline numbers with something drawn again.
 *
 * @param n Samples; each subject is left out once, however many there are.
 * @param progress Called with the number of samples done.
 * @throws {InputError} When subjects are left out and there are fewer than 8.
 */
export async function sampleOutcomes(
  table: Responses,
  base: Choices,
  of: Sample,
  n: number,
  progress: (done: number, of: number, name: string) => void,
): Promise<GroupedOutcome[]> {
  const group = SAMPLES[of];
  if (of === "pools") {
    return (await poolOutcomes(table, base, n)).map((outcome) => ({ ...outcome, group }));
  }
  const tables = of === "subjects"
    ? withoutEachSubject(table)
    : halves(table, of === "half_subjects" ? halfOfSubjects : halfOfItems, n);
  const total = of === "subjects" ? table.subjectIds.length : n;
  const outcomes: GroupedOutcome[] = [];
  for (const part of tables) {
    const at = outcomes.length;
    const name = of === "subjects" ? `without ${table.subjectIds[at]!}` : `half ${at}`;
    outcomes.push({ group, ...await outcomeOf(name, part, base) });
    progress(outcomes.length, total, name);
  }
  return outcomes;
}

function* halves(
  table: Responses,
  halve: (table: Responses, seed: string) => Responses,
  n: number,
): Generator<Responses> {
  for (let half = 0; half < n; half++) yield halve(table, String(half));
}
