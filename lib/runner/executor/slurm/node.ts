import { join } from "@std/path";
import { assess, assessAll, openWorkspace, type Workspace } from "../../assess.ts";
import { describeSystemError, systemCode } from "../../../base/ending.ts";
import { InputError } from "../../../base/errors.ts";
import { runAndPublish } from "../../build.ts";
import type { Digest } from "../../../base/digest.ts";
import { planWorkflow } from "../../config/plan.ts";
import type { PlannedTarget } from "../../config/planned.ts";
import { withNeeds } from "../../config/with_needs.ts";
import type { Manifest } from "../../key.ts";
import type { TargetName } from "../../names.ts";
import type { Project } from "../../project.ts";
import { differences, formatReason } from "../../reason.ts";
import { TaskFailure } from "../executor.ts";
import { localExecutor } from "../local.ts";
import { type JobEnding, JobRun, type SubmittedArray } from "./ledger.ts";
import { patiently } from "./patiently.ts";
import { planDigests, plannedManifest, sharedManifest } from "./plan_digests.ts";

type Element = SubmittedArray["elements"][number];

/**
 * Does one job of a run, on the node: plans again, finds the target's key, and, unless its record is
 * there by now, runs the task on the node's own disk and publishes its outputs and then its record.
 *
 * @param project The project.
 * @param args The run, the number of the array in it, and the index in the array.
 * @param signal Ends it.
 * @param print Receives what happens, for the log.
 * @returns The exit code, 0 when the record is there.
 */
export async function runJob(
  project: Project,
  [id = "", number = "", index = ""]: readonly string[],
  signal: AbortSignal,
  print: (line: string) => void,
): Promise<number> {
  const run = new JobRun(project.root, id);
  const name = `${number}-${index}`;
  const array = run.array(Number(number));
  const element = array?.elements.find((element) => element.index === Number(index));
  if (array === undefined || element === undefined) {
    throw new InputError(`There is no job ${name} in ${run.folder}`);
  }
  await run.start(name, Deno.env.get("SLURM_JOB_ID") ?? "");
  try {
    await make(project, run, array, element, signal, print);
    await run.end(name, { kind: "done" });
    return 0;
  } catch (error) {
    const ending = endingOf(error, project.root);
    print(ending.message);
    // What ended it from outside, for want of memory perhaps, the queue knows.
    const by = error instanceof TaskFailure ? error.by : undefined;
    if (!signal.aborted && by !== "killed") {
      await run.end(name, { ...ending, cause: by ?? ending.cause });
    }
    return 1;
  }
}

async function make(
  project: Project,
  run: JobRun,
  { resources, code }: SubmittedArray,
  element: Element,
  signal: AbortSignal,
  print: (line: string) => void,
): Promise<void> {
  const plan = await planWorkflow(project, run.about()?.overrides ?? []);
  const name = element.target as TargetName;
  const again = new Set(element.again ? [name] : []);
  const workspace = await openWorkspace(plan, again);
  const planned = plan.targets.get(name);
  if (planned === undefined) throw new InputError(`${name} is no longer in workflow.yaml`);
  const target = { ...planned, resources };
  refuseOther(workspace, target, element, code as unknown as Manifest);
  const made = await whatItNeeds(workspace, target);
  const state = await assess(workspace, target, made);
  if (state.key === undefined) throw new Error(`${name} lost what it needs`);
  if (state.state === "fresh" || state.state === "in cache") {
    print(`the record of ${name} is there; nothing to do`);
    return;
  }
  const staging = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "job-" }));
  try {
    const executor = localExecutor(project);
    const { seconds } = await runAndPublish(workspace, target, state, staging, executor, signal, {
      listen: (message) => {
        if (message.kind !== "progress") print(message.message);
      },
      log: [],
    });
    print(`built ${name} in ${seconds.toFixed(2)} s`);
  } finally {
    await Deno.remove(staging, { recursive: true }).catch(() => {});
  }
}

/** Refuses a target that is not planned as it was when its job was submitted. */
function refuseOther(
  workspace: Workspace,
  target: PlannedTarget,
  { plan }: Element,
  submitted: Manifest,
): void {
  const names = withNeeds(workspace.plan, new Set([target.name]));
  if (planDigests(workspace, names).get(target.name) === plan) return;
  const now = sharedManifest(plannedManifest(workspace, target));
  const [reason] = differences(submitted, now);
  const what = reason === undefined ? "its params or what it needs changed" : formatReason(reason);
  throw new InputError(
    `${target.name} is not what it was when its job was submitted: ${what}; run the command again`,
  );
}

/** Digests of what a target needs, by path; other nodes have just made it, so that it may yet have to appear. */
async function whatItNeeds(
  { plan, ...workspace }: Workspace,
  { name, inputs }: PlannedTarget,
): Promise<ReadonlyMap<string, Digest>> {
  const needed = withNeeds(plan, new Set([name]));
  const made = await patiently(join(plan.root, "cache", "records"), async () => {
    const found = await assessNeeds({ plan, ...workspace }, needed, name);
    const all = [...inputs.values()].every(({ path, producer }) =>
      producer === undefined || found.has(path)
    );
    return all ? found : undefined;
  });
  if (made !== undefined) return made;
  const found = await assessNeeds({ plan, ...workspace }, needed, name);
  const missing = [...inputs.values()].find(({ path, producer }) => producer && !found.has(path));
  throw new TaskFailure(`${name} needs ${missing?.path}, which has no record`, false);
}

async function assessNeeds(
  workspace: Workspace,
  needed: ReadonlySet<TargetName>,
  name: TargetName,
): Promise<ReadonlyMap<string, Digest>> {
  const needs = [...needed].filter((other) => other !== name);
  const made = new Map<string, Digest>();
  for (const state of (await assessAll(workspace, needs)).values()) {
    if (state.state !== "fresh" && state.state !== "in cache") continue;
    for (const { path, digest } of Object.values(state.record.outputs)) made.set(path, digest);
  }
  return made;
}

function endingOf(error: unknown, root: string): JobEnding & { readonly kind: "failed" } {
  const fault = error instanceof Error ? error : new Error(String(error));
  const message = systemCode(fault) === undefined
    ? fault.message
    : describeSystemError(fault, root);
  const input = fault instanceof InputError || (fault instanceof TaskFailure && fault.input);
  return { kind: "failed", cause: "failed", message, input };
}
