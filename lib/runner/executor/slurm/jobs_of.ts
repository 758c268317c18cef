import type { TargetName } from "../../names.ts";
import { idOf, nameOf } from "./attempt.ts";
import { type Element, elementsOf } from "./elements.ts";
import { JobRun } from "./ledger.ts";
import { Queue } from "./queue.ts";

/** The job of a target, for people. */
export interface ShownJob {
  /** Its number in the queue, `12_3`; "" where it was not submitted. */
  readonly id: string;
  /** As the queue has it, such as `RUNNING`; `ended` or `unknown` where it has none. */
  readonly state: string;
  readonly node: string;
  /** Why it waits, as the queue has it. */
  readonly reason: string;
  /** Path of its log. */
  readonly log: string;
  /** What the node said at its end, if it failed. */
  readonly message?: string;
}

/** The last job of each target, of the runs that are not over; the queue is asked if there are any. */
export async function jobsOf(root: string): Promise<ReadonlyMap<TargetName, ShownJob>> {
  const elements = await liveElements(root);
  return new Map(elements.map((element) => [element.planned.target as TargetName, show(element)]));
}

/**
 * Names of the runs that have jobs which wait or run, or may: the queue does not answer.
 *
 * @param root Folder of the project.
 */
export async function liveRuns(root: string): Promise<string[]> {
  const live = (await liveElements(root)).filter(({ alive }) => alive);
  return [...new Set(live.map(({ array }) => array.run.name))];
}

async function liveElements(root: string): Promise<Element[]> {
  const runs = JobRun.all(root);
  if (runs.length === 0) return [];
  const states = await new Queue().jobs(runs.map(({ name }) => name));
  return runs.flatMap((run) => elementsOf(run, states));
}

function show(element: Element): ShownJob {
  const { array: { run, job }, state, ending } = element;
  const { node = "", reason = "" } = state ?? {};
  return {
    id: job && idOf(element),
    state: ending === undefined ? state?.state ?? "unknown" : state?.state ?? "ended",
    node: node === "(null)" ? "" : node,
    reason: reason === "None" ? "" : reason,
    log: run.log(nameOf(element)),
    ...(ending?.kind === "failed" ? { message: ending.message } : {}),
  };
}

/** A job in a few words. */
export function formatJob({ id, state, node, reason, log, message }: ShownJob): string {
  const where = node === "" ? "" : ` on ${node}`;
  const why = state === "PENDING" && reason !== "" ? ` (${reason})` : "";
  const said = message === undefined ? "" : `: ${message.split("\n")[0]}`;
  return `job ${id || "never submitted"} ${state}${where}${why}${said}; log ${log}`;
}
