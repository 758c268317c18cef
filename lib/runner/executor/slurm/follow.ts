import { setTimeout } from "node:timers/promises";
import { join } from "@std/path";
import type { Workspace } from "../../assess.ts";
import type { PlannedTarget } from "../../config/planned.ts";
import type { Listener } from "../../event.ts";
import type { TargetName } from "../../names.ts";
import { doneEvent, type RunResult } from "../../run.ts";
import { adopt } from "./adopt.ts";
import { type Attempt, idOf, nameOf } from "./attempt.ts";
import { type Cause, nextTry } from "./cause.ts";
import { slurm } from "./commands.ts";
import { renew } from "./patiently.ts";
import { type SlurmOptions, SlurmRun } from "./slurm_run.ts";
import { Submitter } from "./submitter.ts";
import { explain } from "./words.ts";

/**
 * Builds targets by jobs of Slurm: submits all that is stale at once, then follows. A target is done
 * when its record is there; the queue only says why there is none. Jobs of earlier runs that still
 * wait or run are found again, whoever submitted them.
 *
 * @param workspace The workflow.
 * @param wanted The targets with all that they need, in dependency order.
 * @param options Where the program is, and how to follow.
 * @param listen Receives what happens.
 * @returns How it ended; `left` jobs wait or run on.
 */
export async function runOnSlurm(
  workspace: Workspace,
  wanted: ReadonlySet<TargetName>,
  options: SlurmOptions,
  listen: Listener,
): Promise<RunResult & { readonly left: number }> {
  const began = performance.now();
  const run = new SlurmRun(workspace, wanted, options, listen);
  const { signal, wait, pace } = run.options;
  listen({ kind: "planned", targets: run.wanted.length });
  for (const target of run.wanted) await run.settle(target);
  if (run.open.length > 0) await adopt(run);
  const submitter = new Submitter(run);
  await submitter.submit();
  run.watch.hasten();
  while (wait && !signal.aborted && run.open.length > 0) {
    await setTimeout(pace.tick, undefined, { signal }).catch(() => {});
    await readNodes(run);
    await run.watch.ask(run.attempts, (target, attempt) => begin(run, target, attempt));
    if (!signal.aborted) await submitter.submit();
  }
  if (signal.aborted && run.attempts.size > 0) await interrupt(run);
  await close(run);
  await workspace.digests.save();
  for (const message of new Set(workspace.store.warnings)) listen({ kind: "warning", message });
  if (wait || run.open.length === 0) {
    listen(doneEvent([...run.outcomes.values()], began, signal.aborted));
  }
  return run.result;
}

/** Reads what the nodes say, and settles what has ended. */
async function readNodes(slurmRun: SlurmRun): Promise<void> {
  const { attempts } = slurmRun;
  const files = new Map([...slurmRun.followed].map((run) => [run.id, run.files()]));
  for (const target of slurmRun.wanted) {
    const attempt = attempts.get(target.name);
    if (attempt === undefined) continue;
    const { array: { run } } = attempt;
    const name = nameOf(attempt);
    const has = (ending: string): boolean => files.get(run.id)?.has(`${name}.${ending}`) === true;
    if (has("started")) begin(slurmRun, target.name, attempt);
    const ending = has("ended") ? run.ending(name) : undefined;
    if (ending?.kind === "failed") {
      const { cause, message, input } = ending;
      await retryOrFail(slurmRun, target, attempt, cause, message, input);
    } else if (ending?.kind === "done") {
      slurmRun.workspace.again.delete(target.name);
      attempt.over ??= { cause: "no_record", since: Date.now() };
    }
    if (attempt.over !== undefined && attempts.has(target.name)) {
      await settle(slurmRun, target, attempt, attempt.over);
    }
  }
}

function begin({ listen }: SlurmRun, target: TargetName, attempt: Attempt): void {
  if (attempt.started) return;
  attempt.started = true;
  listen({ kind: "started", target, reasons: [] });
}

/** A job has ended, and its record is there, or may yet appear, or there is none. */
async function settle(
  run: SlurmRun,
  target: PlannedTarget,
  attempt: Attempt,
  { cause, since }: NonNullable<Attempt["over"]>,
): Promise<void> {
  const { workspace: { plan: { root } }, options: { pace } } = run;
  renew(join(root, "cache", "records"));
  if (await run.settle(target)) return run.watch.hasten();
  if (run.outcomes.has(target.name)) return;
  const patience = cause === "no_record" ? pace.patience : pace.tick;
  if (Date.now() - since < patience) return;
  const log = attempt.array.run.log(nameOf(attempt));
  const message = explain(cause, idOf(attempt), attempt.job, log, root);
  await retryOrFail(run, target, attempt, cause, message, false);
}

/** A job has ended without a record: it is tried again, or its target has failed. */
async function retryOrFail(
  run: SlurmRun,
  target: PlannedTarget,
  attempt: Attempt,
  cause: Cause,
  message: string,
  input: boolean,
): Promise<void> {
  const { name } = target;
  const causes = [...attempt.causes, cause];
  const resources = nextTry(attempt.resources, causes, attempt.job);
  run.attempts.delete(name);
  run.watch.hasten();
  if (resources === undefined) return await run.fail(target, message, input);
  run.retries.set(name, { resources, causes });
  if (cause === "dependency") return;
  const more = cause === "oom" ? ` with ${resources.memory}` : "";
  const text = `${message.split("\n")[0]}; trying again${more}`;
  run.listen({ kind: "warning", target: name, message: text, once: true });
}

/** Cancels the jobs of an interrupted run, if the person asks for that. */
async function interrupt({ attempts, options, listen }: SlurmRun): Promise<void> {
  if (await options.onInterrupt(attempts.size) === "leave") return;
  const { success, err } = await slurm("scancel", [...attempts.values()].map(idOf));
  if (!success) return listen({ kind: "warning", message: `scancel: ${err}` });
  for (const target of attempts.keys()) listen({ kind: "stopped", target });
  attempts.clear();
}

/** Runs of which no job waits or runs are over. */
async function close({ attempts, outcomes, followed, own, options }: SlurmRun): Promise<void> {
  const live = new Set([...attempts.values()].map(({ array }) => array.run.id));
  const kept = options.signal.aborted || [...outcomes.values()].includes("failed");
  for (const run of followed) {
    const all = [...run.arrays().values()].flatMap(({ elements }) => elements);
    const settled = all.every(({ target }) => outcomes.has(target as TargetName));
    const isOver = settled || run === own;
    if (isOver && !live.has(run.id)) await run.close(kept);
  }
}
