import { join } from "@std/path";
import { openWorkspace } from "../../../lib/runner/assess.ts";
import { select } from "../../../lib/runner/cli/select.ts";
import { planWorkflow } from "../../../lib/runner/config/plan.ts";
import type { Event } from "../../../lib/runner/event.ts";
import { runOnSlurm } from "../../../lib/runner/executor/slurm/follow.ts";
import type { Pace } from "../../../lib/runner/executor/slurm/queue_watch.ts";
import type { RunResult } from "../../../lib/runner/run.ts";
import type { Project } from "../project.ts";

/** A pace at which nobody waits for long. */
export const QUICK: Pace = {
  tick: 50,
  first: 100,
  longest: 400,
  queries: 60,
  patience: 200,
  lost: 400,
};

/** What a run on Slurm came to. */
export interface Followed extends RunResult {
  readonly left: number;
  readonly events: readonly Event[];
  /** All messages of events, by target. */
  readonly said: string;
}

/** Builds targets of a test's project by Slurm, as the command does, but at another pace. */
export async function follow(
  project: Project,
  targets: readonly string[],
  { pace = QUICK, wait = true, signal = new AbortController().signal, cancel = false, heard }: {
    readonly pace?: Pace;
    readonly wait?: boolean;
    readonly signal?: AbortSignal;
    readonly cancel?: boolean;
    readonly heard?: (event: Event) => void;
  } = {},
): Promise<Followed> {
  const plan = await planWorkflow({ root: project.root, results: "figures" }, []);
  const workspace = await openWorkspace(plan);
  const events: Event[] = [];
  const main = join(project.root, "lib", "main.ts");
  const onInterrupt = (): Promise<"cancel" | "leave"> =>
    Promise.resolve(cancel ? "cancel" : "leave");
  const options = { main, overrides: [], wait, signal, pace, onInterrupt };
  const result = await runOnSlurm(workspace, select(plan, targets), options, (event) => {
    events.push(event);
    heard?.(event);
  });
  const said = events.flatMap((event) =>
    "message" in event ? `${event.target ?? ""}: ${event.message}` : []
  );
  return { ...result, events, said: said.join("\n") };
}
