import { isAbsolute, join } from "@std/path";
import type { Digest } from "../base/digest.ts";
import { FileDigests } from "./file_digests.ts";
import { keyOf, type Manifest, manifestOf } from "./key.ts";
import type { TargetName, TaskId } from "./names.ts";
import type { TaskCode } from "./modules.ts";
import type { Plan, PlannedTarget } from "./config/planned.ts";
import { differences, type Reason } from "./reason.ts";
import { snapshotCode } from "./snapshot.ts";
import { Store } from "./store.ts";
import type { RunRecord } from "./record.ts";

/** What is to be done about a target. */
export type Assessment =
  /** The record is there, and so are the outputs. */
  | {
    readonly state: "fresh";
    readonly record: RunRecord;
    readonly key: Digest;
    readonly manifest: Manifest;
    readonly reasons: readonly [];
    /** Whether that is what is remembered of the target. */
    readonly remembered: boolean;
  }
  /** The record is there, but an output is not in place. */
  | {
    readonly state: "in cache";
    readonly record: RunRecord;
    readonly key: Digest;
    readonly manifest: Manifest;
    readonly reasons: readonly Reason[];
  }
  /** The task has to run. */
  | {
    readonly state: "stale" | "never built" | "failed";
    readonly key: Digest;
    readonly manifest: Manifest;
    readonly reasons: readonly Reason[];
  }
  /** Not known before what it needs has run. */
  | {
    readonly state: "may run" | "stale";
    /** Without the inputs that are not known yet. */
    readonly manifest: Manifest;
    readonly reasons: readonly Reason[];
    readonly key?: never;
  };

/** A workflow with what its targets' states depend on. */
export interface Workspace {
  readonly plan: Plan;
  readonly store: Store;
  readonly digests: FileDigests;
  readonly code: ReadonlyMap<TaskId, TaskCode>;
  /** Writes the code of the tasks to a folder, once, and gives the folder. */
  readonly snapshot: () => string;
  /** Targets to run again whether or not there is a record. */
  readonly again: ReadonlySet<TargetName>;
  readonly placed: Placed;
}

/** Where outputs go, beside the cache. */
export interface Placed {
  /** Paths of outputs are from here. */
  readonly folder: string;
  /** Only outputs whose path begins so go there; "": all. */
  readonly prefix: string;
}

/** For a run whose outputs stay in the cache alone: no output's path begins so. */
export const NOWHERE: Placed = { folder: "", prefix: "/" };

/** The path at which an output is placed; undefined where it stays in the cache alone. */
export function placeOf({ placed }: Workspace, path: string): string | undefined {
  return path.startsWith(placed.prefix) ? join(placed.folder, path) : undefined;
}

/** Opens the cache of a plan and reads the code of its tasks. */
export async function openWorkspace(
  plan: Plan,
  again: ReadonlySet<TargetName> = new Set(),
  placed: Placed = { folder: plan.root, prefix: "" },
): Promise<Workspace> {
  const digests = await FileDigests.load(plan.root);
  const { code } = plan;
  let snapshot: string | undefined;
  return {
    plan,
    digests,
    code,
    again,
    placed,
    store: new Store(plan.root, digests),
    snapshot: () => snapshot ??= snapshotCode(plan.root, code),
  };
}

/**
 * Finds out what is to be done about a target.
 *
 * @param workspace The workflow.
 * @param target The target.
 * @param made Digests of the outputs of other targets by path; an input that is not among them
 * is not known yet.
 */
export async function assess(
  workspace: Workspace,
  target: PlannedTarget,
  made: ReadonlyMap<string, Digest>,
): Promise<Assessment> {
  const { plan, store, digests } = workspace;
  const inputs: Record<string, Digest> = {};
  const unknown = new Map<string, TargetName>();
  for (const [logical, { path, producer }] of target.inputs) {
    const digest = producer === undefined
      ? await digests.ofInput(isAbsolute(path) ? path : join(plan.root, path))
      : made.get(path);
    if (digest !== undefined) inputs[logical] = digest;
    else if (producer !== undefined) unknown.set(logical, producer);
  }
  const code = workspace.code.get(target.taskId) ??
    { modules: {}, packages: {}, direct: {}, folders: [], sources: new Map() };
  const manifest = manifestOf(target, code, inputs, plan.seed);
  const state = store.state(target.name);
  const lastRecord = (): RunRecord | undefined => state?.key && store.record(state.key);
  if (unknown.size > 0) {
    const waits = [...new Set(unknown.values())].map((on) => ({ kind: "waits", on }) as const);
    const last = lastRecord();
    if (!last) return { state: "stale", manifest, reasons: [{ kind: "never-built" }, ...waits] };
    const certain = differences(last.manifest, manifest, new Set(unknown.keys()));
    const state = certain.length > 0 ? "stale" : "may run";
    return { state, manifest, reasons: [...certain, ...waits] };
  }
  const key = keyOf(manifest);
  const record = store.record(key);
  const lost: Reason[] = [];
  for (const { path, digest } of Object.values(record?.outputs ?? {})) {
    if (!await store.hasContent(digest)) lost.push({ kind: "content-lost", path });
  }
  if (record && workspace.again.has(target.name)) {
    return { state: "stale", key, manifest, reasons: [{ kind: "asked" }] };
  }
  if (record && lost.length === 0) {
    const remembered = state?.key === key && state.failure === undefined;
    const reasons = await misplaced(workspace, record);
    return reasons.length === 0
      ? { state: "fresh", record, key, manifest, reasons: [], remembered }
      : { state: "in cache", record, key, manifest, reasons };
  }
  if (state?.failure?.key === key) {
    const reasons = [{ kind: "failed", message: state.failure.message } as const];
    return { state: "failed", key, manifest, reasons };
  }
  const last = state?.key === key ? record : lastRecord();
  if (!last) return { state: "never built", key, manifest, reasons: [{ kind: "never-built" }] };
  const reasons = [...differences(last.manifest, manifest), ...lost];
  return { state: "stale", key, manifest, reasons };
}

async function misplaced(
  workspace: Workspace,
  record: RunRecord,
): Promise<Reason[]> {
  const { digests, store } = workspace;
  const reasons: Reason[] = [];
  for (const { path, digest } of Object.values(record.outputs)) {
    const place = placeOf(workspace, path);
    if (place === undefined) continue;
    const present = await digests.of(place);
    if (present === undefined) reasons.push({ kind: "output-missing", path });
    else if (present !== digest) {
      const known = await store.hasContent(present);
      reasons.push({ kind: known ? "output-other" : "output-edited", path });
    }
  }
  return reasons;
}

/**
 * The state of all targets, running none.
 *
 * @param workspace The workflow.
 * @param names Targets in dependency order, with all that they need.
 */
export async function assessAll(
  workspace: Workspace,
  names: Iterable<TargetName>,
): Promise<ReadonlyMap<TargetName, Assessment>> {
  const made = new Map<string, Digest>();
  const result = new Map<TargetName, Assessment>();
  for (const name of names) {
    const target = workspace.plan.targets.get(name);
    if (target === undefined) continue;
    const assessment = await assess(workspace, target, made);
    result.set(name, assessment);
    if (assessment.state === "fresh" || assessment.state === "in cache") {
      for (const { path, digest } of Object.values(assessment.record.outputs)) {
        made.set(path, digest);
      }
    }
  }
  return result;
}
