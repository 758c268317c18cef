import { basename, join, toFileUrl } from "@std/path";
import type { Workspace } from "../assess.ts";
import { bytes, gpuCount, seconds } from "./amounts.ts";
import { type Job, TaskFailure } from "./executor.ts";
import type { Digest } from "../../base/digest.ts";
import type { Manifest } from "../key.ts";
import type { PlannedTarget } from "../config/planned.ts";
import { DOWNLOADS, type StagedFile } from "../store.ts";
import { copyInputs } from "./copy_inputs.ts";

/**
 * Prepares all that a task's process gets: copies of the inputs, the params, and what it is allowed.
 *
 * @param workspace The workflow.
 * @param target The target to make.
 * @param key Its key.
 * @param manifest What the key stands for.
 * @param staging An empty folder for this run of the task: absolute, without links.
 */
export async function prepareJob(
  { plan, store, code, snapshot }: Workspace,
  target: PlannedTarget,
  key: Digest,
  manifest: Manifest,
  staging: string,
): Promise<Job> {
  for (const folder of ["in", "out", "tmp"]) Deno.mkdirSync(join(staging, folder));
  const inputs = await copyInputs(plan.root, store, target, manifest, join(staging, "in"));
  const outputs = [...target.outputs].map(([logical, path]) =>
    [logical, join(staging, "out", `${logical}${/\.[^./]+$/.exec(path)?.[0] ?? ""}`)] as const
  );
  const { direct = {}, folders = [] } = code.get(target.taskId) ?? {};
  const { network } = target;
  const { time, memory, gpu } = target.resources;
  const root = snapshot();
  return {
    code: root,
    module: toFileUrl(join(root, target.taskId)).href,
    params: target.params,
    seed: manifest.seed ?? "",
    inputs,
    outputs: Object.fromEntries(outputs),
    provenance: {
      target: target.name,
      task: target.taskId,
      key,
      software: { deno: Deno.version.deno, v8: Deno.version.v8, ...direct },
    },
    staging,
    permissions: {
      read: [
        ...Object.keys(manifest.modules).map((path) => join(root, path)),
        ...folders,
        join(staging, "in"),
      ],
      write: [join(staging, "out")],
      network,
      downloads: network.length > 0 ? join(plan.root, DOWNLOADS) : undefined,
      secrets: target.task.secrets,
      native: target.task.native,
      env: target.env,
    },
    timeout: time === undefined ? undefined : seconds(time),
    memory: memory === undefined ? undefined : bytes(memory),
    gpus: gpuCount(gpu),
  };
}

/**
 * The files that a task wrote, by the logical names of its outputs.
 *
 * @throws {TaskFailure} When one is missing, or there is something else.
 */
export async function stagedOutputs(
  target: PlannedTarget,
  job: Job,
): Promise<ReadonlyMap<string, StagedFile>> {
  const declared = new Set(Object.values(job.outputs).map((path) => basename(path)));
  for await (const { name } of Deno.readDir(join(job.staging, "out"))) {
    if (!declared.has(name)) {
      throw new TaskFailure(`${target.taskId} wrote ${name}, which is not an output of it`, false);
    }
  }
  const staged = new Map<string, StagedFile>();
  for (const [logical, path] of target.outputs) {
    const file = job.outputs[logical] ?? "";
    const stat = await Deno.lstat(file).catch(() => undefined);
    if (!stat?.isFile) {
      throw new TaskFailure(`${target.taskId} did not write its output ${logical}`, false);
    }
    staged.set(logical, { file, path });
  }
  return staged;
}
