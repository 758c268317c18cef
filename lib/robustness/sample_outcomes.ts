import type { Responses } from "../responses/responses.ts";
import { loadingsOf } from "./fit_loadings.ts";
import type { ClaimGrids } from "./limit_claims.ts";
import { monteCarloOutcomes } from "./monte_carlo_outcomes.ts";
import { failedOutcome, outcomeOf, poolOutcomes } from "./multiverse.ts";
import type { GroupedOutcome } from "./outcome_table.ts";
import { halfOfItems, halfOfSubjects, withoutEachSubject } from "./resample.ts";
import type { Choices } from "./variant.ts";

/** What can be drawn again, and what a report calls it. */
export const SAMPLES = {
  subjects: "one subject left out",
  half_subjects: "half of the subjects",
  half_items: "half of the items",
  pools: "pool draws",
  monte_carlo: "Monte Carlo",
} as const;

/** One of them. */
export type Sample = keyof typeof SAMPLES;

/** What is drawn again, and how often. */
export interface SampleOptions {
  readonly of: Sample;
  /** Samples; each subject is left out once, however many there are. */
  readonly n: number;
  /** Of each Monte Carlo sample. */
  readonly replicates: number;
}

/**
 * The outcomes with something drawn again.
 *
 * A table with too few subjects for it has one outcome, without numbers, whose remark says so.
 *
 * @param progress Called with the number of samples done.
 */
export async function sampleOutcomes(
  table: Responses,
  base: Choices,
  grids: ClaimGrids,
  { of, n, replicates }: SampleOptions,
  progress: (done: number, of: number, name: string) => void,
): Promise<GroupedOutcome[]> {
  const group = SAMPLES[of];
  if (of === "monte_carlo") {
    const fitted = await loadingsOf(table)(base);
    return await monteCarloOutcomes(group, fitted, base, { n, replicates }, progress);
  }
  if (of === "pools") {
    const outcomes = await poolOutcomes(loadingsOf(table), base, grids, n);
    return outcomes.map((outcome) => ({ group, ...outcome }));
  }
  const seed = base.seeds.tables;
  const tables = of === "subjects"
    ? withoutEachSubject(table)
    : halves(table, of === "half_subjects" ? halfOfSubjects : halfOfItems, seed, n);
  const total = of === "subjects" ? table.subjectIds.length : n;
  const outcomes: GroupedOutcome[] = [];
  try {
    for (const part of tables) {
      const at = outcomes.length;
      const name = of === "subjects" ? `without ${table.subjectIds[at]!}` : `half ${at}`;
      outcomes.push({ group, ...await outcomeOf(name, loadingsOf(part), base, grids) });
      progress(outcomes.length, total, name);
    }
  } catch (error) {
    outcomes.push({ group, ...failedOutcome("all", error) });
  }
  return outcomes;
}

function* halves(
  table: Responses,
  halve: (table: Responses, seed: string) => Responses,
  seed: string,
  n: number,
): Generator<Responses> {
  for (let half = 0; half < n; half++) yield halve(table, `${seed} ${half}`);
}
