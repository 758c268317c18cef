import type { Digest } from "../base/digest.ts";

/** Where the files of a bundle come from, written in it. */
export interface BundleManifest {
  /** Such as a repository's address. */
  readonly origin: string;
  /** The commit that all files are of; null for a person's own files. */
  readonly revision: string | null;
  readonly files: readonly BundledFile[];
  /** What was wanted and is not there, and why. */
  readonly absent: readonly { readonly name: string; readonly reason: string }[];
}

/** A file in a bundle. */
export interface BundledFile {
  readonly name: string;
  /** Null for a person's own file. */
  readonly url: string | null;
  readonly size: number;
  readonly sha256: Digest;
  /** Of which benchmark it is. */
  readonly benchmark: string;
}

const MANIFEST = "manifest.json";

/** The earliest date that a zip can have: equal files give equal bytes. */
const DATE = new Date(1980, 0, 1);

const OPTIONS = { level: 0, lastModDate: DATE, extendedTimestamp: false } as const;

/**
 * Writes files as they are, with where they come from, into one zip, unpacked members in order.
 *
 * @param path Where.
 * @param manifest Where its files come from.
 * @param paths Where the bytes of each file are, in the manifest's order.
 */
export async function writeBundle(
  path: string,
  manifest: BundleManifest,
  paths: readonly string[],
): Promise<void> {
  const { configure, TextReader, ZipWriter } = await import("@zip.js/zip.js");
  configure({ useWebWorkers: false });
  const file = await Deno.open(path, { create: true, write: true, truncate: true });
  const writer = new ZipWriter(file.writable, { ...OPTIONS, zip64: true });
  await writer.add(MANIFEST, new TextReader(JSON.stringify(manifest, null, 2)));
  for (const [i, { name }] of manifest.files.entries()) {
    const source = await Deno.open(paths[i] ?? "");
    // The manifest holds the name as it is; here it must not lead out of the archive.
    await writer.add(`files/${i + 1}-${name.replace(/[^\w.()-]+/g, "_")}`, source.readable);
  }
  await writer.close();
}

/** A bundle that is open for reading. */
export interface Bundle {
  readonly manifest: BundleManifest;
  /** The files in order, each with what reads its bytes. */
  readonly files: readonly {
    readonly file: BundledFile;
    readonly read: () => Promise<Uint8Array<ArrayBuffer>>;
  }[];
}

/**
 * Opens a bundle that {@linkcode writeBundle} wrote.
 *
 * @param path Where it is.
 * @throws {TypeError} When it is none.
 */
export async function openBundle(path: string): Promise<Bundle> {
  const { configure, Reader, TextWriter, Uint8ArrayWriter, ZipReader } = await import(
    "@zip.js/zip.js"
  );
  configure({ useWebWorkers: false });
  class FileReader extends Reader<string> {
    override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
      using file = await Deno.open(path);
      await file.seek(index, Deno.SeekMode.Start);
      const bytes = new Uint8Array(length);
      let have = 0;
      while (have < length) {
        const n = await file.read(bytes.subarray(have));
        if (n === null) break;
        have += n;
      }
      return bytes.subarray(0, have);
    }
  }
  const source = new FileReader(path);
  source.size = (await Deno.stat(path)).size;
  const entries = await new ZipReader(source).getEntries();
  const [first, ...rest] = entries;
  if (first === undefined || first.directory || first.filename !== MANIFEST) {
    throw new TypeError(`Cannot open bundle: ${path} has no ${MANIFEST}`);
  }
  const manifest = JSON.parse(await first.getData(new TextWriter())) as BundleManifest;
  const files = manifest.files.map((file, i) => {
    const entry = rest[i];
    if (entry === undefined || entry.directory) {
      throw new TypeError(`Cannot open bundle: it lacks ${file.name}`);
    }
    const read = async (): Promise<Uint8Array<ArrayBuffer>> => {
      const bytes = await entry.getData(new Uint8ArrayWriter(), { checkSignature: true });
      return bytes as Uint8Array<ArrayBuffer>;
    };
    return { file, read };
  });
  return { manifest, files };
}
