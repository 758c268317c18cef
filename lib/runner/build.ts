import { join } from "@std/path";
import { describeSystemError, systemCode } from "../base/ending.ts";
import { InputError } from "../base/errors.ts";
import { assess, placeOf, type Workspace } from "./assess.ts";
import type { Digest } from "../base/digest.ts";
import type { Event, Listener } from "./event.ts";
import { type Executor, type Message, TaskFailure } from "./executor/executor.ts";
import { InputChanged } from "./executor/copy_inputs.ts";
import { runTask } from "./run_task.ts";
import type { Manifest } from "./key.ts";
import type { PlannedTarget } from "./config/planned.ts";
import type { Slots } from "./semaphore.ts";
import { ContentLost } from "./store.ts";
import type { RunRecord } from "./record.ts";

/** What the targets of one run share. */
export interface BuildContext {
  readonly workspace: Workspace;
  /** Digests of the outputs that are there by now, by path. */
  readonly made: ReadonlyMap<string, Digest>;
  readonly executor: Executor;
  /** Limits how many targets are assessed at once: more would exhaust files, not be faster. */
  readonly looks: Slots;
  /** Limits how many tasks run together. */
  readonly tasks: Slots;
  readonly signal: AbortSignal;
  /** Whether nothing more is to be started. */
  readonly stopped: () => boolean;
  readonly listen: Listener;
}

/** A target that is in place. */
export interface Built {
  readonly outcome: "built" | "restored" | "fresh";
  readonly record: RunRecord;
}

/** Thrown after the failure event was emitted. */
export class BuildFailure extends Error {
  /** Whether it is for a person to fix in their input. */
  readonly input: boolean;

  constructor(message: string, input: boolean) {
    super(message);
    this.input = input;
  }
}

/** How much of what a task logs is kept with its record, in characters. */
const MAX_LOG = 256 << 10;

/**
 * Brings one target up to date: does nothing, puts cached outputs in place, or runs the task.
 *
 * @param context The run.
 * @param target A target all of whose needs are there.
 * @returns Undefined when the run was stopped before the target was there.
 * @throws {BuildFailure} When it cannot be built, after the failure event.
 */
export async function build(
  context: BuildContext,
  target: PlannedTarget,
): Promise<Built | undefined> {
  const { workspace, made, looks, tasks, listen } = context;
  try {
    const state = await looks.hold(1, () => assess(workspace, target, made));
    if (state.state === "fresh") {
      if (!state.remembered) await remember(workspace, state.record);
      listen({ kind: "fresh", target: target.name });
      warnAgain(state.record, listen);
      return { outcome: "fresh", record: state.record };
    }
    const { key } = state;
    if (key === undefined) throw new Error(`${target.name} was begun before what it needs`);
    return await tasks.hold(
      target.resources.cpus ?? 1,
      async () => context.stopped() ? undefined : await makeUnchanged(context, target, key),
    );
  } catch (error) {
    if (error instanceof BuildFailure) throw error;
    if (context.signal.aborted) {
      listen({ kind: "stopped", target: target.name });
      return undefined;
    }
    if (error instanceof InputError) {
      const { message } = error;
      listen({ kind: "failed", target: target.name, message, input: true, staging: "" });
      throw new BuildFailure(message, true);
    }
    if (!(error instanceof Error) || systemCode(error) === undefined) throw error;
    const message = describeSystemError(error, workspace.plan.root);
    listen({ kind: "failed", target: target.name, message, input: false, staging: "" });
    throw new BuildFailure(message, false);
  }
}

/** How many times a target whose own inputs keep changing is begun again. */
const MAX_TRIES = 5;

/** As make(), but begins again when an input changed after its digest was taken. */
async function makeUnchanged(
  context: BuildContext,
  target: PlannedTarget,
  key: Digest,
): Promise<Built> {
  for (let tries = 1, current = key;; tries++) {
    try {
      return await make(context, target, current);
    } catch (error) {
      const { workspace, made, listen } = context;
      if (error instanceof ContentLost) {
        workspace.store.discard(error.digest);
        // What another target made is for that target to build again.
        if (tries === MAX_TRIES || [...made.values()].includes(error.digest)) throw error;
        continue;
      }
      if (!(error instanceof InputChanged)) throw error;
      const { name } = target;
      if (tries === MAX_TRIES) {
        const message = `${error.message}; run again when nothing writes to it`;
        listen({ kind: "failed", target: name, message, input: true, staging: "" });
        throw new BuildFailure(message, true);
      }
      listen({ kind: "warning", target: name, message: `${error.message}; beginning again` });
      current = (await assess(workspace, target, made)).key ?? current;
    }
  }
}

async function make(
  { workspace, made, executor, signal, listen }: BuildContext,
  target: PlannedTarget,
  key: Digest,
): Promise<Built> {
  const { store } = workspace;
  const onWait = (holder: string): void => listen({ kind: "waiting", target: target.name, holder });
  using _lock = await store.lock(key, onWait, signal);
  // Another run may have made it while this one waited.
  const now = await assess(workspace, target, made);
  if (now.state === "fresh" || now.state === "in cache") {
    await place(workspace, now.record, listen);
    await store.touch(now.record);
    const reasons = now.state === "in cache" ? now.reasons : [];
    listen({ kind: "restored", target: target.name, reasons });
    warnAgain(now.record, listen);
    return { outcome: "restored", record: now.record };
  }
  if (now.key === undefined) throw new Error(`${target.name} lost what it needs`);
  const last = lastRecord(workspace, target);
  listen({ kind: "started", target: target.name, reasons: now.reasons });
  const record = await execute(workspace, target, now, executor, signal, listen);
  await place(workspace, record, listen);
  listen(builtEvent(record, last));
  return { outcome: "built", record };
}

/** The record that a target last came to, if it is there. */
export function lastRecord({ store }: Workspace, { name }: PlannedTarget): RunRecord | undefined {
  const key = store.state(name)?.key;
  return key && store.record(key);
}

/** Says that a target is built, and whether with the bytes of the last record. */
export function builtEvent(record: RunRecord, last: RunRecord | undefined): Event {
  const same = last !== undefined &&
    Object.entries(record.outputs).every(([n, { digest }]) => last.outputs[n]?.digest === digest);
  return { kind: "built", target: record.target, seconds: record.seconds, same };
}

/** Repeats the warnings about a result. */
export function warnAgain({ target, warnings = [] }: RunRecord, listen: Listener): void {
  for (const message of warnings) listen({ kind: "warning", target, message });
}

/** Notes the record whose outputs are in their own places. */
export async function remember(
  { store, plan, placed }: Workspace,
  { target, key }: RunRecord,
): Promise<void> {
  if (placed.folder !== plan.root) return;
  const state = store.state(target);
  if (state?.key !== key || state.failure) await store.setState({ target, key });
}

/** Puts the outputs of a record in place. */
export async function place(
  workspace: Workspace,
  record: RunRecord,
  listen: Listener,
): Promise<void> {
  for (const output of Object.values(record.outputs)) {
    if (placeOf(workspace, output.path) === undefined) continue;
    const aside = await workspace.store.materialise(workspace.placed.folder, output);
    if (aside !== undefined) listen({ kind: "kept-aside", path: output.path, at: aside });
  }
  await remember(workspace, record);
}

/** What a task reports goes to `listen`, and that about its result is collected in `log`. */
export interface Reports {
  readonly listen: (message: Message) => void;
  readonly log: string[];
}

/**
 * Runs the task of a target, and publishes its outputs and then its record.
 *
 * @param workspace The workflow.
 * @param target The target.
 * @param state Its key and manifest.
 * @param staging Where it runs; removed when all went well.
 * @param executor What runs it.
 * @param signal Ends it.
 * @param reports Receives what the task reports.
 */
export async function runAndPublish(
  workspace: Workspace,
  target: PlannedTarget,
  { key, manifest }: { readonly key: Digest; readonly manifest: Manifest },
  staging: string,
  executor: Executor,
  signal: AbortSignal,
  { listen, log }: Reports,
): Promise<RunRecord> {
  const warnings: string[] = [];
  let logged = 0;
  const state = { key, manifest };
  const run = await runTask(workspace, target, state, staging, executor, signal, (message) => {
    if (message.kind !== "progress" && (logged += message.message.length) < MAX_LOG) {
      log.push(message.message);
    }
    if (message.kind === "warning" && !message.once) warnings.push(message.message);
    listen(message);
  });
  const record = await workspace.store.publish({
    key,
    target: target.name,
    manifest,
    log,
    warnings,
    seconds: run.seconds,
    when: new Date().toISOString(),
  }, run.staged);
  await Deno.remove(staging, { recursive: true });
  return record;
}

async function execute(
  workspace: Workspace,
  target: PlannedTarget,
  state: { readonly key: Digest; readonly manifest: Manifest },
  executor: Executor,
  signal: AbortSignal,
  listen: Listener,
): Promise<RunRecord> {
  const { store } = workspace;
  const { key } = state;
  const staging = store.stage(key);
  const log: string[] = [];
  try {
    return await runAndPublish(workspace, target, state, staging, executor, signal, {
      listen: (message) => {
        if (message.kind !== "log") listen({ ...message, target: target.name });
      },
      log,
    });
  } catch (error) {
    if (signal.aborted || systemCode(error) !== undefined || isOutOfDate(error)) {
      await Deno.remove(staging, { recursive: true }).catch(() => {});
      throw error;
    }
    const message = error instanceof Error ? error.message : String(error);
    const input = error instanceof InputError || (error instanceof TaskFailure && error.input);
    const kept = await keepOrRemove(staging, log).catch(() => staging);
    listen({ kind: "failed", target: target.name, message, input, staging: kept });
    const failure = { key, message, when: new Date().toISOString(), staging: kept };
    await store.setState({ ...store.state(target.name), target: target.name, failure })
      .catch(() => {});
    throw new BuildFailure(message, input);
  }
}

/** Whether what was known of the target's inputs no longer holds. */
function isOutOfDate(error: unknown): boolean {
  return error instanceof InputChanged || error instanceof ContentLost;
}

/** A failed task's folder is kept when there is something in it to look at. */
async function keepOrRemove(staging: string, log: readonly string[]): Promise<string> {
  const entries = await Array.fromAsync(Deno.readDir(staging));
  if (entries.length === 0 && log.length === 0) {
    await Deno.remove(staging, { recursive: true });
    return "";
  }
  await Deno.writeTextFile(join(staging, "log.txt"), log.join("\n"));
  return staging;
}
