import type { Resources } from "../../config/definition.ts";
import type { JobArray } from "./arrays.ts";
import type { Cause, JobState } from "./cause.ts";
import type { JobRun } from "./ledger.ts";

/** An array in the queue. */
export interface Queued {
  readonly run: JobRun;
  /** Its number in the run. */
  readonly number: number;
  /** Its number in the queue; "" where it was never submitted. */
  readonly job: string;
}

/** A job that waits or runs, as far as is known. */
export interface Attempt {
  readonly array: Queued;
  readonly index: number;
  readonly resources: Resources;
  /** What ended the tries before it. */
  readonly causes: readonly Cause[];
  started: boolean;
  /** The queue's last word on it. */
  job: JobState | undefined;
  /** Since when the queue knows nothing of it, in ms. */
  unknown: number | undefined;
  /** Since when it is known to have ended, and how. */
  over: { readonly cause: Cause; readonly since: number } | undefined;
}

/** A job of which nothing is known but that it was submitted. */
export function newAttempt(
  submitted: Pick<Attempt, "array" | "index" | "resources" | "causes">,
  job?: JobState,
): Attempt {
  return { ...submitted, started: false, job, unknown: undefined, over: undefined };
}

/** Number of a job in the queue: `12_3`. */
export function idOf({ array: { job }, index }: Pick<Attempt, "array" | "index">): string {
  return `${job}_${index}`;
}

/** Name of a job in its run. */
export function nameOf({ array: { number }, index }: Pick<Attempt, "array" | "index">): string {
  return `${number}-${index}`;
}

/** An array is named whole where it would have to be named by more of its elements. */
const MAX_NAMED = 50;

/** What an array waits for, as sbatch reads it; "" where that is nothing. */
export function dependency({ corresponds, after }: JobArray<Queued>): string {
  const parts = corresponds === undefined ? [] : [`aftercorr:${corresponds.job}`];
  const jobs = [...after].flatMap(([{ job }, indexes]) =>
    indexes.size > MAX_NAMED ? [job] : [...indexes].map((index) => `${job}_${index}`)
  );
  if (jobs.length > 0) parts.push(`afterok:${jobs.join(":")}`);
  return parts.join(",");
}
