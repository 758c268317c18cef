import type { Digest } from "../../../base/digest.ts";
import { InputError } from "../../../base/errors.ts";
import { assess, type Workspace } from "../../assess.ts";
import { builtEvent, lastRecord, place, remember, warnAgain } from "../../build.ts";
import type { Override } from "../../config/params.ts";
import type { PlannedTarget } from "../../config/planned.ts";
import type { Listener } from "../../event.ts";
import type { TargetName } from "../../names.ts";
import type { RunRecord } from "../../record.ts";
import type { Outcome, RunResult } from "../../run.ts";
import { ContentLost } from "../../store.ts";
import { needsOf } from "./arrays.ts";
import type { Attempt } from "./attempt.ts";
import type { JobRun } from "./ledger.ts";
import { planDigests } from "./plan_digests.ts";
import { PACE, type Pace, QueueWatch } from "./queue_watch.ts";

/** Options of a run on a cluster. */
export interface SlurmOptions {
  /** The project's program, absolute: what the nodes run. */
  readonly main: string;
  /** Values given on the command line, for the nodes to plan with. */
  readonly overrides: readonly Override[];
  /** Whether to wait for the jobs; else they are only submitted. */
  readonly wait: boolean;
  readonly signal: AbortSignal;
  /** Asked when the run is interrupted while N jobs wait or run. */
  readonly onInterrupt: (jobs: number) => Promise<"cancel" | "leave">;
  readonly pace?: Pace;
}

/** A run of targets by jobs, and how far it is: a target is open until it has an outcome. */
export class SlurmRun {
  /** Targets leave `again` once they have run. */
  readonly workspace: Workspace & { readonly again: Set<TargetName> };
  readonly wanted: readonly PlannedTarget[];
  readonly options: SlurmOptions & { readonly pace: Pace };
  readonly listen: Listener;
  /** What is planned of each target. */
  readonly plans: ReadonlyMap<TargetName, Digest>;
  readonly watch: QueueWatch;
  /** Where the jobs are that this run submits, and all that it follows. */
  own: JobRun | undefined;
  readonly followed = new Set<JobRun>();
  /** The jobs that wait or run. */
  readonly attempts = new Map<TargetName, Attempt>();
  /** What ended the jobs before, and what the next one may use. */
  readonly retries = new Map<TargetName, Pick<Attempt, "resources" | "causes">>();
  readonly records = new Map<TargetName, RunRecord>();
  readonly outcomes = new Map<TargetName, Outcome>();
  readonly #made = new Map<string, Digest>();
  #onlyInput = true;

  constructor(
    workspace: Workspace,
    wanted: ReadonlySet<TargetName>,
    options: SlurmOptions,
    listen: Listener,
  ) {
    this.workspace = { ...workspace, again: new Set(workspace.again) };
    this.wanted = [...wanted].flatMap((name) => workspace.plan.targets.get(name) ?? []);
    this.options = { ...options, pace: options.pace ?? PACE };
    this.listen = listen;
    this.plans = planDigests(workspace, wanted);
    this.watch = new QueueWatch(this.options.pace);
  }

  /** Targets without an outcome. */
  get open(): PlannedTarget[] {
    return this.wanted.filter(({ name }) => !this.outcomes.has(name));
  }

  /** Puts a target in place if all that it needs and its record are there. */
  async settle(target: PlannedTarget): Promise<boolean> {
    const inputs = [...target.inputs.values()];
    if (inputs.some(({ path, producer }) => producer && !this.#made.has(path))) return false;
    const state = await assess(this.workspace, target, this.#made);
    if (state.state !== "fresh" && state.state !== "in cache") return false;
    const { record } = state;
    const last = lastRecord(this.workspace, target);
    try {
      if (state.state === "fresh") await remember(this.workspace, record);
      else await place(this.workspace, record, this.listen);
    } catch (error) {
      if (error instanceof InputError) await this.fail(target, error.message, true);
      else if (error instanceof ContentLost) this.workspace.store.discard(error.digest);
      else throw error;
      return false;
    }
    const { name } = target;
    if (this.attempts.delete(name)) {
      this.outcomes.set(name, "built");
      this.listen(builtEvent(record, last));
    } else if (state.state === "fresh") {
      this.outcomes.set(name, "fresh");
      this.listen({ kind: "fresh", target: name });
    } else {
      this.outcomes.set(name, "restored");
      this.listen({ kind: "restored", target: name, reasons: state.reasons });
      await this.workspace.store.touch(record);
    }
    warnAgain(record, this.listen);
    this.records.set(name, record);
    for (const { path, digest } of Object.values(record.outputs)) this.#made.set(path, digest);
    return true;
  }

  /** @param input Whether it is for a person to fix in their input. */
  async fail(target: PlannedTarget, message: string, input: boolean): Promise<void> {
    const { name } = target;
    const { store } = this.workspace;
    this.outcomes.set(name, "failed");
    this.attempts.delete(name);
    if (!input) this.#onlyInput = false;
    this.listen({ kind: "failed", target: name, message, input, staging: "" });
    const { key } = await assess(this.workspace, target, this.#made);
    if (key === undefined) return;
    const failure = { key, message, when: new Date().toISOString(), staging: "" };
    await store.setState({ ...store.state(name), target: name, failure }).catch(() => {});
  }

  /** Skips a target if it needs one that came to nothing. */
  skip(target: PlannedTarget): boolean {
    const because = needsOf(target).find((need) =>
      ["failed", "skipped"].includes(this.outcomes.get(need) ?? "")
    );
    if (because === undefined) return false;
    this.attempts.delete(target.name);
    this.outcomes.set(target.name, "skipped");
    this.listen({ kind: "skipped", target: target.name, because });
    return true;
  }

  /** How the run ended; `left` jobs wait or run on. */
  get result(): RunResult & { readonly left: number } {
    const failed = this.wanted.map(({ name }) => name)
      .filter((name) => this.outcomes.get(name) === "failed");
    return { failed, input: this.#onlyInput, records: this.records, left: this.attempts.size };
  }
}
