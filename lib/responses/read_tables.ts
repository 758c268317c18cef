import type { AsyncBuffer } from "hyparquet";
import { join } from "@std/path";
import { InputError } from "../base/errors.ts";
import { Observations } from "./observations.ts";
import type { Shape } from "./csv_layout.ts";
import { readCsv } from "./read_csv.ts";
import { readParquet } from "./read_parquet.ts";

/** Endings of the files of a format. */
const ENDINGS = {
  csv: [".csv", ".tsv", ".txt"],
  parquet: [".parquet", ".pq"],
} as const;

/** A format of a table of one's own. */
export type TableFormat = keyof typeof ENDINGS;

/** The format of a file by its ending; undefined when the ending is none of them. */
function formatOf(path: string): TableFormat | undefined {
  const lower = path.toLowerCase();
  const formats = Object.keys(ENDINGS) as TableFormat[];
  return formats.find((format) => ENDINGS[format].some((ending) => lower.endsWith(ending)));
}

/**
 * The format of a file, or of the files in a folder.
 *
 * @param path The file or folder.
 * @param name What to call it in errors.
 * @throws {InputError} When it is not there, or there is not just one format.
 */
export async function formatAt(path: string, name: string): Promise<TableFormat> {
  const endings = Object.values(ENDINGS).flat().join(", ");
  const stat = await Deno.stat(path).catch(() => undefined);
  if (stat === undefined) {
    throw new InputError(`Cannot read ${name}: there is no such file or folder. Give its path.`);
  }
  const files = stat.isDirectory
    ? (await Array.fromAsync(Deno.readDir(path))).map((entry) => entry.name)
    : [path];
  const formats = new Set(
    files.filter((file) => !file.startsWith(".")).flatMap((file) => formatOf(file) ?? []),
  );
  const [format] = formats;
  if (format !== undefined && formats.size === 1) return format;
  if (stat.isDirectory) {
    const holds = formats.size === 0 ? "no table" : "both CSV and parquet";
    throw new InputError(`Cannot read ${name}: the folder holds ${holds}. Give one of ${endings}.`);
  }
  throw new InputError(
    `Cannot read ${name}: its ending is none of ${endings}. Give a CSV or parquet file; unpack ` +
      ".gz first, and convert JSON to CSV.",
  );
}

/**
 * Reads a response table from a file, or from all files of its format in a folder, in the order of
 * their names.
 *
 * @param path The file or folder.
 * @param name What to call it in errors.
 * @param format Of the file or files.
 * @param options The benchmarks whose rows are taken (null: all), and the layout of a CSV.
 * @throws {InputError} When there is none, or one cannot be read.
 */
export async function readTables(
  path: string,
  name: string,
  format: TableFormat,
  { benchmarks = null, shape = "auto" }: {
    readonly benchmarks?: readonly string[] | null;
    readonly shape?: Shape;
  } = {},
): Promise<Observations> {
  const into = new Observations(benchmarks);
  const others = await otherFiles(path, format);
  if (others.length > 0) {
    into.notes.push(`${others.length} entries of the folder are not read, such as ${others[0]}`);
  }
  for (const file of await filesOf(path, name, format)) {
    using open = await Deno.open(file.path);
    if (format === "csv") await readCsv(open.readable, file.name, { into, shape });
    else await readParquet(await pieces(open), file.name, { into });
  }
  return into;
}

/** What a folder holds besides files of a format. */
async function otherFiles(path: string, format: TableFormat): Promise<readonly string[]> {
  if (!(await Deno.stat(path)).isDirectory) return [];
  return (await Array.fromAsync(Deno.readDir(path)))
    .filter(({ name, isDirectory }) => isDirectory || formatOf(name) !== format)
    .map(({ name }) => name).filter((name) => !name.startsWith(".")).sort();
}

async function filesOf(
  path: string,
  name: string,
  format: TableFormat,
): Promise<readonly { readonly path: string; readonly name: string }[]> {
  if (!(await Deno.stat(path)).isDirectory) return [{ path, name }];
  const entries = await Array.fromAsync(Deno.readDir(path));
  const files = entries.map((entry) => entry.name)
    .filter((file) => !file.startsWith(".") && formatOf(file) === format).sort();
  if (files.length === 0) {
    throw new InputError(
      `Cannot use ${name}: the folder holds no ${format} file (${ENDINGS[format].join(", ")}). ` +
        "Give the path of one.",
    );
  }
  return files.map((file) => ({ path: join(path, file), name: join(name, file) }));
}

/** Reads a file in pieces, so that a large one is never in memory whole. */
async function pieces(file: Deno.FsFile): Promise<AsyncBuffer> {
  let last = Promise.resolve();
  const read = async (start: number, end: number): Promise<ArrayBuffer> => {
    const bytes = new Uint8Array(Math.max(0, end - start));
    await file.seek(start, Deno.SeekMode.Start);
    for (let at = 0; at < bytes.length;) {
      const n = await file.read(bytes.subarray(at));
      if (n === null) throw new RangeError("the file ends early");
      at += n;
    }
    return bytes.buffer;
  };
  const { size } = await file.stat();
  return {
    byteLength: size,
    slice: (start, end = size) => {
      // The file has one position: pieces are read in turn.
      const piece = last.then(() => read(start, Math.min(end, size)));
      last = piece.then(() => {}, () => {});
      return piece;
    },
  };
}
