import { assessAll, type Workspace } from "../runner/assess.ts";
import { verifyTarget } from "../runner/cli/verify_target.ts";
import type { Listener } from "../runner/event.ts";
import { localExecutor } from "../runner/executor/local.ts";
import type { TargetName } from "../runner/names.ts";

/**
 * Runs a random few of the targets again and compares the bytes.
 *
 * @param workspace The workflow, with the results in its cache.
 * @param names All targets of the workflow that are assessed, in dependency order.
 * @param pulled Those of which a few run.
 * @param n How many.
 * @returns The exit code: 0 the same bytes, 1 a task failed, 3 other bytes.
 */
export async function sample(
  workspace: Workspace,
  names: ReadonlySet<TargetName>,
  pulled: readonly TargetName[],
  n: number,
  signal: AbortSignal,
  listen: Listener,
): Promise<0 | 1 | 3> {
  const states = await assessAll(workspace, names);
  const drawn = pulled.map((name) => ({ name, by: Math.random() })).sort((a, b) => a.by - b.by);
  const verdicts = new Set<string>();
  for (const { name } of drawn.slice(0, n)) {
    const [target, state] = [workspace.plan.targets.get(name), states.get(name)];
    if (target === undefined || (state?.state !== "fresh" && state?.state !== "in cache")) continue;
    const executor = localExecutor(workspace.plan.project);
    verdicts.add(await verifyTarget(workspace, target, state, executor, signal, listen));
    signal.throwIfAborted();
  }
  return verdicts.has("differs") ? 3 : verdicts.has("failed") ? 1 : 0;
}
