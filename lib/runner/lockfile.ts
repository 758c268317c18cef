import { join } from "@std/path";
import { InputError } from "../base/errors.ts";
import type { Assessment } from "./assess.ts";
import { type Digest, digestOf } from "../base/digest.ts";
import { canonicalJson, type Manifest } from "./key.ts";
import type { Json, TargetName } from "./names.ts";
import { writeAtomically } from "../base/write_atomically.ts";

const FILE = "workflow.lock.json";

/** The parts of a manifest that the lock tells apart. */
const PARTS = [
  ...["modules", "packages", "params", "inputs", "outputs", "env", "seed", "runtime", "platform"],
] as const satisfies readonly (keyof Manifest)[];

/** What a run made, to be committed: others can see whether theirs made the same bytes. */
export interface Lock {
  readonly version: 1;
  /** Where the bytes were made. */
  readonly made: { readonly deno: string; readonly v8: string; readonly platform: string };
  readonly targets: Readonly<Record<string, LockedTarget>>;
}

interface LockedTarget {
  readonly key: Digest;
  /** Digests by path. */
  readonly outputs: Readonly<Record<string, Digest>>;
  /** Digests of the parts of the manifest. */
  readonly parts: Readonly<Record<string, Digest>>;
}

/** A target whose bytes are not those of the lock. */
export interface LockDifference {
  readonly target: TargetName;
  /** The outputs concerned; none when the lock does not know the target. */
  readonly paths: readonly string[];
  /** Why it may be. */
  readonly because: string;
}

/**
 * The lock of what is built.
 *
 * @throws {InputError} When a target is not built.
 */
export function lockOf(states: ReadonlyMap<TargetName, Assessment>): Lock {
  const targets: Record<string, LockedTarget> = {};
  for (const [name, state] of [...states].toSorted(([a], [b]) => a < b ? -1 : 1)) {
    if (state.state !== "fresh" && state.state !== "in cache") {
      const remedy = `run: deno task build ${name}`;
      throw new InputError(`Cannot lock ${name}: it has no current result; ${remedy}`);
    }
    const outputs = Object.values(state.record.outputs).map(({ path, digest }) => [path, digest]);
    targets[name] = {
      key: state.key,
      outputs: Object.fromEntries(outputs),
      parts: partsOf(state.manifest),
    };
  }
  return { version: 1, made: here(), targets };
}

/** Writes workflow.lock.json. */
export async function writeLock(root: string, lock: Lock): Promise<void> {
  await writeAtomically(join(root, FILE), `${JSON.stringify(lock, null, 2)}\n`);
}

/**
 * Reads workflow.lock.json.
 *
 * @throws {InputError} When it is missing or cannot be understood.
 */
export async function readLock(root: string): Promise<Lock> {
  let text: string;
  try {
    text = await Deno.readTextFile(join(root, FILE));
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new InputError(
      `Cannot compare with ${FILE}: there is none; write it with: deno task lock`,
    );
  }
  try {
    const lock = JSON.parse(text) as Lock;
    if (lock.version === 1 && typeof lock.targets === "object") return lock;
  } catch {
    // Told below.
  }
  throw new InputError(
    `Cannot read ${FILE}: it is not a lock file of version 1. Restore it, or write it ` +
      "again with: deno task lock",
  );
}

/** The targets whose outputs have other digests than in the lock, and why that may be. */
export function compareWithLock(
  lock: Lock,
  states: ReadonlyMap<TargetName, Assessment>,
): readonly LockDifference[] {
  const found: LockDifference[] = [];
  for (const [target, state] of states) {
    if (state.state !== "fresh" && state.state !== "in cache") continue;
    const locked = Object.hasOwn(lock.targets, target) ? lock.targets[target] : undefined;
    if (locked === undefined) {
      found.push({ target, paths: [], because: `${FILE} does not know it` });
      continue;
    }
    const paths = Object.values(state.record.outputs)
      .filter(({ path, digest }) => locked.outputs[path] !== digest).map(({ path }) => path);
    if (paths.length > 0) {
      found.push({ target, paths, because: explain(lock, locked, state.manifest) });
    }
  }
  return found;
}

/** Says a difference in a few lines. */
export function formatLockDifference({ target, paths, because }: LockDifference): string {
  return [`differs   ${target}: ${because}`, ...paths.map((path) => `          ${path}`)].join(
    "\n",
  );
}

function explain(lock: Lock, locked: LockedTarget, manifest: Manifest): string {
  const now = partsOf(manifest);
  const other = PARTS.filter((part) => now[part] !== locked.parts[part]);
  if (other.length > 0) return `it is made of other ${other.join(", ")}`;
  const { made } = lock;
  const moved = made.platform !== here().platform
    ? `the lock is of ${made.platform}, this is ${here().platform}`
    : "a task that is not deterministic (see: deno task verify), or other arithmetic of the " +
      "processor";
  return `of the same code, params and inputs; it may be ${moved}`;
}

function partsOf(manifest: Manifest): Record<string, Digest> {
  return Object.fromEntries(
    PARTS.map((part) => [part, digestOf(canonicalJson(manifest[part] as Json))]),
  );
}

function here(): Lock["made"] {
  const { deno, v8 } = Deno.version;
  return { deno, v8, platform: `${Deno.build.os} ${Deno.build.arch}` };
}
