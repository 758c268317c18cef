import { join } from "@std/path";
import { type Digest, digestOf, digestOfFile } from "../base/digest.ts";
import { writeAtomically } from "./store.ts";

interface Entry {
  /** Digest of the names, sizes, times and inodes of the package's files. */
  readonly state: Digest;
  /** Digest of the names and contents of the package's files. */
  readonly content: Digest;
}

/** A package with a file that changed less than this before it was read is read again: in ms. */
const SETTLED = 2000;

/** Files of a package that neither run nor are read: types, source maps and texts for people. */
const INERT = /\.(d\.[cm]?ts|map|md|markdown)$/;

/**
 * Digests of the files of packages: what a package brings is what a task reads, whatever the lock file
 * says of it. A digest is remembered together with the size, times and inode of each file, and taken
 * again where one of them differs.
 */
export class PackageDigests {
  readonly #path: string;
  readonly #entries: Map<string, Entry>;
  #changed = false;

  /** @param root Folder of the project, whose cache remembers the digests. */
  constructor(root: string) {
    this.#path = join(root, "cache", "states", ".packages.json");
    let entries: [string, Entry][] = [];
    try {
      if (!Deno.lstatSync(this.#path).isFile) throw new Error("not a file");
      entries = Object.entries(JSON.parse(Deno.readTextFileSync(this.#path)) ?? {});
    } catch {
      // Nothing remembered: every digest is taken again.
    }
    this.#entries = new Map(entries);
  }

  /**
   * The digest of a package's files.
   *
   * @param folder The package's own folder; packages in a `node_modules` inside it do not count.
   */
  async of(folder: string): Promise<Digest> {
    const taken = Date.now();
    const { files, states, newest } = list(folder);
    const state = digestOf(states.join("\n"));
    const known = this.#entries.get(folder);
    if (known?.state === state && /^[0-9a-f]{64}$/.test(known.content)) return known.content;
    const contents: string[] = [];
    for (const file of files) {
      contents.push(`${file} ${await digestOfFile(join(folder, file))}`);
    }
    const content = digestOf(contents.join("\n"));
    if (newest < taken - SETTLED) {
      this.#entries.set(folder, { state, content });
      this.#changed = true;
    }
    return content;
  }

  /** Writes what is remembered, if it changed and can be written: it only saves time. */
  async save(): Promise<void> {
    if (!this.#changed) return;
    const text = JSON.stringify(Object.fromEntries(this.#entries));
    await writeAtomically(this.#path, text, false).catch(() => {});
    this.#changed = false;
  }
}

/** The files of a package in order, with what tells that one has changed. */
function list(root: string): { files: string[]; states: string[]; newest: number } {
  const files: string[] = [];
  const states: string[] = [];
  let newest = 0;
  const walk = (folder: string, prefix: string): void => {
    const entries = [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1);
    for (const { name, isDirectory, isFile } of entries) {
      if (isDirectory && name !== "node_modules") walk(join(folder, name), `${prefix}${name}/`);
      if (!isFile || INERT.test(name)) continue;
      const { size, mtime, ctime, ino } = Deno.lstatSync(join(folder, name));
      const times = [mtime?.getTime() ?? 0, ctime?.getTime() ?? 0];
      files.push(`${prefix}${name}`);
      states.push(`${prefix}${name} ${size} ${times} ${ino}`);
      newest = Math.max(newest, ...times);
    }
  };
  walk(root, "");
  return { files, states, newest };
}
