import { InputError } from "../base/errors.ts";
import type { Digest } from "../base/digest.ts";
import { openZip, type ZipMember, zipSourceOf } from "../base/unzip.ts";
import { parseRecord } from "../runner/parse_record.ts";
import type { RecordedOutput, RunRecord } from "../runner/record.ts";
import type { Store } from "../runner/store.ts";
import { MAX_RECORD, Refused, type Source, writeChecked } from "./source.ts";

/** Where a record and a content are in an archive: as a cache on the network has them. */
const RECORD = /^ac\/([0-9a-f]{64})$/;
const contentName = (digest: Digest): string => `cas/${digest}`;

/** Most members of an archive. */
const MAX_MEMBERS = 1_000_000;

/** The earliest date that a zip can have: equal results give equal bytes. */
const DATE = new Date(1980, 0, 1);

/** For whoever opens the archive. */
const README = `Results of a workflow, by key (ac/) and by SHA-256 (cas/).

In a copy of the project, with the version of Deno that made them (${Deno.version.deno}):

    deno task cache import THIS_FILE
    deno task reproduce

The first verifies every byte and puts the results in their places. The second finds nothing to run.
`;

/** An archive of results that is open for reading. */
export class Archive implements Source {
  readonly name: string;
  readonly #members: ReadonlyMap<string, ZipMember>;

  /**
   * @param file The archive, open while this is used.
   * @param name Its name for messages.
   * @throws {InputError} When it is not an archive of results.
   */
  constructor(file: Deno.FsFile, name: string) {
    this.name = name;
    let members: readonly ZipMember[] = [];
    let why = "it holds no results; write one with: deno task cache export FILE.zip";
    try {
      members = openZip(zipSourceOf(file), MAX_MEMBERS);
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause;
      why = cause.message;
    }
    this.#members = new Map(members.map((member) => [member.name, member]));
    if (!members.some((member) => RECORD.test(member.name))) {
      throw new InputError(`Cannot import ${name}: ${why}`);
    }
  }

  record(key: Digest): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.#read(`ac/${key}`));
  }

  async save(output: RecordedOutput, file: string): Promise<boolean> {
    const member = this.#members.get(contentName(output.digest));
    if (member === undefined) return false;
    await damageRefused(() => writeChecked(member.chunks(), output, file));
    return true;
  }

  /** Its records that are whole, of whatever project they are. */
  *records(): Generator<RunRecord> {
    for (const name of this.#members.keys()) {
      const [, key] = RECORD.exec(name) ?? [];
      if (key === undefined) continue;
      try {
        const { signature: _, ...rest } = JSON.parse(new TextDecoder().decode(this.#read(name)));
        const record = parseRecord(rest, key as Digest);
        if (record !== undefined) yield record;
      } catch {
        // It is refused where it is asked for.
      }
    }
  }

  #read(name: string): Uint8Array | undefined {
    const member = this.#members.get(name);
    if (member === undefined) return undefined;
    if (member.size > MAX_RECORD) {
      throw new Refused(`the record has more than ${MAX_RECORD} bytes`);
    }
    try {
      return member.read();
    } catch (cause) {
      if (cause instanceof TypeError) throw new Refused(cause.message);
      throw cause;
    }
  }
}

async function damageRefused(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (cause instanceof TypeError) throw new Refused(cause.message);
    throw cause;
  }
}

/**
 * Writes records with their contents to an archive.
 *
 * @param path Where.
 * @param store Holds the contents.
 * @param records By key, each as text.
 * @param outputs All outputs of the records.
 * @throws {InputError} When a content is lost.
 */
export async function writeArchive(
  path: string,
  store: Store,
  records: ReadonlyMap<Digest, string>,
  outputs: readonly RecordedOutput[],
): Promise<void> {
  const { configure, TextReader, ZipWriter } = await import("@zip.js/zip.js");
  configure({ useWebWorkers: false });
  const file = await Deno.open(path, { create: true, write: true, truncate: true });
  const writer = new ZipWriter(file.writable, {
    ...{ level: 9, lastModDate: DATE, extendedTimestamp: false },
  });
  await writer.add("README.txt", new TextReader(README));
  for (const [key, text] of [...records].toSorted()) {
    await writer.add(`ac/${key}`, new TextReader(text));
  }
  const contents = new Map(outputs.map((output) => [output.digest, output]));
  for (const [digest, { path, size }] of [...contents].toSorted(([a], [b]) => a < b ? -1 : 1)) {
    if (!await store.hasContent(digest)) throw new InputError(`Cannot export ${path}: it is lost`);
    const source = await Deno.open(store.contentPath(digest));
    await writer.add(contentName(digest), source.readable, { zip64: size >= ZIP_64 });
  }
  await writer.close();
}

/** A member of this many bytes needs zip's form with wide fields. */
const ZIP_64 = 0xffffffff;
