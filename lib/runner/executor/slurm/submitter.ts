import { InputError } from "../../../base/errors.ts";
import { type JobArray, needsOf, submitArrays, type Wanted } from "./arrays.ts";
import { dependency, newAttempt, type Queued } from "./attempt.ts";
import { JobRun } from "./ledger.ts";
import type { SlurmRun } from "./slurm_run.ts";
import { plannedManifest, sharedManifest } from "./plan_digests.ts";
import { NotNow, submit } from "./sbatch.ts";

/** Submits the jobs of a run, and again later what the controller does not take. */
export class Submitter {
  readonly #run: SlurmRun;
  #arrays = 0;
  #largest: number | undefined;
  /** Since when the controller takes no jobs, and when to try again. */
  #refusing: { readonly since: number; readonly until: number } | undefined;
  /** Whether there was ever a job to follow. */
  #followed = false;

  constructor(run: SlurmRun) {
    this.#run = run;
  }

  /** Submits all that is open and has no job. */
  async submit(): Promise<void> {
    const slurmRun = this.#run;
    const { workspace, attempts, retries, followed, options } = slurmRun;
    this.#followed ||= attempts.size > 0;
    if (this.#isRefusing) return;
    const wanted = slurmRun.open.flatMap((target): Wanted | [] => {
      const { name } = target;
      if (slurmRun.skip(target) || attempts.has(name)) return [];
      return { target, resources: retries.get(name)?.resources ?? target.resources };
    });
    if (wanted.length === 0) return;
    this.#largest ??= await slurmRun.watch.queue.largestArray();
    const run = slurmRun.own ??= await JobRun.begin(workspace.plan.root, options.overrides);
    followed.add(run);
    let [targets, arrays] = [0, 0];
    await submitArrays(wanted, new Map(attempts), this.#largest, async (array) => {
      const queued = await this.#submitArray(run, array);
      if (queued === undefined) return undefined;
      targets += array.elements.length;
      arrays++;
      return queued;
    });
    if (arrays > 0) slurmRun.listen({ kind: "submitted", run: run.name, targets, arrays });
  }

  get #isRefusing(): boolean {
    return this.#refusing !== undefined && Date.now() < this.#refusing.until;
  }

  async #submitArray(run: JobRun, array: JobArray<Queued>): Promise<Queued | undefined> {
    const { workspace, plans, attempts, records, retries, options: { signal, main } } = this.#run;
    // What an array needs may have been refused, or have to wait: then so has this one.
    const ready = array.elements.every(({ target }) =>
      needsOf(target).every((need) => attempts.has(need) || records.has(need))
    );
    const [first] = array.elements;
    if (signal.aborted || this.#isRefusing || !ready || first === undefined) return undefined;
    const { root, project } = workspace.plan;
    const { target, resources } = first;
    const number = this.#arrays++;
    const indexes = array.elements.map(({ index }) => index);
    const elements = array.elements.map(({ target: { name }, index }) => ({
      index,
      target: name,
      plan: plans.get(name) ?? "",
      again: workspace.again.has(name),
      causes: [...retries.get(name)?.causes ?? []],
    }));
    const code = { ...sharedManifest(plannedManifest(workspace, target)) };
    await run.add(number, { resources, code, elements });
    try {
      const job = await submit({
        run,
        number,
        indexes,
        what: indexes.length === 1 ? target.name : target.taskId,
        resources,
        dependency: dependency(array),
        root,
        main,
        results: project.results,
        env: Object.fromEntries(target.env.map((name) => [name, Deno.env.get(name)])),
      });
      this.#refusing = undefined;
      this.#followed = true;
      const queued: Queued = { run, number, job };
      for (const { target: name, index, causes } of elements) {
        attempts.set(name, newAttempt({ array: queued, index, resources, causes }));
      }
      return queued;
    } catch (error) {
      if (error instanceof NotNow) this.#putOff(error);
      else if (error instanceof InputError) {
        for (const { target } of array.elements) await this.#run.fail(target, error.message, true);
      } else throw error;
      return undefined;
    }
  }

  /** Tries again later to submit, unless there was nothing to follow yet or it lasts too long. */
  #putOff(error: NotNow): void {
    const { attempts, options: { pace }, listen } = this.#run;
    const now = Date.now();
    const since = this.#refusing?.since ?? now;
    const lasts = now - since >= pace.lost;
    if (attempts.size === 0 && (lasts || !this.#followed)) throw error;
    if (this.#refusing === undefined) {
      listen({ kind: "warning", message: `${error.message}; trying again`, once: true });
    }
    this.#refusing = { since, until: now + pace.first };
  }
}
