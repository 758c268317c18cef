import type { Digest } from "../base/digest.ts";
import { assess, type Workspace } from "../runner/assess.ts";
import type { PlannedTarget } from "../runner/config/planned.ts";
import type { Manifest } from "../runner/key.ts";
import type { TargetName } from "../runner/names.ts";
import type { RunRecord } from "../runner/record.ts";
import { Slots } from "../runner/semaphore.ts";
import { believe } from "./believe.ts";
import { Refused, type Source } from "./source.ts";

/** What is known of a target, here and in a cache. */
export interface Step {
  readonly target: PlannedTarget;
  /** Its present manifest, without the inputs that are not known. */
  readonly manifest: Manifest;
  /** Undefined where an input is not known, because no record says what it is. */
  readonly key: Digest | undefined;
  /** The record in this project's own cache, with its contents. */
  readonly local: RunRecord | undefined;
  /** The record in the other cache, believed. */
  readonly remote: RunRecord | undefined;
  /** Why the record in the other cache is not believed. */
  readonly refused: string | undefined;
}

/** Options of a walk. */
export interface WalkOptions {
  /** As for believe(). */
  readonly trusted: readonly string[];
  /** Whether to ask for records that are here, too. */
  readonly askAll: boolean;
}

/** Most requests at once. */
export const REQUESTS = 8;

/**
 * Goes through targets by records alone: that of a target says what its outputs are, from which the keys
 * of those that need it follow. No content is fetched.
 *
 * @param workspace The workflow.
 * @param names Targets with all that they need, in dependency order.
 * @param source The other cache.
 */
export async function walk(
  workspace: Workspace,
  names: Iterable<TargetName>,
  source: Source,
  { trusted, askAll }: WalkOptions,
): Promise<ReadonlyMap<TargetName, Step>> {
  const made = new Map<string, Digest>();
  const slots = new Slots(REQUESTS);
  const steps = new Map<TargetName, Promise<Step>>();
  const ask = async (
    target: PlannedTarget,
    key: Digest,
  ): Promise<Pick<Step, "remote" | "refused">> => {
    try {
      const bytes = await slots.hold(1, () => source.record(key));
      const remote = bytes && believe(bytes, target, key, trusted);
      return { remote, refused: undefined };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { remote: undefined, refused: error.message };
    }
  };
  const step = async (target: PlannedTarget): Promise<Step> => {
    const needs = [...target.inputs.values()].flatMap(({ producer }) => producer ?? []);
    await Promise.all(needs.map((need) => steps.get(need)));
    const state = await slots.hold(1, () => assess(workspace, target, made));
    const { key, manifest } = state;
    const local = state.state === "fresh" || state.state === "in cache" ? state.record : undefined;
    const { remote, refused } = key !== undefined && (askAll || local === undefined)
      ? await ask(target, key)
      : { remote: undefined, refused: undefined };
    for (const { path, digest } of Object.values((local ?? remote)?.outputs ?? {})) {
      made.set(path, digest);
    }
    return { target, manifest, key, local, remote, refused };
  };
  for (const name of names) {
    const target = workspace.plan.targets.get(name);
    if (target !== undefined) steps.set(name, step(target));
  }
  const ended = await Promise.all(
    [...steps].map(async ([name, step]) => [name, await step] as const),
  );
  return new Map(ended);
}
