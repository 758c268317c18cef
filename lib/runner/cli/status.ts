import { wrap } from "../../base/wrap.ts";
import { assessAll, type Assessment, openWorkspace } from "../assess.ts";
import { formatJob, jobsOf, type ShownJob } from "../executor/slurm/jobs_of.ts";
import type { TargetName } from "../names.ts";
import { planWorkflow } from "../config/plan.ts";
import type { Plan } from "../config/planned.ts";
import { formatReason } from "../reason.ts";
import { select } from "./select.ts";
import type { Command } from "./command.ts";
import type { Options } from "./options.ts";
import { columns, reportWarnings, write } from "./output.ts";

/** `status`: the state of targets and why. */
export const status: Command = async (project, options) => {
  const plan = await planWorkflow(project, options.overrides);
  return await report(plan, select(plan, options.targets), options);
};

/**
 * Writes the state of targets, running none.
 *
 * @param plan The workflow.
 * @param names The targets.
 * @param options How to write it.
 * @param again Targets that are to run again in any case.
 * @returns The exit code.
 */
export async function report(
  plan: Plan,
  names: ReadonlySet<TargetName>,
  options: Pick<Options, "json" | "check">,
  again: ReadonlySet<TargetName> = new Set(),
): Promise<number> {
  const workspace = await openWorkspace(plan, again);
  const states = await assessAll(workspace, names);
  await workspace.digests.save();
  reportWarnings(workspace.store);
  const jobs = await jobsOf(plan.root);
  const text = options.json
    ? JSON.stringify([...states].map(([target, { state, reasons }]) => ({
      target,
      state,
      reasons,
      ...(jobs.has(target) ? { job: jobs.get(target) } : {}),
    })))
    : statusTable(states, columns(), jobs);
  write(`${text}\n`);
  return options.check && !allFresh(states) ? 1 : 0;
}

/** Characters of the longest usual state, `never built`. */
const STATE_WIDTH = 11;

/** Reasons that are shown for a target; `explain` and --json have all. */
const MAX_REASONS = 5;

/**
 * The state of targets as text: a line for each, reasons below it, and the totals at the end.
 *
 * @param states In dependency order.
 * @param columns Characters a line; longer ones are broken between words.
 * @param jobs Jobs of a cluster that wait, run or have ended; of targets that are there, none is shown.
 */
export function statusTable(
  states: ReadonlyMap<TargetName, Assessment>,
  columns: number,
  jobs: ReadonlyMap<TargetName, ShownJob> = new Map(),
): string {
  const width = Math.max(...[...states.keys()].map((name) => name.length), 6);
  const counts = new Map<string, number>();
  const lines: string[] = [];
  for (const [name, { state, reasons }] of states) {
    counts.set(state, (counts.get(state) ?? 0) + 1);
    const shown = reasons.map(formatReason).filter((reason) => reason !== state);
    const job = state === "fresh" || state === "in cache" ? undefined : jobs.get(name);
    if (job !== undefined) shown.unshift(formatJob(job));
    const more = shown.length - MAX_REASONS;
    if (more > 1) shown.splice(MAX_REASONS, more, `and ${more} more: deno task explain ${name}`);
    // In a file, where lines have no end, the first reason stands beside the state, for grep.
    const beside = columns === Infinity ? shown.shift() ?? "" : "";
    const head = `${name.padEnd(width)}  ${state.padEnd(STATE_WIDTH)}  ${beside}`.trimEnd();
    lines.push(...wrap(head, columns, "  "));
    lines.push(...shown.flatMap((reason) => wrap(`    ${reason}`, columns, "      ")));
  }
  const totals = [...counts].map(([state, count]) => `${count} ${state}`).join(", ");
  return `${lines.join("\n")}\n\n${states.size} target${states.size === 1 ? "" : "s"}: ${totals}`;
}

/** Whether a run would have nothing to do for any of them. */
export function allFresh(states: ReadonlyMap<TargetName, Assessment>): boolean {
  return [...states.values()].every(({ state }) => state === "fresh");
}
