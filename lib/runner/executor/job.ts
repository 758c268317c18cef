import { isAbsolute, join, toFileUrl } from "@std/path";
import type { Workspace } from "../assess.ts";
import type { Digest } from "../../base/digest.ts";
import { type Job, TaskFailure } from "./executor.ts";
import type { Manifest } from "../key.ts";
import type { PlannedTarget } from "../config/plan.ts";
import { DOWNLOADS, type StagedFile } from "../store.ts";
import type { InputFile } from "../task.ts";

/**
 * All that a task's process gets: the files, the params, and what it is allowed.
 *
 * @param workspace The workflow.
 * @param target The target to make.
 * @param key Its key.
 * @param manifest What the key stands for.
 * @param staging The folder to write to.
 */
export function describeJob(
  { plan, store, code }: Workspace,
  target: PlannedTarget,
  key: Digest,
  manifest: Manifest,
  staging: string,
): Job {
  const inputs: Record<string, InputFile> = {};
  for (const [logical, { path, producer }] of target.inputs) {
    const digest = manifest.inputs[logical];
    if (digest === undefined) continue;
    const own = isAbsolute(path) ? path : join(plan.root, path);
    inputs[logical] = { name: path, digest, path: producer ? store.contentPath(digest) : own };
  }
  const outputs = [...target.outputs].map(([logical, path]) =>
    [logical, join(staging, `${logical}${/\.[^./]+$/.exec(path)?.[0] ?? ""}`)] as const
  );
  const { direct = {}, folders = [] } = code.get(target.taskId) ?? {};
  const network = target.task.network?.(target.params) ?? [];
  const modules = Object.keys(manifest.modules).map((path) => join(plan.root, path));
  return {
    module: toFileUrl(join(plan.root, target.taskId)).href,
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
    permissions: {
      read: [...modules, ...Object.values(inputs).map(({ path }) => path), ...folders],
      write: staging,
      network,
      downloads: network.length > 0 ? join(plan.root, DOWNLOADS) : undefined,
      secrets: target.task.secrets ?? [],
      native: target.task.native ?? false,
      env: target.env,
    },
    stateless: target.task.stateless ?? false,
    timeout: seconds(target.resources.time),
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
  const staging = job.permissions.write;
  const declared = new Set(Object.values(job.outputs));
  for await (const { name } of Deno.readDir(staging)) {
    if (!declared.has(join(staging, name))) {
      throw new TaskFailure(`${target.taskId} wrote ${name}, which is no output of it`, false);
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

function seconds(time: string | undefined): number | undefined {
  if (time === undefined) return undefined;
  const unit = { s: 1, m: 60, h: 3600 }[time.slice(-1)] ?? 1;
  return Number(time.slice(0, -1)) * unit;
}
