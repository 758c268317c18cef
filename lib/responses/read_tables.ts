import type { AsyncBuffer } from "hyparquet";
import { join } from "@std/path";
import { InputError } from "../base/errors.ts";
import { listFolder } from "../base/list_folder.ts";
import type { Columns, Shape } from "./columns.ts";
import { Observations } from "./observations.ts";
import { readCsv } from "./read_csv.ts";
import { readParquet } from "./read_parquet.ts";
import type { SourceReader } from "./read_responses.ts";
import { chunksOf, unpacked } from "./sources/chunks.ts";
import { sniff } from "./sources/sniff.ts";

/** Endings of the files of a format. */
const ENDINGS = {
  csv: [".csv", ".tsv", ".txt"],
  parquet: [".parquet", ".pq"],
} as const;

/** A format of a table of one's own. */
export type TableFormat = keyof typeof ENDINGS;

/** The format of a file by its ending; undefined when the ending is none of them. */
function formatOf(path: string): TableFormat | undefined {
  const lower = path.toLowerCase().replace(/\.gz$/, "");
  const formats = Object.keys(ENDINGS) as TableFormat[];
  return formats.find((format) => ENDINGS[format].some((ending) => lower.endsWith(ending)));
}

/** Endings of logs of evaluations. */
const EVALS = /\.(jsonl?|eval)(\.gz)?$/i;

/** Endings of workbooks. */
const WORKBOOK = /\.(xlsx?|xlsm|ods|numbers)$/i;

/**
 * The source that a file, or the files in a folder, are to be read by.
 *
 * @param path The file or folder.
 * @param name What to call it in errors.
 * @throws {InputError} When it is not there, or there is not just one format.
 */
export async function sourceAt(path: string, name: string): Promise<TableFormat | "evals"> {
  const endings = Object.values(ENDINGS).flat().join(", ");
  const stat = await Deno.stat(path).catch(() => undefined);
  if (stat === undefined) {
    throw new InputError(`Cannot read ${name}: there is no such file or folder. Give its path.`);
  }
  const files = stat.isDirectory ? await listFolder(path) : [path];
  const pathOf = (file: string): string => stat.isDirectory ? join(path, file) : file;
  const logs = files.filter((file) => EVALS.test(file));
  if (await isAnyEvaluation(logs.map(pathOf))) return "evals";
  const formats = new Set(
    files.filter((file) => !file.includes("/") || !stat.isDirectory)
      .flatMap((file) => formatOf(file) ?? []),
  );
  const [format] = formats;
  if (format !== undefined && formats.size === 1) return format;
  const others = formats.size > 0 ? [] : files.filter((file) => !EVALS.test(file));
  if (logs.length > 0 || await isAnyEvaluation(others.map(pathOf))) return "evals";
  const takes = `Give a table (${endings}) or logs of evaluations (.jsonl, .json, .eval).`;
  if (stat.isDirectory) {
    const holds = formats.size === 0 ? "no table" : "both CSV and parquet";
    throw new InputError(`Cannot read ${name}: the folder holds ${holds}. ${takes}`);
  }
  if (WORKBOOK.test(path)) {
    throw new InputError(`Cannot read ${name}: it is a workbook. Save its sheet as CSV (UTF-8).`);
  }
  throw new InputError(`Cannot read ${name}: its ending is none of ${endings}. ${takes}`);
}

/** Whether one of the files is a log of an evaluation, or a damaged one. */
async function isAnyEvaluation(paths: readonly string[]): Promise<boolean> {
  for (const path of paths) {
    const kind = await sniff(path).catch(() => "damaged");
    if (typeof kind === "string") return true;
  }
  return false;
}

/** The reader of tables of a format. */
export function tableReader(format: TableFormat): SourceReader {
  return async ({ path, name }, { benchmarks, rule, shape, columns }) => {
    const into = new Observations(benchmarks, rule);
    const observations = await readTables(path, name, format, { into, shape, columns });
    return { observations, name, facts: {} };
  };
}

/**
 * Reads a response table from a file, or from all files of its format in a folder, in the order of
 * their names.
 *
 * @param path The file or folder.
 * @param name What to call it in errors.
 * @param format Of the file or files.
 * @param options Receives the rows; the layout of a CSV; the columns that have another name.
 * @throws {InputError} When there is none, or one cannot be read.
 */
export async function readTables(
  path: string,
  name: string,
  format: TableFormat,
  { into = new Observations(), shape = "auto", columns = {} }: {
    readonly into?: Observations;
    readonly shape?: Shape;
    readonly columns?: Columns;
  } = {},
): Promise<Observations> {
  const others = await otherFiles(path, format);
  if (others.length > 0) {
    into.notes.push(
      others.length === 1
        ? `${others[0]} in the folder is not read`
        : `${others.length} entries of the folder are not read, such as ${others[0]}`,
    );
  }
  for (const file of await filesOf(path, name, format)) {
    try {
      if (format === "csv") {
        await readCsv(chunksOf(file.path), file.name, { into, shape, columns });
      } else if (file.path.toLowerCase().endsWith(".gz")) {
        await readParquet(await unpacked(file.path), file.name, { into, columns });
      } else {
        using open = await Deno.open(file.path);
        await readParquet(await pieces(open), file.name, { into, columns });
      }
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause;
      throw new InputError(`Cannot read ${file.name}: ${cause.message}. Write it again.`, {
        cause,
      });
    }
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
      // The file has one position: pieces are read one after the other.
      const piece = last.then(() => read(start, Math.min(end, size)));
      last = piece.then(() => {}, () => {});
      return piece;
    },
  };
}
