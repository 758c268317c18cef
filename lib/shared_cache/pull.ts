import { join } from "@std/path";
import type { Digest } from "../base/digest.ts";
import type { Workspace } from "../runner/assess.ts";
import { remember } from "../runner/build.ts";
import type { TargetName } from "../runner/names.ts";
import type { RecordedOutput, RunRecord } from "../runner/record.ts";
import { Slots } from "../runner/semaphore.ts";
import { ContentLost } from "../runner/store.ts";
import { Refused, type Source } from "./source.ts";
import { REQUESTS, type Step, walk } from "./walk.ts";

/** What a pull did. */
export interface Pulled {
  /** Targets whose results came. */
  readonly pulled: readonly TargetName[];
  /** Targets whose results were here. */
  readonly here: readonly TargetName[];
  /** Targets whose results the cache does not have. */
  readonly missing: readonly Step[];
  /** Targets whose results are not what they should be, and why. */
  readonly refused: Readonly<Record<string, string>>;
  /** Bytes of contents that came. */
  readonly bytes: number;
}

/** Options of a pull. */
export interface PullOptions {
  /** Targets whose contents are wanted. */
  readonly wanted: ReadonlySet<TargetName>;
  readonly trusted: readonly string[];
  readonly signal: AbortSignal;
  /** Called with each target whose result came, and its bytes. */
  readonly onPulled: (target: TargetName, bytes: number) => void;
  /** Called with each file of a person's own that was moved out of the way. */
  readonly onAside: (path: string, at: string) => void;
}

/**
 * Takes over results from another cache, and puts all that are wanted in their places. What comes is
 * verified first: nothing appears in the cache that is not what the record says, and no record whose
 * contents are not all there. No path and no name of a file is taken from outside.
 *
 * @param workspace The workflow; its cache is in use.
 * @param names Targets with all that they need, in dependency order.
 * @param source The other cache.
 */
export async function pull(
  workspace: Workspace,
  names: ReadonlySet<TargetName>,
  source: Source,
  options: PullOptions,
): Promise<Pulled> {
  const { wanted, trusted, signal, onPulled } = options;
  const steps = await walk(workspace, names, source, { trusted, askAll: false });
  const refused: Record<string, string> = {};
  for (const [name, step] of steps) if (step.refused !== undefined) refused[name] = step.refused;
  const chosen = [...steps.values()].filter(({ target }) => wanted.has(target.name));
  const pulled = new Set<TargetName>();
  let bytes = 0;
  await withFolder(workspace.plan.root, async (folder) => {
    const take = taker(workspace, source, folder);
    await Promise.all(chosen.map(async ({ target: { name }, remote }) => {
      try {
        if (remote === undefined || signal.aborted) return;
        const size = await take(remote, signal);
        if (size === undefined) return;
        pulled.add(name);
        bytes += size;
        onPulled(name, size);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        refused[name] = error.message;
      }
    }));
  });
  signal.throwIfAborted();
  const has = ({ target: { name }, local }: Step): boolean =>
    local !== undefined || pulled.has(name);
  const lost = await place(workspace, chosen.filter(has), options);
  const missing = chosen.filter((step) => !has(step) || lost.has(step.target.name));
  const here = chosen.filter(({ target, local }) => local !== undefined && !lost.has(target.name))
    .map(({ target }) => target.name);
  return { pulled: [...pulled], here, missing, refused, bytes };
}

/** Does something with a temporary folder, which is removed afterwards. */
export async function withFolder(
  root: string,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const staging = join(root, "cache", "staging");
  await Deno.mkdir(staging, { recursive: true });
  const folder = await Deno.makeTempDir({ dir: staging, prefix: "shared-" });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * What fetches the missing contents of a record and then takes it over.
 *
 * @returns A function that gives the bytes that came, or undefined where a content is not there.
 */
function taker(
  { store }: Workspace,
  source: Source,
  folder: string,
): (record: RunRecord, signal: AbortSignal) => Promise<number | undefined> {
  const requests = new Slots(REQUESTS);
  const turn = new Slots(1);
  const fetched = new Map<Digest, Promise<number | undefined>>();
  /** The bytes that came: 0 where the content is here; undefined where it is nowhere. */
  const fetchOnce = async (
    output: RecordedOutput,
    signal: AbortSignal,
  ): Promise<number | undefined> => {
    if (await store.hasContent(output.digest)) return 0;
    const file = join(folder, output.digest);
    const isThere = await requests.hold(
      1,
      async () => !signal.aborted && await source.save(output, file),
    );
    return isThere ? output.size : undefined;
  };
  return async (record, signal) => {
    const digests = new Map<Digest, string>();
    const sizes = await Promise.all(
      Object.values(record.outputs).map((output) => {
        digests.set(output.digest, join(folder, output.digest));
        const known = fetched.get(output.digest) ?? fetchOnce(output, signal);
        fetched.set(output.digest, known);
        return known;
      }),
    );
    if (sizes.includes(undefined)) return undefined;
    await turn.hold(1, async () => {
      // Another target with the same content may have moved it.
      const left = [...digests].filter(([, file]) => isFile(file));
      await store.adopt(record, new Map(left));
    });
    return sizes.reduce((sum: number, size) => sum + (size ?? 0), 0);
  };
}

function isFile(path: string): boolean {
  try {
    return Deno.lstatSync(path).isFile;
  } catch {
    return false;
  }
}

/** Puts results in their places; returns those whose cached contents are damaged. */
async function place(
  workspace: Workspace,
  steps: readonly Step[],
  { onAside }: PullOptions,
): Promise<ReadonlySet<TargetName>> {
  const { plan, store, digests } = workspace;
  const lost = new Set<TargetName>();
  for (const { target, local, remote } of steps) {
    const record = local ?? remote;
    try {
      for (const [logical, output] of Object.entries(record?.outputs ?? {})) {
        const path = target.outputs.get(logical);
        if (path === undefined) continue;
        const aside = await store.materialise(plan.root, { ...output, path });
        if (aside !== undefined) onAside(path, aside);
      }
      if (record !== undefined) await remember(workspace, record);
    } catch (error) {
      if (!(error instanceof ContentLost)) throw error;
      store.discard(error.digest);
      lost.add(target.name);
    }
  }
  await digests.save();
  return lost;
}
