import { InputError } from "../base/errors.ts";
import { type Observations, SKIP_REASONS, type SkipReason } from "./observations.ts";
import type { Responses } from "./responses.ts";
import { TableError } from "./table_error.ts";
import { show } from "./values.ts";

/** What indexing found besides the table. */
export interface Indexed {
  readonly responses: Responses;
  /** Counts of rows that are not item responses. */
  readonly leftOut: Readonly<Record<SkipReason, number>>;
  /** Cells with several trials, which were averaged. */
  readonly averaged: number;
  /** Those of them whose trials are of several files, and two such files. */
  readonly acrossFiles: { count: number; files: readonly string[] };
}

/**
 * Indexes observations (model section 1): several trials of one cell are averaged; ids are sorted,
 * so that the result never depends on the order of rows. Where there are several benchmarks, an
 * item's id is `benchmark/item`, so that equal ids of two benchmarks stay two items.
 *
 * @param observations The observations.
 * @param name Name of the file for errors.
 * @throws {InputError} When the table is empty, no response is 0 or 1, or a subject has none.
 */
export function indexResponses(observations: Observations, name: string): Indexed {
  const { rows, leftOut, benchmarks, categories } = observations;
  if (rows === 0) {
    throw new InputError(`Cannot use ${name}: the table has no rows. Give one with responses.`);
  }
  const [subject, item] = [observations.subject.view(), observations.item.view()];
  const response = observations.response.view();
  const n = subject.length;
  if (n === 0) throw nothingLeft(observations, name);
  const subjects = ranked(observations.subjects, subject);
  requireResponses(observations, subjects.rank, name);
  const several = benchmarks.length > 1;
  const itemIds = observations.items.map(({ id, benchmark }) =>
    several ? `${benchmarks[benchmark]}/${id}` : id
  );
  const items = ranked(itemIds, item);
  const twin = items.ids.find((id, place) => id === items.ids[place - 1]);
  if (twin !== undefined) {
    throw new InputError(
      `Cannot use ${name}: two items of two benchmarks would both be ${show(twin)} ` +
        "(benchmark/item). Rename a benchmark so that it holds no slash.",
    );
  }

  // Counting sort by item, then, keeping that order, by subject.
  const byItem = countingSort(n, items.ids.length, (i) => items.rank[item[i]!]!);
  const bySubject = countingSort(
    n,
    subjects.ids.length,
    (i) => subjects.rank[subject[byItem[i]!]!]!,
  );
  const cells = { subject: new Int32Array(n), item: new Int32Array(n), sum: new Float64Array(n) };
  const trials = new Int32Array(n);
  const fileOf = (row: number): number =>
    observations.files.findLastIndex(({ start }) => start <= row);
  const acrossFiles: Indexed["acrossFiles"] = { count: 0, files: [] };
  let last = -1;
  let averaged = 0;
  let [firstFile, isAcross] = [-1, false];
  for (let k = 0; k < n; k++) {
    const row = byItem[bySubject[k]!]!;
    const [s, i] = [subjects.rank[subject[row]!]!, items.rank[item[row]!]!];
    if (last < 0 || cells.subject[last] !== s || cells.item[last] !== i) {
      last++;
      [cells.subject[last], cells.item[last]] = [s, i];
      isAcross = false;
    } else {
      if (trials[last] === 1) {
        averaged++;
        firstFile = fileOf(byItem[bySubject[k - 1]!]!);
      }
      const file = fileOf(row);
      if (!isAcross && file !== firstFile) {
        isAcross = true;
        acrossFiles.count++;
        acrossFiles.files = [firstFile, file].map((at) => observations.files[at]?.name ?? name);
      }
    }
    cells.sum[last]! += response[row]!;
    trials[last]! += 1;
  }
  const used = last + 1;
  const benchmarkOf = (code: number): string => benchmarks[observations.items[code]!.benchmark]!;
  return {
    responses: {
      subjectIds: subjects.ids,
      itemIds: items.ids,
      ...(categories.size > 0 && {
        categories: items.order.map((code) => categories.get(code) ?? ""),
      }),
      ...(benchmarks.some((name) => name !== "") && { benchmarks: items.order.map(benchmarkOf) }),
      subject: cells.subject.slice(0, used),
      item: cells.item.slice(0, used),
      response: cells.sum.slice(0, used).map((sum, cell) => sum / trials[cell]!),
    },
    leftOut,
    averaged,
    acrossFiles,
  };
}

/**
 * The ids that are used, sorted, their indices in that order, and the place of each among them; −1
 * where it is not used.
 */
function ranked(
  ids: readonly string[],
  used: Int32Array,
): {
  readonly ids: readonly string[];
  readonly order: readonly number[];
  readonly rank: Int32Array;
} {
  const isUsed = new Uint8Array(ids.length);
  for (const code of used) isUsed[code] = 1;
  const order = ids.map((_, code) => code).filter((code) => isUsed[code] === 1)
    .sort((a, b) => ids[a]! < ids[b]! ? -1 : ids[a]! > ids[b]! ? 1 : 0);
  const rank = new Int32Array(ids.length).fill(-1);
  order.forEach((code, place) => rank[code] = place);
  return { ids: order.map((code) => ids[code]!), order, rank };
}

/** Positions 0 … n − 1 in ascending order of their keys, equal ones as they were. */
export function countingSort(
  n: number,
  keys: number,
  keyOf: (position: number) => number,
): Int32Array {
  const next = new Int32Array(keys + 1);
  for (let i = 0; i < n; i++) next[keyOf(i) + 1]! += 1;
  for (let k = 0; k < keys; k++) next[k + 1]! += next[k]!;
  const sorted = new Int32Array(n);
  for (let i = 0; i < n; i++) sorted[next[keyOf(i)]!++] = i;
  return sorted;
}

function nothingLeft({ rows, leftOut, others }: Observations, name: string): InputError {
  if (leftOut.otherBenchmark === rows) {
    const names = [...others].map((other) => other || "without a name").sort();
    return new TableError(
      `Cannot use ${name}: none of its ${rows} rows is of a benchmark that was asked for; it has ` +
        `${names.join(", ")}.`,
      "benchmarks",
    );
  }
  const counts = Object.entries(leftOut).filter(([, count]) => count > 0)
    .map(([reason, count]) => `${count} ${SKIP_REASONS[reason as SkipReason]}`);
  const remedy = leftOut.fraction > 0
    ? "Keep responses between 0 and 1 (responses.fractions=keep), or choose another metric."
    : "Give responses of 0 and 1, or say what stands for them, such as: " +
      "responses.values={yes: 1, no: 0}.";
  return new InputError(
    `Cannot use ${name}: none of its ${rows} rows has a response of 0 or 1 ` +
      `(${counts.join(", ")}). ${remedy}`,
  );
}

function requireResponses(
  { subjects, mayBeSilent }: Observations,
  rank: Int32Array,
  name: string,
): void {
  if (mayBeSilent) return;
  const silent = subjects.filter((_, code) => rank[code]! < 0).sort();
  if (silent.length === 0) return;
  const names = silent.slice(0, 5).join(", ") + (silent.length > 5 ? ", …" : "");
  throw new InputError(
    `Cannot use ${name}: ${silent.length} of ${subjects.length} subjects have no response of ` +
      `0 or 1 (${names}). Remove their rows from the table, or correct them.`,
  );
}
