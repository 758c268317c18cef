import { type Digest, digestOf } from "../base/digest.ts";
import type { TaskCode } from "./modules.ts";
import type { Json, TaskId } from "./names.ts";
import type { PlannedTarget } from "./config/planned.ts";
import { taskSeed } from "./task_seed.ts";

/** Version of the manifest, of the store and of how a task is run: raise it to rebuild all. */
export const FORMAT = 3;

/** All that a target's result depends on. Its digest is the target's key. */
export interface Manifest {
  readonly format: number;
  readonly task: TaskId;
  readonly modules: Readonly<Record<string, Digest>>;
  readonly packages: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, Json>>;
  /** Digests of the inputs by logical name: never their paths or times. */
  readonly inputs: Readonly<Record<string, Digest>>;
  /** Declared outputs by logical name. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Null when the task draws no random numbers. */
  readonly seed: string | null;
  readonly env: Readonly<Record<string, string | null>>;
  readonly runtime: string;
  /** Operating system and architecture, for tasks of native code. */
  readonly platform: string | null;
}

/**
 * The manifest of a target.
 *
 * @param target The target, planned.
 * @param code The code that its task imports.
 * @param inputs Digests of its inputs by logical name.
 * @param rootSeed `params.seed`.
 */
export function manifestOf(
  target: PlannedTarget,
  code: TaskCode,
  inputs: Readonly<Record<string, Digest>>,
  rootSeed: string,
): Manifest {
  const env = target.env.map((name) => [name, Deno.env.get(name) ?? null] as const);
  return {
    format: FORMAT,
    task: target.taskId,
    modules: code.modules,
    packages: code.packages,
    params: target.params,
    inputs,
    outputs: Object.fromEntries(target.outputs),
    seed: target.task.seeded ? taskSeed(rootSeed, target.taskId) : null,
    env: Object.fromEntries(env),
    runtime: `deno ${Deno.version.deno}`,
    platform: target.task.native ? `${Deno.build.os} ${Deno.build.arch}` : null,
  };
}

/** The canonical JSON of objects that no longer change: of manifests and of what many of them share. */
const written = new WeakMap<object, string>();

/** The key of a manifest: SHA-256 of its canonical JSON. */
export function keyOf(manifest: Manifest): Digest {
  for (const part of [manifest.modules, manifest.packages, manifest]) {
    // That of a damaged record may lack one.
    if (Object(part) === part) written.set(part, canonicalJson(part as unknown as Json));
  }
  return digestOf(canonicalJson(manifest as unknown as Json));
}

/** JSON with the names of every object in order, so that equal values give equal texts. */
export function canonicalJson(value: Json): string {
  if (Object.is(value, -0)) return "-0";
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const known = written.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = value as { readonly [name: string]: Json };
  let text = "";
  for (const name of Object.keys(members).sort()) {
    text += `${text && ","}${JSON.stringify(name)}:${canonicalJson(members[name] ?? null)}`;
  }
  return `{${text}}`;
}
