import type { Workspace } from "./assess.ts";
import type { Digest } from "../base/digest.ts";
import type { PlannedTarget } from "./config/planned.ts";
import type { Executor, Message } from "./executor/executor.ts";
import { prepareJob, stagedOutputs } from "./executor/job.ts";
import type { Manifest } from "./key.ts";
import type { StagedFile } from "./store.ts";

/** What a run of a task left. */
export interface TaskRun {
  readonly staged: ReadonlyMap<string, StagedFile>;
  readonly seconds: number;
}

/** How often a task without a time limit is reported as still running, in ms. */
const STILL_RUNNING = 60_000;

/**
 * Runs the task of a target in a staging folder.
 *
 * @param workspace The workflow.
 * @param target The target, and its key and manifest.
 * @param staging The folder.
 * @param executor Where it runs.
 * @param signal Ends it.
 * @param listen Receives what the task reports.
 * @throws {TaskFailure} When it fails.
 */
export async function runTask(
  workspace: Workspace,
  target: PlannedTarget,
  { key, manifest }: { readonly key: Digest; readonly manifest: Manifest },
  staging: string,
  executor: Executor,
  signal: AbortSignal,
  listen: (message: Message) => void,
): Promise<TaskRun> {
  const job = await prepareJob(workspace, target, key, manifest, staging);
  const started = performance.now();
  const slow = setInterval(() => {
    const minutes = Math.round((performance.now() - started) / STILL_RUNNING);
    const message = `still running after ${minutes} min; it has no time limit (resources.time)`;
    if (job.timeout === undefined) listen({ kind: "warning", message, once: true });
  }, STILL_RUNNING);
  try {
    await executor.run(job, listen, signal);
  } finally {
    clearInterval(slow);
  }
  return {
    staged: await stagedOutputs(target, job),
    seconds: (performance.now() - started) / 1000,
  };
}
