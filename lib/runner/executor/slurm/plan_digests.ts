import { type Digest, digestOf } from "../../../base/digest.ts";
import type { Workspace } from "../../assess.ts";
import type { PlannedTarget } from "../../config/planned.ts";
import { canonicalJson, type Manifest, manifestOf } from "../../key.ts";
import type { Json, TargetName } from "../../names.ts";

type Planned = Pick<Workspace, "plan" | "code">;

/** What is known of a target's key before what it needs has run. */
export function plannedManifest({ plan, code }: Planned, target: PlannedTarget): Manifest {
  const own = code.get(target.taskId);
  if (own === undefined) throw new Error(`${target.taskId} was planned without its code`);
  return manifestOf(target, own, {}, plan.seed);
}

/** The part of it that the targets of a task share. */
export function sharedManifest(manifest: Manifest): Manifest {
  return { ...manifest, params: {}, outputs: {}, env: {} };
}

/**
 * Digests of all that is planned of targets and of what they need: code, params, paths. A job is of
 * use to a plan that gives its target the same digest.
 *
 * @param planned The workflow.
 * @param names Targets in dependency order, with all that they need.
 */
export function planDigests(
  planned: Planned,
  names: Iterable<TargetName>,
): ReadonlyMap<TargetName, Digest> {
  const digests = new Map<TargetName, Digest>();
  for (const name of names) {
    const target = planned.plan.targets.get(name);
    if (target === undefined) continue;
    const inputs = [...target.inputs].map(([logical, { path, producer }]) => [
      logical,
      path,
      producer === undefined ? null : digests.get(producer) ?? null,
    ]);
    const manifest = plannedManifest(planned, target) as unknown as Json;
    digests.set(name, digestOf(canonicalJson([manifest, inputs])));
  }
  return digests;
}
