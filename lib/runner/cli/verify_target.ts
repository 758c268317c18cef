import type { Assessment, Workspace } from "../assess.ts";
import { digestOfFile } from "../../base/digest.ts";
import type { Difference, Listener } from "../event.ts";
import { type Executor, TaskFailure } from "../executor/executor.ts";
import { runTask, type TaskRun } from "../run_task.ts";
import type { PlannedTarget } from "../config/planned.ts";
import type { Store } from "../store.ts";

/** How a check of one target ended. */
export type Verdict = "same" | "differs" | "failed" | "stopped";

/**
 * Runs a target's task again, into its own folder, and compares the bytes with the record's.
 * When they differ, the folder is kept.
 *
 * @param workspace The workflow.
 * @param target The target.
 * @param assessment Its state, fresh or in cache.
 * @param executor Where the task runs.
 * @param signal Ends it.
 * @param listen Receives what happens.
 */
export async function verifyTarget(
  workspace: Workspace,
  target: PlannedTarget,
  { key, manifest, record }: Extract<Assessment, { state: "fresh" | "in cache" }>,
  executor: Executor,
  signal: AbortSignal,
  listen: Listener,
): Promise<Verdict> {
  const { store } = workspace;
  const { name } = target;
  using _lock = await store.lock(
    key,
    (holder) => listen({ kind: "waiting", target: name, holder }),
    signal,
  );
  const staging = store.stage(key);
  let differences: Difference[] = [];
  let seconds = 0;
  listen({ kind: "started", target: name, reasons: [] });
  try {
    const state = { key, manifest };
    const run = await runTask(workspace, target, state, staging, executor, signal, (message) => {
      if (message.kind === "progress") listen({ ...message, target: name });
    });
    seconds = run.seconds;
    differences = await compare(store, record.outputs, run.staged);
  } catch (error) {
    await Deno.remove(staging, { recursive: true }).catch(() => {});
    if (signal.aborted) {
      listen({ kind: "stopped", target: name });
      return "stopped";
    }
    if (!(error instanceof TaskFailure)) throw error;
    listen({ kind: "failed", target: name, message: error.message, input: false, staging: "" });
    return "failed";
  }
  if (differences.length === 0) await Deno.remove(staging, { recursive: true });
  listen({ kind: "verified", target: name, seconds, differences });
  return differences.length === 0 ? "same" : "differs";
}

async function compare(
  store: Store,
  recorded: Extract<Assessment, { state: "fresh" }>["record"]["outputs"],
  staged: TaskRun["staged"],
): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const [output, { file, path }] of staged) {
    const before = recorded[output];
    if (before === undefined || await digestOfFile(file) === before.digest) continue;
    const kept = store.contentPath(before.digest);
    const [a, b] = [await Deno.readFile(kept), await Deno.readFile(file)];
    const first = a.findIndex((byte, i) => byte !== b[i]);
    differences.push({
      path,
      byte: first < 0 ? a.length : first,
      sizes: [a.length, b.length],
      files: [kept, file],
    });
  }
  return differences;
}
