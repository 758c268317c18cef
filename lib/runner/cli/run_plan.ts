import { fromFileUrl } from "@std/path";
import type { Workspace } from "../assess.ts";
import { localExecutor } from "../executor/local.ts";
import type { Listener } from "../event.ts";
import type { TargetName } from "../names.ts";
import { type RunResult, runTargets } from "../run.ts";
import { askAboutJobs } from "./ask_about_jobs.ts";
import type { Options } from "./options.ts";
import { write } from "./output.ts";

/**
 * Builds targets where the options say: here, or by jobs of a cluster.
 *
 * @param workspace The workflow.
 * @param names The targets with all that they need, in dependency order.
 * @param options What the command line says.
 * @param signal Ends it.
 * @param listen Receives what happens.
 * @returns How it ended; `left` jobs of a cluster wait or run on.
 */
export async function runPlan(
  workspace: Workspace,
  names: ReadonlySet<TargetName>,
  options: Pick<Options, "executor" | "jobs" | "keepGoing" | "overrides" | "wait" | "json">,
  signal: AbortSignal,
  listen: Listener,
): Promise<RunResult & { readonly left: number }> {
  const { executor, jobs, keepGoing, overrides, wait } = options;
  if (executor === "local") {
    const how = { jobs, keepGoing, signal };
    const local = localExecutor(workspace.plan.project);
    return { ...await runTargets(workspace, names, local, how, listen), left: 0 };
  }
  const { runOnSlurm } = await import("../executor/slurm/follow.ts");
  const main = fromFileUrl(Deno.mainModule);
  const how = { main, overrides, wait, signal, onInterrupt: askAboutJobs };
  const result = await runOnSlurm(workspace, names, how, listen);
  if (result.left > 0 && !options.json) {
    write(
      `Jobs that wait or run: ${result.left}. The same command follows them; status shows them.\n`,
    );
  }
  return result;
}
