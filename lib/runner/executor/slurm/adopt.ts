import type { TargetName } from "../../names.ts";
import { idOf, nameOf, newAttempt } from "./attempt.ts";
import { causeOf } from "./cause.ts";
import { type Element, elementsOf } from "./elements.ts";
import { JobRun } from "./ledger.ts";
import type { SlurmRun } from "./slurm_run.ts";
import { explain } from "./words.ts";

/** Most jobs of earlier runs that are reported one by one; the rest is counted. */
const MAX_REPORTED = 5;

/**
 * Finds the jobs of earlier runs that still wait or run for what is wanted now, and reports those that
 * ended without a record.
 */
export async function adopt(slurmRun: SlurmRun): Promise<void> {
  const { workspace, plans, attempts, options, listen } = slurmRun;
  const { plan: { root }, again } = workspace;
  const runs = JobRun.all(root);
  if (runs.length === 0) return;
  const states = await slurmRun.watch.queue.jobs(runs.map(({ name }) => name));
  const open = new Map(slurmRun.open.map((target) => [target.name, target]));
  const ended = new Map<TargetName, Element>();
  for (const run of runs) {
    const elements = elementsOf(run, states);
    for (const element of elements) {
      const { array, index, resources, planned: { causes, ...planned }, state } = element;
      const name = planned.target as TargetName;
      if (!open.has(name) || plans.get(name) !== planned.plan) continue;
      if (planned.again !== again.has(name)) continue;
      if (element.alive) {
        slurmRun.followed.add(run);
        attempts.set(name, newAttempt({ array, index, resources, causes }, state));
      } else if (array.job !== "") ended.set(name, element);
    }
    const began = Date.parse(run.about()?.when ?? "");
    // A run that another process is submitting just now may not be in the queue yet.
    const settled = states !== undefined && !(Date.now() - began < options.pace.lost);
    if (settled && !elements.some(({ alive }) => alive)) await run.close(true);
  }
  const lost: (readonly [TargetName, Element])[] = [];
  for (const [name, element] of ended) {
    const target = open.get(name);
    if (target === undefined || attempts.has(name)) continue;
    // It may have ended since its record was looked for.
    if (!await slurmRun.settle(target)) lost.push([name, element]);
  }
  for (const [target, element] of lost.slice(0, MAX_REPORTED)) {
    const message = `${describe(element, root)}; trying again`;
    listen({ kind: "warning", target, message, once: true });
  }
  const more = lost.length - MAX_REPORTED;
  if (more > 0) {
    const message = `${more} more jobs of earlier runs left no record; trying again`;
    listen({ kind: "warning", message, once: true });
  }
}

/** What became of a job of an earlier run. */
function describe(element: Element, root: string): string {
  const { array: { run }, state, ending } = element;
  if (ending?.kind === "failed") return ending.message;
  const cause = state === undefined ? "lost" : causeOf(state) ?? "lost";
  return explain(cause, idOf(element), state, run.log(nameOf(element)), root);
}
