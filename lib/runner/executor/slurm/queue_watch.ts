import type { TargetName } from "../../names.ts";
import type { JobRun } from "./ledger.ts";
import { type Attempt, idOf, nameOf } from "./attempt.ts";
import { causeOf, type JobState } from "./cause.ts";
import { QUERIES, Queue, stateOf } from "./queue.ts";

/** How often files and the queue are read, and how long to wait, in ms. */
export interface Pace {
  /** The folder of the run, where the nodes say that jobs began and ended. */
  readonly tick: number;
  /** The queue, for the first time and after something ended; then after twice as long each time. */
  readonly first: number;
  readonly longest: number;
  /** Queries in a minute, at most. */
  readonly queries: number;
  /** How long a record may take to appear after its job has ended. */
  readonly patience: number;
  /** How long the queue may know nothing of a job before it is lost, or take no jobs. */
  readonly lost: number;
}

/** The pace of a command. */
export const PACE: Pace = {
  tick: 1000,
  first: 10_000,
  longest: 180_000,
  queries: QUERIES,
  patience: 60_000,
  lost: 600_000,
};

/** Asks the queue about the jobs of a run: often after something ended, then ever more rarely. */
export class QueueWatch {
  readonly queue: Queue;
  readonly #pace: Pace;
  #interval = 0;
  #next = Infinity;

  constructor(pace: Pace) {
    this.queue = new Queue(pace.queries);
    this.#pace = pace;
  }

  /** Asks again after the shortest time. */
  hasten(): void {
    this.#interval = this.#pace.first;
    this.#next = Date.now() + this.#interval;
  }

  /**
   * Asks about all jobs at once if it is time to, and notes what became of them.
   *
   * @param attempts The jobs that wait or run.
   * @param onRunning Called for each job that runs now.
   */
  async ask(
    attempts: ReadonlyMap<TargetName, Attempt>,
    onRunning: (target: TargetName, attempt: Attempt) => void,
  ): Promise<void> {
    if (Date.now() < this.#next || !this.queue.mayAsk) return;
    this.#interval = Math.min(2 * this.#interval, this.#pace.longest);
    this.#next = Date.now() + this.#interval;
    const unended = [...attempts].filter(([, { over }]) => over === undefined);
    if (unended.length === 0) return;
    const runs = [...new Set(unended.map(([, { array }]) => array.run))];
    const jobs = await this.queue.jobs(runs.map(({ name }) => name));
    if (jobs === undefined) return;
    const gone: Attempt[] = [];
    for (const [target, attempt] of unended) {
      const job = stateOf(jobs, idOf(attempt));
      if (job === undefined) gone.push(attempt);
      else {
        note(attempt, job);
        if (job.state === "RUNNING") onRunning(target, attempt);
      }
    }
    if (gone.length > 0) await this.#askOfPast(gone, runs);
  }

  async #askOfPast(gone: readonly Attempt[], runs: readonly JobRun[]): Promise<void> {
    const asked = gone.map((attempt) => {
      const raw = attempt.job?.raw ?? attempt.array.run.raw(nameOf(attempt));
      return { id: idOf(attempt), raw };
    });
    const since = runs.map((run) => run.about()?.when ?? "").sort()[0] ?? "";
    const past = await this.queue.past(asked, since);
    for (const attempt of gone) {
      const job = stateOf(past, idOf(attempt));
      if (job !== undefined) note(attempt, job);
      else {
        attempt.unknown ??= Date.now();
        if (Date.now() - attempt.unknown >= this.#pace.lost) {
          attempt.over = { cause: "lost", since: Date.now() };
        }
      }
    }
  }
}

function note(attempt: Attempt, job: JobState): void {
  // A job that has ended may no longer say where it ran.
  attempt.job = { ...job, node: job.node || attempt.job?.node || "" };
  attempt.unknown = undefined;
  const cause = causeOf(job);
  if (cause !== undefined) attempt.over = { cause, since: Date.now() };
}
