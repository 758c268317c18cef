import { join } from "@std/path";
import { z } from "zod";
import { digestOf } from "../../base/digest.ts";
import { InputError } from "../../base/errors.ts";
import { nearest } from "../../base/nearest.ts";
import { writeAtomically } from "../../base/write_atomically.ts";
import type { Override } from "../config/params.ts";
import type { Json } from "../names.ts";

/** Folder of the runs of sweeps, in that of the project. */
export const RUNS = "runs";

/** What a run records of itself. */
const FILE = "run.json";

const finding = z.object({
  /** Such as "number" or "claim". */
  kind: z.string(),
  /** What it was found in: a target, or a result. */
  of: z.string(),
  name: z.string(),
  value: z.union([z.string(), z.number(), z.null()]),
  /** More of it, in words; "" for nothing. */
  detail: z.string(),
});

const runShape = z.object({
  version: z.literal(1),
  /** Values of all params by dotted name. */
  params: z.record(z.string(), z.json() as z.ZodType<Json>),
  findings: z.array(finding),
  /** Digests of the results by path. */
  results: z.record(z.string(), z.string()),
});

/** Something that was found in a run's results, to be compared between runs. */
export type Finding = z.output<typeof finding>;

/** A finished run of a sweep. */
export type SweptRun = z.output<typeof runShape>;

/** A longer name of a folder is cut, and made unique by a digest. */
const MAX_NAME = 120;

/** The name of a run's folder: what it was set to, without the letters that are special in a path or a shell. */
export function runName(overrides: readonly Override[]): string {
  const text = overrides.map(({ name, text }) => `${name}=${text}`).join(",");
  return folderName(text);
}

/** A text as the name of a folder; other texts give other names. */
export function folderName(text: string): string {
  const plain = encodeURIComponent(text).replace(/%(2C|3D|2B)/g, decodeURIComponent)
    .replace(/[!'()*]|^[.-]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
  if (plain.length <= MAX_NAME) return plain;
  return `${plain.slice(0, MAX_NAME)}-${digestOf(text).slice(0, 12)}`;
}

/** Writes what a run records of itself. */
export async function writeRun(folder: string, run: SweptRun): Promise<void> {
  await writeAtomically(join(folder, FILE), `${JSON.stringify(run, null, 2)}\n`);
}

/** Removes what a run recorded of itself: it is being made again. */
export async function forgetRun(folder: string): Promise<void> {
  await Deno.remove(join(folder, FILE)).catch((cause) => {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  });
}

/**
 * Finds the runs that a person names: `SWEEP/RUN`, its path, RUN alone where there is one of that name,
 * or SWEEP for all of its runs.
 *
 * @param root Folder of the project.
 * @param names What the person wrote.
 * @returns Each run once, by `SWEEP/RUN`, in the order given.
 * @throws {InputError} When there is no such run, or it cannot be read.
 */
export function findRuns(root: string, names: readonly string[]): ReadonlyMap<string, SweptRun> {
  const all = list(join(root, RUNS)).flatMap((sweep) =>
    list(join(root, RUNS, sweep)).map((run) => ({ sweep, run, whole: `${sweep}/${run}` }))
  ).filter(({ whole }) => isFile(join(root, RUNS, whole, FILE)));
  const found = new Map<string, SweptRun>();
  for (const written of names) {
    const name = written.replace(/^(\.\/)?runs\/(?=.)/, "").replace(/(\/run\.json)?\/*$/, "");
    const runs = all.filter(({ sweep, whole }) => name === sweep || name === whole);
    const alone = all.filter(({ run }) => name === run);
    if (runs.length === 0 && alone.length > 1) {
      const choice = alone.map(({ whole }) => whole).join(", ");
      throw new InputError(`Cannot tell which run ${written} is: ${choice}`);
    }
    const chosen = runs.length > 0 ? runs : alone;
    if (chosen.length === 0) {
      const near = nearest(name, all.flatMap(({ sweep, whole }) => [sweep, whole]));
      const remedy = all.length === 0 ? "; make runs with: deno task sweep -S a.b=1,2" : near;
      throw new InputError(`There is no finished run ${written} in ${RUNS}/${remedy}`);
    }
    for (const { whole } of chosen) found.set(whole, readRun(join(root, RUNS, whole, FILE), whole));
  }
  return found;
}

function readRun(path: string, name: string): SweptRun {
  try {
    return runShape.parse(JSON.parse(Deno.readTextFileSync(path)));
  } catch {
    const remedy = "run its sweep again";
    throw new InputError(`Cannot read ${RUNS}/${name}/${FILE}: it is damaged; ${remedy}`);
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** The names of the folders in a folder, sorted; none where it is not there. */
function list(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].filter(({ isDirectory }) => isDirectory)
      .map(({ name }) => name).sort();
  } catch {
    return [];
  }
}
