import { basename, join } from "@std/path";
import { assessAll, type Workspace } from "./assess.ts";
import type { Digest } from "../base/digest.ts";
import { JOBS } from "./executor/slurm/ledger.ts";
import type { TargetName } from "./names.ts";
import type { Project } from "./project.ts";
import { parseRecord, parseState } from "./parse_record.ts";
import { SNAPSHOTS } from "./snapshot.ts";
import type { RunRecord, TargetState } from "./record.ts";

/** What is to be kept beside what is current. */
export interface CollectOptions {
  /** Records used since then, in ms since 1970. */
  readonly since: number;
  /** Contents of up to N bytes in all, the longest unused going first; undefined: no limit. */
  readonly max: number | undefined;
  /** Whether only to find out what would go. */
  readonly dryRun: boolean;
}

/** What a collection removed, or would have. */
export interface Collected {
  readonly records: number;
  readonly contents: number;
  /** Of failed and of killed runs, and what was fetched but is no longer used. */
  readonly leftovers: number;
  /** Bytes freed. */
  readonly bytes: number;
  /** Bytes of contents that stay. */
  readonly kept: number;
  /** Files under aside/: a person's work, which only a person removes. */
  readonly aside: number;
}

interface Used {
  readonly path: string;
  readonly key: Digest;
  readonly used: number;
  readonly digests: readonly Digest[];
}

/** Names of files that a killed run did not come to rename. */
const TEMPORARY = /\.[0-9a-f]{8}-[0-9a-f-]{27}\.tmp$/;

/**
 * Removes from the cache what no current or recent record names. The caller uses the cache alone.
 *
 * A record is current when it is that of a target of workflow.yaml: of its present key, or the
 * last that it had.
 *
 * @param workspace The workflow.
 * @param options What else is kept.
 */
export async function collect(workspace: Workspace, options: CollectOptions): Promise<Collected> {
  const { plan, digests } = workspace;
  const cache = join(plan.root, "cache");
  const removed: string[] = [];
  const states = await readAll(join(cache, "states"), stateOf);
  const current = new Set<Digest>();
  for (const { key } of (await assessAll(workspace, plan.targets.keys())).values()) {
    if (key !== undefined) current.add(key);
  }
  const stagings = new Set<string>();
  for (const { value: { target, key, failure } } of states) {
    if (!plan.targets.has(target)) continue;
    if (key !== undefined) current.add(key);
    if (failure !== undefined) stagings.add(failure.staging);
  }
  const records: Used[] = (await readAll(join(cache, "records"), recordOf)).map((file) => ({
    path: file.path,
    used: file.mtime,
    key: file.value.key,
    digests: Object.values(file.value.outputs).map(({ digest }) => digest),
  }));
  const sizes = await sizesOf(join(cache, "contents"));
  const keep = chosen(records, current, sizes, options);
  const needed = new Set([...keep].flatMap((record) => record.digests));

  removed.push(...records.filter((record) => !keep.has(record)).map(({ path }) => path));
  const recordCount = removed.length;
  const kept = new Set([...keep].map(({ key }) => key));
  for (const { path, value } of states) {
    if (!plan.targets.has(value.target) && !(value.key && kept.has(value.key))) removed.push(path);
  }
  let bytes = 0;
  let contents = 0;
  for (const [digest, { path, size }] of sizes) {
    if (needed.has(digest)) continue;
    removed.push(path);
    bytes += size;
    contents++;
  }
  const left = [...await leftovers(plan.project, stagings), ...await unused(cache, options.since)];
  for (const { path, size } of left) {
    removed.push(path);
    bytes += size;
  }
  if (!options.dryRun) {
    // Snapshots of code are only copies, which the next run makes again.
    removed.push(...await unusedSince(join(plan.root, SNAPSHOTS), options.since));
    // The caller has seen that no job waits or runs.
    removed.push(...await unusedSince(join(plan.root, JOBS), options.since));
    // Records go first: a killed collection leaves contents without a record, never the reverse.
    for (const path of removed) await Deno.remove(path, { recursive: true });
    await digests.prune();
    await digests.save();
  }
  const total = [...sizes.values()].reduce((sum, { size }) => sum + size, 0);
  const gone = [...sizes].reduce(
    (sum, [digest, { size }]) => sum + (needed.has(digest) ? 0 : size),
    0,
  );
  const aside = (await list(join(cache, "aside"))).length;
  const counts = { records: recordCount, contents, leftovers: left.length };
  return { ...counts, bytes, kept: total - gone, aside };
}

function chosen(
  records: readonly Used[],
  current: ReadonlySet<Digest>,
  sizes: ReadonlyMap<Digest, { readonly size: number }>,
  { since, max = Infinity }: CollectOptions,
): ReadonlySet<Used> {
  const keep = new Set<Used>();
  const counted = new Set<Digest>();
  let total = 0;
  const rank = ({ key, used }: Used): number => current.has(key) ? Infinity : used;
  for (const record of records.toSorted((a, b) => rank(b) - rank(a) || 0)) {
    const added = record.digests.filter((digest) => !counted.has(digest));
    const size = added.reduce((sum, digest) => sum + (sizes.get(digest)?.size ?? 0), 0);
    if (!current.has(record.key) && (record.used < since || total + size > max)) continue;
    added.forEach((digest) => counted.add(digest));
    total += size;
    keep.add(record);
  }
  return keep;
}

/** What killed runs left: staging folders, locks, and files that they did not come to rename. */
async function leftovers(
  { root, results }: Project,
  stagings: ReadonlySet<string>,
): Promise<readonly { readonly path: string; readonly size: number }[]> {
  const found: string[] = [];
  for (const path of await list(join(root, "cache", "staging"))) {
    if (!stagings.has(path)) found.push(path);
  }
  for (const path of await list(join(root, "cache", "locks"))) {
    if (/[0-9a-f]{64}$/.test(path)) found.push(path);
  }
  for (const folder of ["cache", results]) {
    for (const path of await files(join(root, folder))) {
      if (TEMPORARY.test(path) && !path.includes(join("cache", "staging"))) found.push(path);
    }
  }
  return await Promise.all(found.map(async (path) => {
    const inside = [...await files(path), path];
    const stats = await Promise.all(inside.map((file) => Deno.lstat(file)));
    return { path, size: stats.reduce((sum, { isFile, size }) => sum + (isFile ? size : 0), 0) };
  }));
}

/** What was fetched and has not been used since: a target's own contents hold it, too. */
async function unused(
  cache: string,
  since: number,
): Promise<readonly { readonly path: string; readonly size: number }[]> {
  const stats = (await list(join(cache, "downloads"))).map(async (path) => {
    const { size, mtime } = await Deno.lstat(path);
    return { path, size, used: mtime?.getTime() ?? 0 };
  });
  return (await Promise.all(stats)).filter(({ used }) => used < since);
}

/** What stands in a folder and has not changed since: snapshots of code, what jobs left. */
async function unusedSince(folder: string, since: number): Promise<string[]> {
  return (await list(folder)).filter((path) =>
    (Deno.lstatSync(path).mtime?.getTime() ?? 0) < since
  );
}

async function sizesOf(
  folder: string,
): Promise<ReadonlyMap<Digest, { readonly path: string; readonly size: number }>> {
  const sizes = new Map<Digest, { path: string; size: number }>();
  for (const path of await files(folder)) {
    const digest = path.slice(-64) as Digest;
    sizes.set(digest, { path, size: (await Deno.lstat(path)).size });
  }
  return sizes;
}

/** The name of a file of the store, without `.json`. */
const nameOf = (path: string): string => decodeURIComponent(basename(path, ".json"));

const recordOf = (value: unknown, path: string): RunRecord | undefined =>
  parseRecord(value, nameOf(path) as Digest);

const stateOf = (value: unknown, path: string): TargetState | undefined =>
  parseState(value, nameOf(path) as TargetName);

/** The files of a folder that are what they should be; a damaged one is a miss wherever it is read. */
async function readAll<T>(
  folder: string,
  parse: (value: unknown, path: string) => T | undefined,
): Promise<{ readonly path: string; readonly mtime: number; readonly value: T }[]> {
  const all: { path: string; mtime: number; value: T }[] = [];
  for (const path of await list(folder)) {
    if (!/[/\\][^./\\][^/\\]*\.json$/.test(path)) continue;
    try {
      const { isFile, mtime } = Deno.lstatSync(path);
      if (!isFile) continue;
      const value = parse(JSON.parse(Deno.readTextFileSync(path)), path);
      if (value !== undefined) all.push({ path, mtime: mtime?.getTime() ?? 0, value });
    } catch {
      // It cannot be read: the next run of its key writes it again.
    }
  }
  return all;
}

/** The paths in a folder; none where there is no folder. */
async function list(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => join(folder, name));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory) {
      return [];
    }
    throw cause;
  }
}

/** The files below a folder, at any depth. */
async function files(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const path of await list(folder)) {
    if ((await Deno.lstat(path)).isDirectory) found.push(...await files(path));
    else found.push(path);
  }
  return found;
}
