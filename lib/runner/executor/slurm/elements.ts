import { idOf, nameOf, type Queued } from "./attempt.ts";
import { causeOf, type JobState } from "./cause.ts";
import { stateOf } from "./queue.ts";
import type { JobEnding, JobRun, SubmittedArray } from "./ledger.ts";

/** A job of a run, with all that is known of it. */
export interface Element {
  readonly array: Queued;
  readonly index: number;
  readonly resources: SubmittedArray["resources"];
  readonly planned: SubmittedArray["elements"][number];
  /** As the queue shows it. */
  readonly state: JobState | undefined;
  /** What the node said of its end. */
  readonly ending: JobEnding | undefined;
  /** Whether it waits or runs; where the queue does not answer, it may. */
  readonly alive: boolean;
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
    const job = run.job(number) ?? ids.get(`${run.name} ${number}`) ?? "";
    const array = { run, number, job };
    return elements.map((planned): Element => {
      const { index } = planned;
      const name = nameOf({ array, index });
      const ending = files.has(`${name}.ended`) ? run.ending(name) : undefined;
      const state = states && stateOf(states, idOf({ array, index }));
      const known = states === undefined ? job !== "" : state !== undefined;
      const alive = known && ending === undefined && (!state || causeOf(state) === undefined);
      return { array, index, resources, planned, state, ending, alive };
    });
  });
}
