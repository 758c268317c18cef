import { causeOf, type JobState } from "./cause.ts";
import { stateOf } from "./queue.ts";
import type { JobEnding, JobRun, SubmittedArray } from "./ledger.ts";

/** A job of a run, with all that is known of it. */
export interface Element {
  readonly run: JobRun;
  /** The array's number in the run. */
  readonly number: number;
  /** The array's number in the queue; undefined where it was never submitted. */
  readonly job: string | undefined;
  readonly resources: SubmittedArray["resources"];
  readonly planned: SubmittedArray["elements"][number];
  /** As the queue shows it. */
  readonly state: JobState | undefined;
  /** What the node said of its end. */
  readonly ending: JobEnding | undefined;
  /** Whether it waits or runs; where the queue does not answer, it may. */
  readonly alive: boolean;
}

/** Name of a job in its run. */
export function elementName(number: number, index: number): string {
  return `${number}-${index}`;
}

/**
 * All jobs of a run.
 *
 * @param run The run.
 * @param states What the queue shows of it, by id; undefined where it does not answer.
 */
export function elementsOf(
  run: JobRun,
  states: ReadonlyMap<string, JobState> | undefined,
): Element[] {
  const files = run.files();
  const ids = new Map([...states ?? []].map(([id, { array }]) => [array, id.split("_")[0]]));
  return [...run.arrays()].flatMap(([number, { resources, elements }]) => {
    // A process that was killed after sbatch did not note the number.
    const job = run.job(number) ?? ids.get(`${run.name} ${number}`);
    return elements.map((planned): Element => {
      const name = elementName(number, planned.index);
      const ending = files.has(`${name}.ended`) ? run.ending(name) : undefined;
      const state = states && stateOf(states, `${job}_${planned.index}`);
      const known = states === undefined ? job !== undefined : state !== undefined;
      const alive = known && ending === undefined && (!state || causeOf(state) === undefined);
      return { run, number, job, resources, planned, state, ending, alive };
    });
  });
}
