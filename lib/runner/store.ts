/**
 * The one owner of `cache/`, apart from the outputs that targets place there.
 *
 * - `records/KEY.json`: a finished run: its manifest, its outputs' digests, its log.
 * - `contents/DIGEST`: the bytes of outputs, read-only.
 * - `states/TARGET.json`: the key of the target's last record, and its last failure.
 * - `code/`: snapshots of the tasks' modules, by content: what tasks run.
 * - `staging/`: one folder for each running task, with copies of its inputs (`in`), its outputs (`out`) and
 *   its temporary files (`tmp`); a failed one is kept until the next run of it.
 * - `locks/KEY`: held with the kernel's file lock while a key is being made.
 * - `locks/cache`: held by every run together, and by one that removes things alone.
 * - `downloads/`: what tasks with a network have fetched, whole and in part, so that an interrupted
 *   one goes on and nothing is fetched twice; only they write there, and gc removes what is old.
 * - `aside/`: files that stood where an output goes and that no task had made.
 *
 * Invariants. A record appears only after its contents are complete and flushed. Every file appears
 * by a rename within its folder, so a reader never sees part of one. A run that is killed leaves
 * at most a staging folder behind, and the kernel frees its locks. Two runs that want one key are
 * put in turn by its lock; the second finds the record. A record is believed only if its form, its key
 * and its check are right. A content that is missing or whose size or digest is wrong makes its record
 * a miss (so a folder need not be flushed after a rename); contents are verified whenever they are copied. No writer is alive when a digest is taken, and
 * no output is written below a symbolic link. Nothing is assumed of the file system beyond an atomic
 * rename within one folder.
 *
 * What takes the kernel a few microseconds is asked for synchronously: to hand it to another thread
 * would take ten times as long. What waits for the disk is not.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import { InputError } from "../base/errors.ts";
import { copyVerified } from "./copy_verified.ts";
import { type Digest, digestOfFile } from "../base/digest.ts";
import { flush, removeUnlessFile, writeAtomically } from "../base/write_atomically.ts";
import type { FileDigests } from "./file_digests.ts";
import type { RecordedOutput, RunRecord, TargetState } from "./record.ts";
import { isAbsence, statOf, systemCode } from "../base/ending.ts";
import { checkOf, isOfOtherFormat, parseRecord, parseState } from "./parse_record.ts";
import type { TargetName } from "./names.ts";

/** The folder of what has been fetched, in that of the project. */
export const DOWNLOADS = join("cache", "downloads");

/** A file that a task wrote, and the path that it is to have. */
export interface StagedFile {
  readonly file: string;
  readonly path: string;
}

/** A cached content is missing or is not what its digest says. */
export class ContentLost extends Error {
  readonly digest: Digest;

  constructor(digest: Digest) {
    super(`the cached content ${digest.slice(0, 12)} is lost or damaged`);
    this.digest = digest;
  }
}

/** Reads and writes the cache of one project. */
export class Store {
  readonly #root: string;
  readonly #digests: FileDigests;
  readonly #damaged = new Set<string>();

  constructor(root: string, digests: FileDigests) {
    this.#root = join(root, "cache");
    this.#digests = digests;
  }

  /** What to warn of: the records that are damaged and so were not used. */
  get warnings(): readonly string[] {
    return [...this.#damaged].map((path) =>
      `The record ${path} is damaged and was not used; the next build of its target replaces it.`
    );
  }

  /** The record of a key, if there is one and it is whole. */
  record(key: Digest): RunRecord | undefined {
    const path = this.recordPath(key);
    const value = readJson(path);
    if (value === undefined) return undefined;
    const record = parseRecord(value, key);
    if (record === undefined && !isOfOtherFormat(value)) this.#damaged.add(path);
    return record;
  }

  /** What is remembered of a target. */
  state(target: TargetName): TargetState | undefined {
    const value = readJson(this.#statePath(target));
    return value === undefined ? undefined : parseState(value, target);
  }

  /** Remembers the record or the failure that a target last came to. */
  async setState(state: TargetState): Promise<void> {
    // A state that a failing machine loses counts as never written: it need not be flushed.
    await unlessReadOnly(() =>
      writeAtomically(this.#statePath(state.target), JSON.stringify(state, null, 2), false)
    );
  }

  /** Where the bytes of a digest are, or would be. */
  contentPath(digest: Digest): string {
    return join(this.#root, "contents", digest.slice(0, 2), digest);
  }

  /** Whether the bytes of a digest are there and are what they should be. */
  async hasContent(digest: Digest): Promise<boolean> {
    return await this.#digests.of(this.contentPath(digest)) === digest;
  }

  /** Removes a content that is not what it should be. */
  discard(digest: Digest): void {
    try {
      Deno.removeSync(this.contentPath(digest), { recursive: true });
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    }
  }

  /** A new staging folder for a key whose lock is held; those that earlier runs of it left go. */
  stage(key: Digest): string {
    const folder = join(this.#root, "staging");
    const prefix = `${key.slice(0, 12)}-`;
    Deno.mkdirSync(folder, { recursive: true });
    for (const { name } of Deno.readDirSync(folder)) {
      if (!name.startsWith(prefix)) continue;
      Deno.removeSync(join(folder, name), { recursive: true });
    }
    // Unlike that of makeTempDirSync, the error names the folder.
    const staging = join(folder, `${prefix}${crypto.randomUUID()}`);
    Deno.mkdirSync(staging, { mode: 0o700 });
    return Deno.realPathSync(staging);
  }

  /** Marks a record as used now, so that gc keeps it. */
  async touch({ key }: RunRecord): Promise<void> {
    const now = new Date();
    await unlessReadOnly(() => Deno.utime(this.recordPath(key), now, now));
  }

  /** Where the record of a key is, or would be. */
  recordPath(key: Digest): string {
    return join(this.#root, "records", `${key}.json`);
  }

  /**
   * Moves staged files into the contents and then writes the record.
   *
   * @param record The record, its outputs still to be filled in.
   * @param staged The staged file of each output, with the path that it is to have.
   * @returns The record as written.
   */
  async publish(
    record: Omit<RunRecord, "outputs" | "check">,
    staged: ReadonlyMap<string, StagedFile>,
  ): Promise<RunRecord> {
    const outputs: Record<string, RecordedOutput> = {};
    for (const [logical, { file, path }] of staged) {
      const digest = await digestOfFile(file);
      const { size } = Deno.statSync(file);
      await this.#keep(file, digest);
      outputs[logical] = { path, digest, size };
    }
    const filled = { ...record, outputs };
    const complete: RunRecord = { ...filled, check: checkOf(filled) };
    await this.adopt(complete, new Map());
    return complete;
  }

  /**
   * Takes over a record that was made elsewhere and has been verified: its contents, and then itself.
   *
   * @param record The record, whole.
   * @param files The files of those of its contents that are not there yet, each verified.
   */
  async adopt(record: RunRecord, files: ReadonlyMap<Digest, string>): Promise<void> {
    for (const [digest, file] of files) await this.#keep(file, digest);
    await writeAtomically(this.recordPath(record.key), JSON.stringify(record, null, 2));
  }

  /** Moves a file, flushed, into the contents. */
  async #keep(file: string, digest: Digest): Promise<void> {
    const content = this.contentPath(digest);
    Deno.mkdirSync(dirname(content), { recursive: true });
    await flush(file);
    removeUnlessFile(content);
    if (Deno.build.os !== "windows") Deno.chmodSync(file, 0o444);
    // Over one that is there, too: its bytes may have rotted unseen.
    await moveWhole(file, content);
  }

  /**
   * Puts a recorded output in its place, as a copy: a person may edit it without harm to the cache.
   *
   * @param project Folder of the project.
   * @param output The output.
   * @returns Where a file that stood there and that no task had made was moved, if there was one.
   */
  async materialise(project: string, output: RecordedOutput): Promise<string | undefined> {
    const path = join(project, output.path);
    refuseLinks(project, output.path);
    Deno.mkdirSync(dirname(path), { recursive: true });
    let aside: string | undefined;
    const present = await this.#digests.of(path);
    if (present === output.digest) return undefined;
    if (present !== undefined && !await this.hasContent(present)) {
      aside = join(this.#root, "aside", `${present.slice(0, 12)}-${basename(path)}`);
      Deno.mkdirSync(dirname(aside), { recursive: true });
      await move(path, aside);
    }
    const temporary = `${path}.${crypto.randomUUID()}.tmp`;
    try {
      const copied = await copyVerified(this.contentPath(output.digest), temporary);
      if (copied !== output.digest) throw new ContentLost(output.digest);
      if (Deno.build.os !== "windows") Deno.chmodSync(temporary, 0o644);
      Deno.renameSync(temporary, path);
    } catch (cause) {
      await Deno.remove(temporary).catch(() => {});
      throw cause;
    }
    return aside;
  }

  /**
   * Waits for the lock of a key, then holds it until disposed. The kernel frees it when its holder
   * dies, however it dies.
   *
   * @param key The key.
   * @param onWait Called once with who holds it, when it is held.
   * @param signal Ends the waiting.
   */
  async lock(
    key: Digest,
    onWait: (holder: string) => void,
    signal: AbortSignal,
  ): Promise<Disposable> {
    const path = join(this.#root, "locks", key);
    for (;;) {
      const file = await acquire(path, true, onWait, signal);
      // A former holder removes the file; then the lock got here is of a file without a name.
      if (statOf(path)?.ino !== file.statSync().ino) {
        file.close();
        continue;
      }
      sign(file, "is making it");
      return {
        [Symbol.dispose](): void {
          // One that waits, or gc, may have been quicker.
          if (statOf(path) !== undefined) Deno.removeSync(path);
          file.close();
        },
      };
    }
  }

  /**
   * Waits until the cache may be used, then holds it until disposed: by many runs together, or by
   * one that removes things from it alone.
   *
   * @param alone Whether no other may use it meanwhile.
   * @param onWait Called once with who holds it, when it is held.
   * @param signal Ends the waiting.
   */
  async use(
    alone: boolean,
    onWait: (holder: string) => void,
    signal: AbortSignal,
  ): Promise<Disposable> {
    let file: Deno.FsFile;
    try {
      file = await acquire(join(this.#root, "locks", "cache"), alone, onWait, signal);
    } catch (cause) {
      // Where all is fresh a run has nothing to write, and none that cleans can write either.
      if (alone || !READ_ONLY.includes(systemCode(cause))) throw cause;
      return { [Symbol.dispose]: (): void => {} };
    }
    if (alone) sign(file, "is cleaning the cache");
    else file.truncateSync();
    return { [Symbol.dispose]: (): void => file.close() };
  }

  #statePath(target: TargetName): string {
    return join(this.#root, "states", `${encodeURIComponent(target)}.json`);
  }
}

/** A wait for a lock looks again after so long: a blocking wait could not be interrupted. */
const LOOK_AGAIN_MS = 50;

async function acquire(
  path: string,
  exclusive: boolean,
  onWait: (holder: string) => void,
  signal: AbortSignal,
): Promise<Deno.FsFile> {
  Deno.mkdirSync(dirname(path), { recursive: true });
  removeUnlessFile(path);
  const file = Deno.openSync(path, { create: true, read: true, write: true });
  try {
    for (let waited = false; !await file.tryLock(exclusive); waited = true) {
      if (!waited) {
        onWait((await Deno.readTextFile(path).catch(() => "")) || "another run is using the cache");
      }
      await new Promise((done) => setTimeout(done, LOOK_AGAIN_MS));
      signal.throwIfAborted();
    }
    return file;
  } catch (cause) {
    file.close();
    throw cause;
  }
}

/** Writes who holds a lock into its file, for those who wait; without room, they wait unknowing. */
function sign(file: Deno.FsFile, does: string): void {
  try {
    file.truncateSync();
    file.writeSync(new TextEncoder().encode(`process ${Deno.pid} ${does}`));
  } catch {
    // The lock is held all the same.
  }
}

/** Refuses an output below a link in the folders of outputs, which may lead over a person's files. */
export function refuseLinks(project: string, path: string): void {
  const [top = "", ...folders] = dirname(path).split("/");
  folders.reduce((above, name) => {
    const folder = join(above, name);
    if (look(folder)?.isSymlink) {
      const remedy = "remove the link, or give the output another folder";
      throw new InputError(`Cannot change ${path}: ${folder} is a symbolic link; ${remedy}`);
    }
    return folder;
  }, join(project, top));
}

/** Moves a flushed file so that it appears whole, perhaps from another file system. */
async function moveWhole(from: string, to: string): Promise<void> {
  try {
    Deno.renameSync(from, to);
  } catch (cause) {
    if (systemCode(cause) !== "EXDEV") throw cause;
    const temporary = `${to}.${crypto.randomUUID()}.tmp`;
    try {
      Deno.copyFileSync(from, temporary);
      if (Deno.build.os !== "windows") Deno.chmodSync(temporary, 0o644);
      await flush(temporary);
      if (Deno.build.os !== "windows") Deno.chmodSync(temporary, 0o444);
      Deno.renameSync(temporary, to);
    } catch (error) {
      await Deno.remove(temporary).catch(() => {});
      throw error;
    }
  }
}

/** Moves a file, perhaps to another file system. */
async function move(from: string, to: string): Promise<void> {
  try {
    Deno.renameSync(from, to);
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EXDEV")) throw cause;
    await Deno.copyFile(from, to);
    await Deno.remove(from);
  }
}

/** Errors that pass with time: what they hide may be whole. */
const PASSING: readonly unknown[] = ["EMFILE", "ENFILE", "ENOMEM"];

/** Errors of a cache that may be read only. */
const READ_ONLY: readonly unknown[] = ["EROFS", "EACCES", "EPERM"];

/** The JSON of a file; undefined where nothing is there, null where it is not a file or cannot be read. */
function readJson(path: string): unknown {
  try {
    // To open a pipe would wait for its writer.
    return Deno.lstatSync(path).isFile ? JSON.parse(Deno.readTextFileSync(path)) : null;
  } catch (cause) {
    if (isAbsence(cause)) return undefined;
    if (PASSING.includes(systemCode(cause))) throw cause;
    return null;
  }
}

/** Does what only spares later work: where the cache cannot be written, it is left out. */
async function unlessReadOnly(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    if (!READ_ONLY.includes(systemCode(cause))) throw cause;
  }
}

/** What stands at a path, links not followed; another run may remove it at any time. */
function look(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch {
    return undefined;
  }
}
