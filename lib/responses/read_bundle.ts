import { InputError } from "../base/errors.ts";
import type { Bundle, BundledFile } from "../fetch/bundle.ts";
import { Observations } from "./observations.ts";
import { readMmluPro } from "./read_mmlu_pro.ts";
import { readParquet } from "./read_parquet.ts";
import { type BfclScores, parseBfcl, takeBfcl } from "./sources/bfcl.ts";
import { readLiveCodeBench } from "./sources/live_code_bench.ts";
import { LIMITS } from "./unzip_json.ts";
import type { ResponseRule } from "./values.ts";

/** Sources whose files are fetched first. */
export const FETCHED_SOURCES = ["measurement-db", "mmlu-pro", "bfcl", "livecodebench"] as const;

/** One of {@linkcode FETCHED_SOURCES}. */
export type FetchedSource = typeof FETCHED_SOURCES[number];

/** How to read the files of a bundle. */
export interface BundleOptions {
  readonly benchmarks: readonly string[] | null;
  readonly rule: ResponseRule;
  /** Whether a file that cannot be read ends it, rather than being left out with a warning. */
  readonly strict: boolean;
  readonly warn: (message: string) => void;
}

/** What was read, and how many files were left out. */
interface Read {
  readonly observations: Observations;
  readonly unread: number;
}

type Reader = (bundle: Bundle, options: BundleOptions) => Promise<Read>;

/**
 * Reads the observations of files that were fetched.
 *
 * @param bundle The files.
 * @param source Where they are from.
 * @param options How.
 * @throws {InputError} When none can be read or, under `strict`, one cannot.
 */
export async function readBundle(
  bundle: Bundle,
  source: FetchedSource,
  options: BundleOptions,
): Promise<Read> {
  return await READERS[source](bundle, options);
}

const READERS: Readonly<Record<FetchedSource, Reader>> = {
  "measurement-db": readTablesOf,
  "mmlu-pro": readZipsOf,
  "bfcl": readScoresOf,
  "livecodebench": readPerformancesOf,
};

async function readTablesOf(bundle: Bundle, { benchmarks, rule }: BundleOptions): Promise<Read> {
  const into = new Observations(benchmarks, rule);
  for (const { file: { name, benchmark }, read } of bundle.files) {
    await readParquet(await read(), name, { into, benchmark });
  }
  return { observations: into, unread: 0 };
}

async function readZipsOf(bundle: Bundle, options: BundleOptions): Promise<Read> {
  const into = new Observations();
  const labels = new Map<string, string>();
  const remedy = "Give the zips of MMLU-Pro's folder eval_results, as they are.";
  const unread = await readEach(bundle, options, remedy, ({ name }, bytes) => {
    const { label, subjectId } = readMmluPro(bytes, name, into);
    const twin = labels.get(subjectId);
    if (twin) {
      options.warn(`${name} and ${twin} are both of ${label}: counted as trials of one subject`);
    }
    labels.set(subjectId, name);
  });
  return { observations: into, unread };
}

async function readScoresOf(bundle: Bundle, options: BundleOptions): Promise<Read> {
  const into = new Observations();
  const scores: BfclScores[] = [];
  const remedy = "Give the folder 2024-08-11/score of BFCL-Result, as it is.";
  let unread = await readEach(bundle, options, remedy, async ({ name }, bytes) => {
    scores.push(await parseBfcl(bytes, name));
  });
  takeBfcl(scores, into, (reason) => {
    unread++;
    leaveOut(new InputError(reason), options);
  });
  return { observations: into, unread };
}

async function readPerformancesOf(bundle: Bundle, options: BundleOptions): Promise<Read> {
  const { fractions, values } = options.rule;
  // A percentage of passed runs is a mean of trials, which the model takes as it is.
  const rule = { values, fractions: fractions === "refuse" ? "keep" : fractions } as const;
  const into = new Observations(null, rule);
  const remedy = "Give performances_generation.json of LiveCodeBench, as it is.";
  const unread = await readEach(
    bundle,
    options,
    remedy,
    ({ name }, bytes) => readLiveCodeBench(bytes, name, into),
  );
  return { observations: into, unread };
}

/**
 * Reads each file of a bundle.
 *
 * @returns How many could not be read.
 */
async function readEach(
  { manifest, files }: Bundle,
  options: BundleOptions,
  remedy: string,
  take: (file: BundledFile, bytes: Uint8Array<ArrayBuffer>) => void | Promise<void>,
): Promise<number> {
  let unread = 0;
  for (const { file, read } of files) {
    try {
      if (file.size > LIMITS.packed) {
        throw new InputError(
          `Cannot read ${file.name}: it has ${file.size} bytes, too many for results`,
        );
      }
      await take(file, await read());
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      unread++;
      leaveOut(error, options);
    }
  }
  if (unread < files.length) return unread;
  const none = unread === 1 ? "its only file cannot" : `none of its ${unread} files can`;
  throw new InputError(`Cannot use ${manifest.origin}: ${none} be read. ${remedy}`);
}

/** Leaves a file out, with a warning, or ends all. */
function leaveOut(error: InputError, { strict, warn }: BundleOptions): void {
  if (strict) throw error;
  warn(`${error.message}; the file is left out`);
}
