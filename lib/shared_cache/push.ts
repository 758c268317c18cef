import type { KeyObject } from "node:crypto";
import { InputError } from "../base/errors.ts";
import type { Workspace } from "../runner/assess.ts";
import type { TargetName } from "../runner/names.ts";
import type { RecordedOutput, RunRecord } from "../runner/record.ts";
import { Slots } from "../runner/semaphore.ts";
import { believe, encodeRecord } from "./believe.ts";
import type { HttpRemote } from "./http_remote.ts";
import { signRecord } from "./signature.ts";
import { Refused } from "./source.ts";
import { REQUESTS, type Step, walk } from "./walk.ts";

/** What a push did. */
export interface Pushed {
  readonly pushed: readonly TargetName[];
  /** Targets whose results were there. */
  readonly there: readonly TargetName[];
  /** Targets without a result here. */
  readonly missing: readonly TargetName[];
  /** Targets whose results nobody could pull, and why. */
  readonly refused: Readonly<Record<string, string>>;
  /** Bytes of contents that were sent. */
  readonly bytes: number;
}

/** Options of a push. */
export interface PushOptions {
  readonly trusted: readonly string[];
  /** Signs the records; undefined: they are not signed. */
  readonly signing: KeyObject | undefined;
  readonly signal: AbortSignal;
  readonly onPushed: (target: TargetName, bytes: number) => void;
}

/** Variables that show that a program runs for a pull request, and their values then. */
const PROPOSALS: readonly (readonly [name: string, value: RegExp])[] = [
  ["GITHUB_EVENT_NAME", /^pull_request/],
  ["CI_MERGE_REQUEST_IID", /./],
];

/** Refuses to write for a pull request: anybody may open one, with whatever code. */
export function refuseProposals(): void {
  for (const [name, value] of PROPOSALS) {
    if (!value.test(Deno.env.get(name) ?? "")) continue;
    throw new InputError(
      `Cannot push from a pull request (${name} is set): push from the branch that it is merged into`,
    );
  }
}

/**
 * Sends results that the cache does not have: contents first, then the record.
 *
 * @param workspace The workflow; its cache is in use.
 * @param names Targets with all that they need, in dependency order.
 * @param remote The cache.
 * @throws {UnavailableError} When it does not take them.
 */
export async function push(
  workspace: Workspace,
  names: ReadonlySet<TargetName>,
  remote: HttpRemote,
  { trusted, signing, signal, onPushed }: PushOptions,
): Promise<Pushed> {
  const steps = await walk(workspace, names, remote, { trusted, askAll: true });
  const pushed: TargetName[] = [];
  const there: TargetName[] = [];
  const missing: TargetName[] = [];
  const refused: Record<string, string> = {};
  const slots = new Slots(REQUESTS);
  let bytes = 0;
  const one = async ({ target, local, remote: known }: Step): Promise<void> => {
    const { name } = target;
    if (signal.aborted) return;
    if (local === undefined) {
      missing.push(name);
      return;
    }
    if (known !== undefined && (await lacking(remote, known)).length === 0) {
      there.push(name);
      return;
    }
    const text = encodeRecord(local, signing && signRecord(local.check, signing));
    try {
      believe(new TextEncoder().encode(text), target, local.key, trusted);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refused[name] = error.message;
      return;
    }
    const wanted = await lacking(remote, local);
    for (const output of wanted) {
      await remote.putContent(output, workspace.store.contentPath(output.digest));
    }
    await remote.putRecord(local.key, text);
    const size = wanted.reduce((sum, { size }) => sum + size, 0);
    bytes += size;
    pushed.push(name);
    onPushed(name, size);
  };
  if (!remote.failed) {
    await Promise.all([...steps.values()].map((step) => slots.hold(1, () => one(step))));
  }
  signal.throwIfAborted();
  return { pushed, there, missing, refused, bytes };
}

/** The outputs of a record that the cache does not have. */
async function lacking(remote: HttpRemote, record: RunRecord): Promise<RecordedOutput[]> {
  const outputs = Object.values(record.outputs);
  const has = await Promise.all(outputs.map((output) => remote.has(output)));
  return outputs.filter((_, i) => !has[i]);
}
