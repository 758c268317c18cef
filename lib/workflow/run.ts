import { isAbsolute, join, toFileUrl } from "@std/path";
import { InputError } from "../errors.ts";
import { assess, type Assessment, type Workspace } from "./assess.ts";
import type { Digest } from "./digest.ts";
import type { Listener } from "./event.ts";
import { type Executor, type Job, TaskFailure } from "./executor.ts";
import type { Manifest } from "./key.ts";
import type { TargetName } from "./names.ts";
import type { PlannedTarget } from "./plan.ts";
import type { Reason } from "./reason.ts";
import type { RunRecord } from "./store.ts";
import type { InputFile } from "./task.ts";

/** How to run a plan. */
export interface RunOptions {
  /** So many tasks at a time, at least 1. */
  readonly jobs: number;
  /** Whether to go on with what does not need a failed target. */
  readonly keepGoing: boolean;
  /** Ends the run. */
  readonly signal: AbortSignal;
}

/** How a run ended. */
export interface RunResult {
  readonly failed: readonly TargetName[];
  /** Whether each failure was the fault of what a person gave. */
  readonly input: boolean;
}

type Outcome = "built" | "restored" | "fresh" | "failed" | "skipped";

/**
 * Builds targets in dependency order, each only if its key has no record.
 *
 * @param workspace The workflow.
 * @param wanted The targets with all that they need, in dependency order.
 * @param executor Where tasks run.
 * @param options How.
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
  const made = new Map<string, Digest>();
  const outcomes = new Map<TargetName, Outcome>();
  const waiting = new Set(wanted);
  const running = new Map<TargetName, { readonly slots: number; readonly end: Promise<void> }>();
  let onlyInput = true;
  listen({ kind: "planned", targets: wanted.size });

  const failed = (name: TargetName): boolean =>
    ["failed", "skipped"].includes(outcomes.get(name) ?? "");
  const start = async (target: PlannedTarget): Promise<void> => {
    try {
      const { outcome, record } = await build(workspace, target, made, executor, options, listen);
      for (const { path, digest } of Object.values(record.outputs)) made.set(path, digest);
      outcomes.set(target.name, outcome);
    } catch (error) {
      outcomes.set(target.name, "failed");
      if (!(error instanceof BuildFailure && error.input)) onlyInput = false;
      if (!(error instanceof BuildFailure)) throw error;
    } finally {
      running.delete(target.name);
    }
  };
  for (;;) {
    const stop = options.signal.aborted ||
      (!options.keepGoing && [...outcomes.values()].includes("failed"));
    for (const name of stop ? [] : waiting) {
      const target = workspace.plan.targets.get(name);
      if (target === undefined) continue;
      const needs = producers(target);
      const because = needs.find(failed);
      if (because !== undefined) {
        waiting.delete(name);
        outcomes.set(name, "skipped");
        listen({ kind: "skipped", target: name, because });
        continue;
      }
      if (!needs.every((need) => outcomes.has(need))) continue;
      const slots = Math.min(target.resources.cpus ?? 1, options.jobs);
      const busy = [...running.values()].reduce((sum, { slots }) => sum + slots, 0);
      if (busy + slots > options.jobs) continue;
      waiting.delete(name);
      running.set(name, { slots, end: start(target) });
    }
    if (running.size === 0) break;
    await Promise.race([...running.values()].map(({ end }) => end));
  }
  for (const name of waiting) outcomes.set(name, "skipped");
  await workspace.digests.save();
  const count = (outcome: Outcome): number =>
    [...outcomes.values()].filter((o) => o === outcome).length;
  listen({
    kind: "done",
    built: count("built"),
    restored: count("restored"),
    fresh: count("fresh"),
    failed: count("failed"),
    skipped: count("skipped"),
    seconds: (performance.now() - started) / 1000,
  });
  return {
    failed: [...outcomes.keys()].filter((n) => outcomes.get(n) === "failed"),
    input: onlyInput,
  };
}

/** A target could not be built; it has been said why. */
class BuildFailure extends InputError {
  readonly input: boolean;

  constructor(message: string, input: boolean) {
    super(message);
    this.input = input;
  }
}

function producers(target: PlannedTarget): TargetName[] {
  return [...target.inputs.values()].flatMap(({ producer }) => producer ?? []);
}

async function build(
  workspace: Workspace,
  target: PlannedTarget,
  made: ReadonlyMap<string, Digest>,
  executor: Executor,
  options: RunOptions,
  listen: Listener,
): Promise<{ readonly outcome: Outcome; readonly record: RunRecord }> {
  const { store } = workspace;
  const first = await assess(workspace, target, made);
  if (first.state === "fresh") {
    await remember(workspace, first.record);
    listen({ kind: "fresh", target: target.name });
    return { outcome: "fresh", record: first.record };
  }
  if (first.key === undefined) {
    throw new Error(`Cannot build ${target.name}: what it needs has not been built`);
  }
  await using _lock = await store.lock(
    first.key,
    (holder) => listen({ kind: "waiting", target: target.name, holder }),
  );
  // Another run may have made it while this one waited.
  const now = await assess(workspace, target, made);
  if (now.state === "fresh" || now.state === "in cache") {
    await place(workspace, now.record, listen);
    const reasons = now.state === "in cache" ? now.reasons : [];
    listen({ kind: "restored", target: target.name, reasons });
    return { outcome: "restored", record: now.record };
  }
  if (now.key === undefined) throw new Error(`Cannot build ${target.name}: its inputs vanished`);
  const before = await store.state(target.name);
  const last = before?.key && await store.record(before.key);
  const record = await execute(workspace, target, now, now.reasons, executor, options, listen);
  await place(workspace, record, listen);
  const same = last !== undefined &&
    Object.entries(record.outputs).every(([n, { digest }]) => last.outputs[n]?.digest === digest);
  listen({ kind: "built", target: target.name, seconds: record.seconds, same });
  return { outcome: "built", record };
}

async function remember({ store }: Workspace, { target, key }: RunRecord): Promise<void> {
  const state = await store.state(target);
  if (state?.key !== key || state.failure) await store.setState({ target, key });
}

async function place(workspace: Workspace, record: RunRecord, listen: Listener): Promise<void> {
  for (const output of Object.values(record.outputs)) {
    const aside = await workspace.store.materialise(workspace.plan.root, output);
    if (aside !== undefined) listen({ kind: "kept-aside", path: output.path, at: aside });
  }
  await remember(workspace, record);
}

async function execute(
  workspace: Workspace,
  target: PlannedTarget,
  { key, manifest }: Extract<Assessment, { manifest: Manifest }>,
  reasons: readonly Reason[],
  executor: Executor,
  options: RunOptions,
  listen: Listener,
): Promise<RunRecord> {
  const { store } = workspace;
  listen({ kind: "started", target: target.name, reasons });
  const staging = await store.stage(key);
  const job = describeJob(workspace, target, key, manifest, staging);
  const log: string[] = [];
  const started = performance.now();
  try {
    await executor.run(job, (message) => {
      if (message.kind !== "progress") log.push(message.message);
      if (message.kind !== "log") listen({ ...message, target: target.name });
    }, options.signal);
    const staged = await collect(target, job, staging);
    const record = await store.publish({
      key,
      target: target.name,
      manifest,
      log,
      seconds: (performance.now() - started) / 1000,
      when: new Date().toISOString(),
    }, staged);
    await Deno.remove(staging, { recursive: true });
    return record;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const input = error instanceof TaskFailure && error.input;
    const kept = await keepOrRemove(staging, log);
    listen({ kind: "failed", target: target.name, message, input, staging: kept });
    if (!options.signal.aborted) {
      const state = await store.state(target.name);
      const failure = { key, message, when: new Date().toISOString() };
      await store.setState({ ...state, target: target.name, failure });
    }
    throw new BuildFailure(message, input);
  }
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

function describeJob(
  { plan, store, code }: Workspace,
  target: PlannedTarget,
  key: Digest,
  manifest: Manifest,
  staging: string,
): Job {
  const inputs: Record<string, InputFile> = {};
  for (const [logical, { path, producer }] of target.inputs) {
    const digest = manifest.inputs[logical];
    if (digest === undefined) continue;
    const own = isAbsolute(path) ? path : join(plan.root, path);
    inputs[logical] = { name: path, digest, path: producer ? store.contentPath(digest) : own };
  }
  const outputs = [...target.outputs].map(([logical, path]) =>
    [logical, join(staging, `${logical}${/\.[^./]+$/.exec(path)?.[0] ?? ""}`)] as const
  );
  const direct = code.get(target.taskId)?.direct ?? {};
  const modules = Object.keys(manifest.modules).map((path) => join(plan.root, path));
  return {
    module: toFileUrl(join(plan.root, target.taskId)).href,
    params: target.params,
    seed: manifest.seed ?? "",
    inputs,
    outputs: Object.fromEntries(outputs),
    provenance: {
      target: target.name,
      task: target.taskId,
      key,
      software: { deno: Deno.version.deno, v8: Deno.version.v8, ...direct },
    },
    permissions: {
      read: [
        ...modules,
        ...Object.values(inputs).map(({ path }) => path),
        join(plan.root, "node_modules"),
      ],
      write: staging,
      native: target.task.native ?? false,
      env: target.env,
    },
    timeout: seconds(target.resources.time),
  };
}

function seconds(time: string | undefined): number | undefined {
  if (time === undefined) return undefined;
  const unit = { s: 1, m: 60, h: 3600 }[time.slice(-1)] ?? 1;
  return Number(time.slice(0, -1)) * unit;
}

async function collect(
  target: PlannedTarget,
  job: Job,
  staging: string,
): Promise<ReadonlyMap<string, { readonly file: string; readonly path: string }>> {
  const declared = new Set(Object.values(job.outputs));
  for await (const { name } of Deno.readDir(staging)) {
    if (!declared.has(join(staging, name))) {
      throw new TaskFailure(`${target.taskId} wrote ${name}, which is no output of it`, false);
    }
  }
  const staged = new Map<string, { file: string; path: string }>();
  for (const [logical, path] of target.outputs) {
    const file = job.outputs[logical] ?? "";
    const stat = await Deno.lstat(file).catch(() => undefined);
    if (!stat?.isFile) {
      throw new TaskFailure(`${target.taskId} did not write its output ${logical}`, false);
    }
    staged.set(logical, { file, path });
  }
  return staged;
}
