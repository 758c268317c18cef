import { placeOf, type Workspace } from "./assess.ts";
import { build, type BuildContext, BuildFailure, type Built } from "./build.ts";
import type { Digest } from "../base/digest.ts";
import type { Event, Listener } from "./event.ts";
import type { Executor } from "./executor/executor.ts";
import type { TargetName } from "./names.ts";
import type { PlannedTarget } from "./config/planned.ts";
import { ContentLost } from "./store.ts";
import type { RunRecord } from "./record.ts";
import { Slots } from "./semaphore.ts";

/** Options of a run. */
export interface RunOptions {
  /** How many tasks may run at once, at least 1. */
  readonly jobs: number;
  /** Whether to go on with what does not need a failed target. */
  readonly keepGoing: boolean;
  /** Ends the run. */
  readonly signal: AbortSignal;
}

/** How a run ended. */
export interface RunResult {
  readonly failed: readonly TargetName[];
  /** The record of each target that is in place: what this run stands for. */
  readonly records: ReadonlyMap<TargetName, RunRecord>;
  /** Whether each failure is for a person to fix in their input. */
  readonly input: boolean;
}

/** What became of a target. */
export type Outcome = Built["outcome"] | "failed" | "skipped";

const ASSESSED_AT_ONCE = 64;

/**
 * Builds targets, each when all that it needs is there, and only if its key has no record.
 *
 * @param workspace The workflow.
 * @param wanted The targets with all that they need, in dependency order.
 * @param executor Where tasks run.
 * @param options Run options.
 * @param listen Receives what happens.
 */
export async function runTargets(
  workspace: Workspace,
  wanted: ReadonlySet<TargetName>,
  executor: Executor,
  options: RunOptions,
  listen: Listener,
): Promise<RunResult> {
  const started = performance.now();
  const { store, digests, plan } = workspace;
  using _use = await store.use(
    false,
    (holder) => listen({ kind: "waiting", holder }),
    options.signal,
  );
  const made = new Map<string, Digest>();
  const outcomes = new Map<TargetName, Promise<Outcome>>();
  const failed: TargetName[] = [];
  let onlyInput = true;
  const stopped = (): boolean =>
    options.signal.aborted || (!options.keepGoing && failed.length > 0);
  const context: BuildContext = {
    workspace,
    made,
    executor,
    looks: new Slots(ASSESSED_AT_ONCE),
    tasks: new Slots(options.jobs),
    signal: options.signal,
    stopped,
    listen,
  };
  listen({ kind: "planned", targets: wanted.size });

  const records = new Map<TargetName, RunRecord>();
  const note = (target: PlannedTarget, { record }: Built): void => {
    records.set(target.name, record);
    for (const { path, digest } of Object.values(record.outputs)) made.set(path, digest);
  };
  /** Builds a target; where the cached output of one that it needs is damaged, that one first. */
  const buildSoundly = async (target: PlannedTarget): Promise<Built | undefined> => {
    try {
      return await build(context, target);
    } catch (error) {
      if (!(error instanceof ContentLost)) throw error;
      const message = "the cached content of an input is damaged; building that again";
      listen({ kind: "warning", target: target.name, message });
      for (const { producer } of target.inputs.values()) {
        const need = producer === undefined ? undefined : plan.targets.get(producer);
        if (need === undefined) continue;
        const built = await buildSoundly(need);
        if (built !== undefined) note(need, built);
      }
      return await build(context, target);
    }
  };
  const step = async (target: PlannedTarget): Promise<Outcome> => {
    const needs = new Set([...target.inputs.values()].flatMap(({ producer }) => producer ?? []));
    for (const need of needs) {
      const outcome = await outcomes.get(need);
      if (outcome !== "failed" && outcome !== "skipped") continue;
      if (!stopped()) listen({ kind: "skipped", target: target.name, because: need });
      return "skipped";
    }
    if (stopped()) return "skipped";
    try {
      const built = await buildSoundly(target);
      if (built === undefined) return "skipped";
      note(target, built);
      return built.outcome;
    } catch (error) {
      if (!(error instanceof BuildFailure)) throw error;
      failed.push(target.name);
      if (!error.input) onlyInput = false;
      return "failed";
    }
  };
  for (const name of wanted) {
    const target = plan.targets.get(name);
    if (target !== undefined) outcomes.set(name, step(target));
  }
  const ends = await Promise.all(outcomes.values());
  for (const { outputs } of records.values()) {
    for (const { path, digest } of Object.values(outputs)) {
      const place = placeOf(workspace, path);
      if (place === undefined || await digests.of(place) === digest) continue;
      const message = `${path} was changed after this run had placed it, perhaps by another run`;
      listen({ kind: "warning", message });
    }
  }
  for (const message of new Set(store.warnings)) listen({ kind: "warning", message });
  await digests.save();
  listen(doneEvent(ends, started, options.signal.aborted));
  return { failed, input: onlyInput, records };
}

/** Says what became of the targets of a run that began at `started`, as performance.now() has it. */
export function doneEvent(
  outcomes: readonly Outcome[],
  started: number,
  interrupted: boolean,
): Event {
  const count = (outcome: Outcome): number => outcomes.filter((one) => one === outcome).length;
  return {
    kind: "done",
    built: count("built"),
    restored: count("restored"),
    fresh: count("fresh"),
    failed: count("failed"),
    skipped: count("skipped"),
    seconds: (performance.now() - started) / 1000,
    interrupted,
  };
}
