import { join } from "@std/path";
import { type Digest, digestOf, digestOfFile } from "../base/digest.ts";
import { writeAtomically } from "../base/write_atomically.ts";

interface Entry {
  /** The package's folders and files relative to it, each on a line. */
  readonly folders: string;
  readonly files: string;
  /** Digest of the sizes, times and inodes of both. */
  readonly state: Digest;
  /** Digest of the names and contents of the files. */
  readonly content: Digest;
}

/** A package with a file that changed less than this before it was read is read again: in ms. */
const SETTLED = 2000;

/**
 * Files of a package that neither run nor are read: types, source maps and texts for people, and the marks
 * that Deno leaves of scripts that it did not run, which differ by machine.
 */
const INERT = /\.(d\.[cm]?ts|map|md|markdown)$|^\.scripts-warned-/;

/**
 * Digests of the files of packages: what a package brings is what a task reads, whatever the lock file
 * says of it. A digest is remembered together with the size, times and inode of each file and folder,
 * and taken again where one of them differs: a folder's time changes with the names in it.
 */
export class PackageDigests {
  readonly #path: string;
  readonly #entries: Map<string, Entry>;
  readonly #unchanged = new Set<string>();
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

  /** Looks at the files of the packages remembered, while there is nothing else to do. */
  lookAhead(): void {
    for (const [folder, entry] of this.#entries) {
      if (isUnchanged(folder, entry)) this.#unchanged.add(folder);
      else this.#entries.delete(folder);
    }
  }

  /**
   * The digest of a package's files.
   *
   * @param folder The package's own folder; packages in a `node_modules` inside it do not count.
   */
  async of(folder: string): Promise<Digest> {
    const known = this.#entries.get(folder);
    if (known !== undefined) {
      if (this.#unchanged.has(folder) || isUnchanged(folder, known)) return known.content;
    }
    const taken = Date.now();
    const { folders, files } = list(folder);
    const { state, newest } = stateOf(folder, folders, files);
    const contents: string[] = [];
    for (const file of files) {
      contents.push(`${file} ${await digestOfFile(join(folder, file))}`);
    }
    const content = digestOf(contents.join("\n"));
    if (newest < taken - SETTLED) {
      const names = { folders: folders.join("\n"), files: files.join("\n") };
      this.#entries.set(folder, { ...names, state, content });
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

function isUnchanged(folder: string, entry: Entry): boolean {
  try {
    const { folders, files, state, content } = entry;
    return stateOf(folder, folders.split("\n"), files.split("\n")).state === state &&
      /^[0-9a-f]{64}$/.test(content);
  } catch {
    // A file is gone, or what is remembered is damaged.
    return false;
  }
}

/** What shows that a package has changed, and when it last did. */
function stateOf(
  root: string,
  folders: readonly string[],
  files: readonly string[],
): { state: Digest; newest: number } {
  let states = "";
  let newest = 0;
  for (const paths of [folders, files]) {
    for (const path of paths) {
      const { size, mtime, ctime, ino, isDirectory } = Deno.lstatSync(`${root}/${path}`);
      const [modified, changed] = [mtime?.getTime() ?? 0, ctime?.getTime() ?? 0];
      states += `${path} ${isDirectory || size} ${modified} ${changed} ${ino}\n`;
      newest = Math.max(newest, modified, changed);
    }
  }
  return { state: digestOf(states), newest };
}

/** The folders and files of a package in order. */
function list(root: string): { folders: string[]; files: string[] } {
  const folders = [""];
  const files: string[] = [];
  for (const prefix of folders) {
    const entries = [...Deno.readDirSync(join(root, prefix))];
    for (const { name, isDirectory, isFile } of entries) {
      if (isDirectory && name !== "node_modules") folders.push(`${prefix}${name}/`);
      if (isFile && !INERT.test(name)) files.push(`${prefix}${name}`);
    }
  }
  // By each folder's names in turn.
  const order = (path: string): string => path.replaceAll("/", "\0");
  return { folders, files: files.sort((a, b) => order(a) < order(b) ? -1 : 1) };
}
