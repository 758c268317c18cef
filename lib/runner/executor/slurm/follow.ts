import { join } from "@std/path";
import { assess, type Workspace } from "../../assess.ts";
import { builtEvent, lastRecord, place, remember, warnAgain } from "../../build.ts";
import type { Digest } from "../../../base/digest.ts";
import { InputError } from "../../../base/errors.ts";
import type { Override } from "../../config/params.ts";
import type { PlannedTarget } from "../../config/planned.ts";
import type { Listener } from "../../event.ts";
import type { TargetName } from "../../names.ts";
import type { RunRecord } from "../../record.ts";
import type { RunResult } from "../../run.ts";
import { ContentLost } from "../../store.ts";
import { type Attempt, dependency, idOf, nameOf, newAttempt, type Queued } from "./attempt.ts";
import { type JobArray, submitArrays, type Wanted } from "./arrays.ts";
import { type Cause, causeOf, type JobState, nextTry } from "./cause.ts";
import { slurm } from "./commands.ts";
import { type Element, elementName, elementsOf } from "./elements.ts";
import { JobRun } from "./ledger.ts";
import { renew } from "./patiently.ts";
import { planDigests, plannedManifest, sharedManifest } from "./plan_digests.ts";
import { QUERIES, Queue, stateOf } from "./queue.ts";
import { NotNow, submit } from "./sbatch.ts";
import { explain } from "./words.ts";

/** How often what is looked at, in ms. */
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

const PACE: Pace = {
  tick: 1000,
  first: 10_000,
  longest: 180_000,
  queries: QUERIES,
  patience: 60_000,
  lost: 600_000,
};

/** How to run a plan on a cluster. */
export interface SlurmOptions {
  /** The project's program, absolute: what the nodes run. */
  readonly main: string;
  /** Values given on the command line, for the nodes to plan with. */
  readonly overrides: readonly Override[];
  /** Whether to wait for the jobs; else they are only submitted. */
  readonly wait: boolean;
  readonly signal: AbortSignal;
  /** Asked when the run is interrupted while so many jobs wait or run. */
  readonly onInterrupt: (jobs: number) => Promise<"cancel" | "leave">;
  readonly pace?: Pace;
}

type Outcome = "built" | "restored" | "fresh" | "failed" | "skipped";

/**
 * Builds targets by jobs of Slurm: submits all that is stale at once, then follows. A target is done
 * when its record is there; the queue only says why there is none. Jobs of earlier runs that still
 * wait or run are found again, whoever submitted them.
 *
 * @param workspace The workflow.
 * @param wanted The targets with all that they need, in dependency order.
 * @param options How.
 * @param listen Receives what happens.
 * @returns How it ended; `left` jobs wait or run on.
 */
export async function runOnSlurm(
  workspace: Workspace,
  wanted: ReadonlySet<TargetName>,
  options: SlurmOptions,
  listen: Listener,
): Promise<RunResult & { readonly left: number }> {
  return await new Follower(workspace, wanted, options, listen).run();
}

class Follower {
  readonly #workspace: Workspace;
  readonly #wanted: readonly PlannedTarget[];
  readonly #options: SlurmOptions;
  readonly #pace: Pace;
  readonly #listen: Listener;
  readonly #plans: ReadonlyMap<TargetName, Digest>;
  readonly #again: Set<TargetName>;
  readonly #queue: Queue;
  readonly #made = new Map<string, Digest>();
  readonly #records = new Map<TargetName, RunRecord>();
  readonly #outcomes = new Map<TargetName, Outcome>();
  readonly #tracked = new Map<TargetName, Attempt>();
  readonly #retries = new Map<TargetName, Pick<Attempt, "resources" | "causes">>();
  readonly #runs = new Set<JobRun>();
  readonly #adopted = new Map<string, Queued>();
  #run: JobRun | undefined;
  #arrays = 0;
  #largest: number | undefined;
  #interval: number;
  #nextQuery: number;
  /** Since when the controller takes no jobs, and when to try again. */
  #refusing: { readonly since: number; readonly until: number } | undefined;
  /** Whether there was ever a job to follow. */
  #followed = false;
  #onlyInput = true;

  constructor(
    workspace: Workspace,
    wanted: ReadonlySet<TargetName>,
    options: SlurmOptions,
    listen: Listener,
  ) {
    this.#again = new Set(workspace.again);
    this.#workspace = { ...workspace, again: this.#again };
    this.#wanted = [...wanted].flatMap((name) => workspace.plan.targets.get(name) ?? []);
    this.#options = options;
    this.#pace = options.pace ?? PACE;
    this.#queue = new Queue(this.#pace.queries);
    this.#listen = listen;
    this.#plans = planDigests(workspace, wanted);
    this.#interval = this.#pace.first;
    this.#nextQuery = Infinity;
  }

  async run(): Promise<RunResult & { readonly left: number }> {
    const began = performance.now();
    const { signal, wait } = this.#options;
    this.#listen({ kind: "planned", targets: this.#wanted.length });
    for (const target of this.#wanted) await this.#look(target);
    if (this.#open().length > 0) await this.#adopt();
    await this.#submit();
    this.#askAgainSoon();
    while (wait && !signal.aborted && this.#open().length > 0) {
      await this.#pause();
      await this.#hear();
      if (Date.now() >= this.#nextQuery && this.#queue.mayAsk) await this.#ask();
      if (!signal.aborted) await this.#submit();
    }
    if (signal.aborted && this.#tracked.size > 0) await this.#interrupt();
    await this.#close();
    await this.#workspace.digests.save();
    for (const message of new Set(this.#workspace.store.warnings)) {
      this.#listen({ kind: "warning", message });
    }
    const count = (outcome: Outcome): number =>
      [...this.#outcomes.values()].filter((one) => one === outcome).length;
    if (wait || this.#open().length === 0) {
      this.#listen({
        kind: "done",
        built: count("built"),
        restored: count("restored"),
        fresh: count("fresh"),
        failed: count("failed"),
        skipped: count("skipped"),
        seconds: (performance.now() - began) / 1000,
        interrupted: signal.aborted,
      });
    }
    const failed = this.#wanted.map(({ name }) => name)
      .filter((name) => this.#outcomes.get(name) === "failed");
    const left = this.#tracked.size;
    return { failed, input: this.#onlyInput, records: this.#records, left };
  }

  #open(): PlannedTarget[] {
    return this.#wanted.filter(({ name }) => !this.#outcomes.has(name));
  }

  /** Puts a target in place if all that it needs and its record are there. */
  async #look(target: PlannedTarget): Promise<boolean> {
    const inputs = [...target.inputs.values()];
    if (inputs.some(({ path, producer }) => producer && !this.#made.has(path))) return false;
    const state = await assess(this.#workspace, target, this.#made);
    if (state.state !== "fresh" && state.state !== "in cache") return false;
    const { record } = state;
    const last = lastRecord(this.#workspace, target);
    try {
      if (state.state === "fresh") await remember(this.#workspace, record);
      else await place(this.#workspace, record, this.#listen);
    } catch (error) {
      if (error instanceof InputError) await this.#fail(target, error.message, true);
      else if (error instanceof ContentLost) this.#workspace.store.discard(error.digest);
      else throw error;
      return false;
    }
    const { name } = target;
    if (this.#tracked.delete(name)) {
      this.#outcomes.set(name, "built");
      this.#listen(builtEvent(record, last));
    } else if (state.state === "fresh") {
      this.#outcomes.set(name, "fresh");
      this.#listen({ kind: "fresh", target: name });
    } else {
      this.#outcomes.set(name, "restored");
      this.#listen({ kind: "restored", target: name, reasons: state.reasons });
      await this.#workspace.store.touch(record);
    }
    warnAgain(record, this.#listen);
    this.#records.set(name, record);
    for (const { path, digest } of Object.values(record.outputs)) this.#made.set(path, digest);
    return true;
  }

  /** Finds the jobs of earlier runs that still wait or run for what is wanted now. */
  async #adopt(): Promise<void> {
    const runs = JobRun.all(this.#workspace.plan.root);
    if (runs.length === 0) return;
    const states = await this.#queue.jobs(runs.map(({ name }) => name));
    const open = new Map(this.#open().map((target) => [target.name, target]));
    const ended = new Map<TargetName, Element>();
    for (const run of runs) {
      const elements = elementsOf(run, states);
      for (const element of elements) {
        const { target, plan, again } = element.planned;
        const name = target as TargetName;
        if (!open.has(name) || this.#plans.get(name) !== plan) continue;
        if (again !== this.#again.has(name)) continue;
        if (element.alive) this.#track(name, element);
        else if (element.job !== undefined) ended.set(name, element);
      }
      const began = Date.parse(run.about()?.when ?? "");
      // A run that another process is submitting just now may not be in the queue yet.
      const settled = states !== undefined && !(Date.now() - began < this.#pace.lost);
      if (settled && !elements.some(({ alive }) => alive)) await run.close(true);
    }
    await this.#tellEnded([...ended].filter(([name]) => !this.#tracked.has(name)));
  }

  /** Says what became of jobs of earlier runs that left no record. */
  async #tellEnded(ended: readonly (readonly [TargetName, Element])[]): Promise<void> {
    const lost: (readonly [TargetName, Element])[] = [];
    for (const [name, element] of ended) {
      const target = this.#workspace.plan.targets.get(name);
      // It may have ended since its record was looked for.
      if (target !== undefined && !await this.#look(target)) lost.push([name, element]);
    }
    for (const [target, element] of lost.slice(0, MAX_TOLD)) {
      const message = `${this.#tell(element)}; trying again`;
      this.#listen({ kind: "warning", target, message, once: true });
    }
    if (lost.length <= MAX_TOLD) return;
    const message = `${
      lost.length - MAX_TOLD
    } more jobs of earlier runs left no record; trying again`;
    this.#listen({ kind: "warning", message, once: true });
  }

  #track(name: TargetName, { run, number, job = "", resources, planned, state }: Element): void {
    this.#runs.add(run);
    this.#followed = true;
    const array = this.#arrayOf(run, number, job);
    const { index, causes } = planned;
    this.#tracked.set(name, newAttempt({ array, index, resources, causes }, state));
  }

  /** The same array is the same object: dependencies are told apart by it. */
  #arrayOf(run: JobRun, number: number, job: string): Queued {
    const name = `${run.id} ${number}`;
    const known = this.#adopted.get(name) ?? { run, number, job };
    this.#adopted.set(name, known);
    return known;
  }

  /** What became of a job of an earlier run. */
  #tell({ run, number, job, planned, state, ending }: Element): string {
    if (ending?.kind === "failed") return ending.message;
    const id = `${job}_${planned.index}`;
    const cause = state === undefined ? "lost" : causeOf(state) ?? "lost";
    const log = run.log(elementName(number, planned.index));
    return explain(cause, id, state, log, this.#read(log));
  }

  /** Submits all that is open and has no job. */
  async #submit(): Promise<void> {
    if (this.#refusing !== undefined && Date.now() < this.#refusing.until) return;
    const wanted: Wanted[] = [];
    for (const target of this.#open()) {
      const { name } = target;
      const bad = needsOf(target).find((need) => {
        const outcome = this.#outcomes.get(need);
        return outcome === "failed" || outcome === "skipped";
      });
      if (bad !== undefined) {
        this.#tracked.delete(name);
        this.#outcomes.set(name, "skipped");
        this.#listen({ kind: "skipped", target: name, because: bad });
      } else if (!this.#tracked.has(name)) {
        wanted.push({ target, resources: this.#retries.get(name)?.resources ?? target.resources });
      }
    }
    if (wanted.length === 0) return;
    this.#largest ??= await this.#queue.largestArray();
    this.#run ??= await JobRun.begin(this.#workspace.plan.root, this.#options.overrides);
    this.#runs.add(this.#run);
    const run = this.#run;
    const placed = new Map([...this.#tracked]);
    let [targets, arrays] = [0, 0];
    await submitArrays(wanted, placed, this.#largest, async (array) => {
      const queued = await this.#submitArray(run, array);
      if (queued === undefined) return undefined;
      targets += array.elements.length;
      arrays++;
      return queued;
    });
    if (arrays > 0) this.#listen({ kind: "submitted", run: run.name, targets, arrays });
  }

  async #submitArray(run: JobRun, array: JobArray<Queued>): Promise<Queued | undefined> {
    const { signal, main } = this.#options;
    // What an array needs may have been refused, or have to wait: then so has this one.
    const ready = array.elements.every(({ target }) =>
      needsOf(target).every((need) => this.#tracked.has(need) || this.#records.has(need))
    );
    const [first] = array.elements;
    const refused = this.#refusing !== undefined && Date.now() < this.#refusing.until;
    if (signal.aborted || refused || !ready || first === undefined) return undefined;
    const { root, project } = this.#workspace.plan;
    const { target, resources } = first;
    const number = this.#arrays++;
    const indexes = array.elements.map(({ index }) => index);
    await run.add(number, {
      resources,
      code: { ...sharedManifest(plannedManifest(this.#workspace, target)) },
      elements: array.elements.map(({ target: { name }, index }) => ({
        index,
        target: name,
        plan: this.#plans.get(name) ?? "",
        again: this.#again.has(name),
        causes: [...this.#retries.get(name)?.causes ?? []],
      })),
    });
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
      for (const { target: { name }, index } of array.elements) {
        const causes = this.#retries.get(name)?.causes ?? [];
        this.#tracked.set(name, newAttempt({ array: queued, index, resources, causes }));
      }
      return queued;
    } catch (error) {
      if (error instanceof NotNow) this.#putOff(error);
      else if (error instanceof InputError) {
        for (const { target } of array.elements) await this.#fail(target, error.message, true);
      } else throw error;
      return undefined;
    }
  }

  /** Tries again later to submit, unless there was nothing to follow yet or it lasts too long. */
  #putOff(error: NotNow): void {
    const now = Date.now();
    const since = this.#refusing?.since ?? now;
    const lasts = now - since >= this.#pace.lost;
    if (this.#tracked.size === 0 && (lasts || !this.#followed)) throw error;
    if (this.#refusing === undefined) {
      this.#listen({ kind: "warning", message: `${error.message}; trying again`, once: true });
    }
    this.#refusing = { since, until: now + this.#pace.first };
  }

  async #pause(): Promise<void> {
    const { signal } = this.#options;
    await new Promise<void>((done) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        done();
      };
      const timer = setTimeout(end, this.#pace.tick);
      signal.addEventListener("abort", end);
    });
  }

  #askAgainSoon(): void {
    this.#interval = this.#pace.first;
    this.#nextQuery = Date.now() + this.#interval;
  }

  /** Reads what the nodes say, and settles what has ended. */
  async #hear(): Promise<void> {
    const files = new Map([...this.#runs].map((run) => [run.id, run.files()]));
    for (const target of this.#wanted) {
      const attempt = this.#tracked.get(target.name);
      if (attempt === undefined) continue;
      const { array: { run } } = attempt;
      const name = nameOf(attempt);
      const has = (ending: string): boolean => files.get(run.id)?.has(`${name}.${ending}`) === true;
      if (has("started")) this.#start(target, attempt);
      const ending = has("ended") ? run.ending(name) : undefined;
      if (ending?.kind === "failed") {
        await this.#ended(target, attempt, ending.cause, ending.message, ending.input);
      } else if (ending?.kind === "done") {
        this.#again.delete(target.name);
        attempt.over ??= { cause: "no_record", since: Date.now() };
      }
      if (attempt.over !== undefined && this.#tracked.has(target.name)) {
        await this.#settle(target, attempt, attempt.over);
      }
    }
  }

  #start(target: PlannedTarget, attempt: Attempt): void {
    if (attempt.started) return;
    attempt.started = true;
    this.#listen({ kind: "started", target: target.name, reasons: [] });
  }

  /** A job has ended, and its record is there, or may yet appear, or there is none. */
  async #settle(
    target: PlannedTarget,
    attempt: Attempt,
    { cause, since }: NonNullable<Attempt["over"]>,
  ): Promise<void> {
    renew(join(this.#workspace.plan.root, "cache", "records"));
    if (await this.#look(target)) return this.#askAgainSoon();
    if (this.#outcomes.has(target.name)) return;
    const patience = cause === "no_record" ? this.#pace.patience : this.#pace.tick;
    if (Date.now() - since < patience) return;
    const log = attempt.array.run.log(nameOf(attempt));
    const message = explain(cause, idOf(attempt), attempt.job, log, this.#read(log));
    await this.#ended(target, attempt, cause, message, false);
  }

  async #ended(
    target: PlannedTarget,
    attempt: Attempt,
    cause: Cause,
    message: string,
    input: boolean,
  ): Promise<void> {
    const { name } = target;
    const causes = [...attempt.causes, cause];
    const resources = nextTry(attempt.resources, causes, attempt.job);
    this.#tracked.delete(name);
    this.#askAgainSoon();
    if (resources === undefined) return await this.#fail(target, message, input);
    this.#retries.set(name, { resources, causes });
    if (cause === "dependency") return;
    const more = cause === "oom" ? ` with ${resources.memory}` : "";
    const told = `${message.split("\n")[0]}; trying again${more}`;
    this.#listen({ kind: "warning", target: name, message: told, once: true });
  }

  async #fail(target: PlannedTarget, message: string, input: boolean): Promise<void> {
    const { name } = target;
    const { store } = this.#workspace;
    this.#outcomes.set(name, "failed");
    this.#tracked.delete(name);
    if (!input) this.#onlyInput = false;
    this.#listen({ kind: "failed", target: name, message, input, staging: "" });
    const { key } = await assess(this.#workspace, target, this.#made);
    if (key === undefined) return;
    const failure = { key, message, when: new Date().toISOString(), staging: "" };
    await store.setState({ ...store.state(name), target: name, failure }).catch(() => {});
  }

  /** Asks the queue about all jobs at once. */
  async #ask(): Promise<void> {
    this.#interval = Math.min(2 * this.#interval, this.#pace.longest);
    this.#nextQuery = Date.now() + this.#interval;
    const attempts = [...this.#tracked].filter(([, { over }]) => over === undefined);
    if (attempts.length === 0) return;
    const runs = [...new Set(attempts.map(([, { array }]) => array.run))];
    const jobs = await this.#queue.jobs(runs.map(({ name }) => name));
    if (jobs === undefined) return;
    const gone: Attempt[] = [];
    for (const [name, attempt] of attempts) {
      const job = stateOf(jobs, idOf(attempt));
      if (job === undefined) {
        gone.push(attempt);
        continue;
      }
      this.#note(attempt, job);
      const target = this.#workspace.plan.targets.get(name);
      if (job.state === "RUNNING" && target !== undefined) this.#start(target, attempt);
    }
    if (gone.length === 0) return;
    const asked = gone.map((attempt) => {
      const raw = attempt.job?.raw ?? attempt.array.run.raw(nameOf(attempt));
      return { id: idOf(attempt), raw };
    });
    const since = runs.map((run) => run.about()?.when ?? "").sort()[0] ?? "";
    const past = await this.#queue.past(asked, since);
    for (const attempt of gone) {
      const job = stateOf(past, idOf(attempt));
      if (job !== undefined) this.#note(attempt, job);
      else {
        attempt.unknown ??= Date.now();
        if (Date.now() - attempt.unknown >= this.#pace.lost) {
          attempt.over = { cause: "lost", since: Date.now() };
        }
      }
    }
  }

  #note(attempt: Attempt, job: JobState): void {
    // A job that has ended may no longer say where it ran.
    attempt.job = { ...job, node: job.node || attempt.job?.node || "" };
    attempt.unknown = undefined;
    const cause = causeOf(job);
    if (cause !== undefined) attempt.over = { cause, since: Date.now() };
  }

  async #interrupt(): Promise<void> {
    if (await this.#options.onInterrupt(this.#tracked.size) === "leave") return;
    const ids = [...this.#tracked.values()].map(idOf);
    const { success, err } = await slurm("scancel", ids);
    if (!success) return this.#listen({ kind: "warning", message: `scancel: ${err}` });
    for (const target of this.#tracked.keys()) this.#listen({ kind: "stopped", target });
    this.#tracked.clear();
  }

  /** Runs of which no job waits or runs are over. */
  async #close(): Promise<void> {
    const followed = new Set([...this.#tracked.values()].map(({ array }) => array.run.id));
    const kept = [...this.#outcomes.values()].includes("failed") || this.#options.signal.aborted;
    for (const run of this.#runs) {
      const all = [...run.arrays().values()].flatMap(({ elements }) => elements);
      const settled = all.every(({ target }) => this.#outcomes.has(target as TargetName));
      const isOver = settled || run === this.#run;
      if (isOver && !followed.has(run.id)) await run.close(kept);
    }
  }

  #read(path: string): string | undefined {
    try {
      return Deno.readTextFileSync(join(this.#workspace.plan.root, path));
    } catch {
      return undefined;
    }
  }
}

function needsOf({ inputs }: PlannedTarget): TargetName[] {
  return [...new Set([...inputs.values()].flatMap(({ producer }) => producer ?? []))];
}

/** Of so many jobs of earlier runs it is said singly what became of them. */
const MAX_TOLD = 5;
