import { digestOf } from "../base/digest.ts";

/** Letters of a seed. */
const LENGTH = 16;

/**
 * The seed of a task's streams: all targets of one task share it, so that they can be compared.
 *
 * @param task Its path in the project.
 */
export function taskSeed(rootSeed: string, task: string): string {
  return digestOf(JSON.stringify([rootSeed, task])).slice(0, LENGTH);
}
