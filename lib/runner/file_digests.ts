import { join } from "@std/path";
import { type Digest, digestOf, digestOfFile } from "../base/digest.ts";
import { writeAtomically } from "../base/write_atomically.ts";
import { isAbsence, statOf } from "../base/ending.ts";
import { listFolder } from "../base/list_folder.ts";

interface Entry {
  readonly size: number;
  readonly mtime: number;
  readonly inode: number;
  /** Time of the inode's last change: it shows an edit that kept size and mtime. */
  readonly ctime: number;
  readonly digest: Digest;
  /** When the digest was taken, in ms. */
  readonly taken: number;
}

/** A file changed within this many ms before its digest was taken is not trusted: clocks are coarse. */
const SETTLED_MS = 2000;

/** A person's own file of this size, in bytes, is not read again unless something shows a change. */
const LARGE = 16 << 20;

/** Types of file systems in memory, as Linux numbers them: tmpfs and ramfs. */
const IN_MEMORY = new Set([0x01021994, 0x858458f6]);

/**
 * Digests of files, remembered by size, time of change and inode as a speed-up only: a file whose
 * time is as new as its remembered digest is read again.
 */
export class FileDigests {
  readonly #path: string;
  readonly #entries: Map<string, Entry>;
  #changed = false;

  private constructor(path: string, entries: Map<string, Entry>) {
    this.#path = path;
    this.#entries = entries;
  }

  /** Loads what the project's cache remembers; a damaged file is as good as none. */
  static async load(root: string): Promise<FileDigests> {
    const path = join(root, "cache", "states", ".digests.json");
    let entries: [string, Entry][] = [];
    try {
      if (!Deno.lstatSync(path).isFile) throw new Error("not a file");
      entries = Object.entries(JSON.parse(await Deno.readTextFile(path)) as Record<string, Entry>);
    } catch {
      // Nothing remembered: every digest is taken again.
    }
    return new FileDigests(path, new Map(entries));
  }

  /** The digest of a file, or undefined where there is no regular file. */
  async of(path: string): Promise<Digest | undefined> {
    let stat: Deno.FileInfo;
    try {
      stat = Deno.lstatSync(path);
    } catch (cause) {
      if (isAbsence(cause)) return undefined;
      throw cause;
    }
    if (stat.isSymlink) {
      return statOf(path) === undefined ? undefined : await this.of(Deno.realPathSync(path));
    }
    if (!stat.isFile) return undefined;
    const [size, mtime, inode] = [stat.size, stat.mtime?.getTime() ?? NaN, stat.ino ?? 0];
    const ctime = stat.ctime?.getTime() ?? 0;
    const known = this.#entries.get(path);
    if (
      known && /^[0-9a-f]{64}$/.test(known.digest) && known.size === size &&
      known.mtime === mtime && known.inode === inode &&
      known.ctime === ctime && Math.max(mtime, ctime) < known.taken - SETTLED_MS
    ) return known.digest;
    const taken = Date.now();
    const digest = await digestOfFile(path);
    this.#entries.set(path, { size, mtime, inode, ctime, digest, taken });
    this.#changed = true;
    return digest;
  }

  /**
   * The digest of a person's own input: of a file its own, of a folder that of the names and digests
   * of the files in it, at any depth. Names that begin with a dot do not count.
   */
  async ofInput(path: string): Promise<Digest | undefined> {
    const stat = statOf(path);
    if (!stat?.isDirectory) return await this.#ofOwn(path);
    const files: [string, Digest][] = [];
    for (const name of await listFolder(path)) {
      const digest = await this.#ofOwn(join(path, name));
      if (digest !== undefined) files.push([name, digest]);
    }
    return digestOf(JSON.stringify(files));
  }

  /**
   * A person's own file is read whole unless it is large: a write through a memory map can leave its
   * times alone. A large one is flushed first, after which the next write through a map shows.
   */
  async #ofOwn(path: string): Promise<Digest | undefined> {
    const stat = statOf(path);
    if (!stat?.isFile) return undefined;
    if (stat.size < LARGE || await this.#mapsHideWrites(path)) return await digestOfFile(path);
    using file = await Deno.open(path);
    await file.syncData();
    return await this.of(path);
  }

  /** Whether a file system in memory holds the file: there, no write through a map shows. */
  async #mapsHideWrites(path: string): Promise<boolean> {
    // It takes longer to load than all else here, and few files are large.
    const { statfsSync } = await import("node:fs");
    return IN_MEMORY.has(statfsSync(path).type);
  }

  /** Forgets files that are gone. */
  async prune(): Promise<void> {
    for (const path of this.#entries.keys()) {
      if (await Deno.lstat(path).then(() => true, () => false)) continue;
      this.#entries.delete(path);
      this.#changed = true;
    }
  }

  /** Writes what is remembered, if it changed and there is room: it is a speed-up only. */
  async save(): Promise<void> {
    if (!this.#changed) return;
    const text = JSON.stringify(Object.fromEntries(this.#entries));
    await writeAtomically(this.#path, text, false).catch(() => {});
    this.#changed = false;
  }
}
