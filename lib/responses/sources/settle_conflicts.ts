import { countingSort } from "../index_responses.ts";
import type { Observations } from "../observations.ts";

/**
 * Settles cells that are in several files: where they agree, one file's rows count; where they do
 * not, none does, and the cell is an error with both places. Rows of one file are trials.
 *
 * @param observations What was read, each with its place.
 * @param unitOf How places of a file are called, such as `line`.
 * @returns The cells in which several files agree.
 */
export function settleConflicts(
  observations: Observations,
  unitOf: (file: number) => string,
): number {
  const { files } = observations;
  if (files.length < 2) return 0;
  const [subject, item] = [observations.subject.view(), observations.item.view()];
  const [response, place] = [observations.response.view(), observations.place.view()];
  const n = subject.length;
  const file = new Int32Array(n);
  files.forEach(({ start }, f) => file.fill(f, start, files[f + 1]?.start ?? n));
  const byItem = countingSort(n, observations.items.length, (i) => item[i]!);
  const bySubject = countingSort(n, observations.subjects.length, (i) => subject[byItem[i]!]!);
  const isOut = new Uint8Array(n);
  let repeated = 0;
  for (let from = 0, to = 0; from < n; from = to) {
    const rowAt = (k: number): number => byItem[bySubject[k]!]!;
    const first = rowAt(from);
    const isSame = (row: number): boolean =>
      subject[row] === subject[first] && item[row] === item[first];
    for (to = from + 1; to < n && isSame(rowAt(to));) to++;
    if (to - from === 1 || file[rowAt(to - 1)] === file[first]) continue;
    const rows = Array.from({ length: to - from }, (_, k) => rowAt(from + k));
    const means = new Map<number, { sum: number; count: number; row: number }>();
    for (const row of rows) {
      const mean = means.get(file[row]!) ?? { sum: 0, count: 0, row };
      means.set(file[row]!, { ...mean, sum: mean.sum + response[row]!, count: mean.count + 1 });
    }
    const [one, ...others] = [...means.values()];
    const other = others.find(({ sum, count }) => sum / count !== one!.sum / one!.count);
    rows.forEach((row) => isOut[row] = Number(other !== undefined || file[row] !== file[first]));
    if (other === undefined) {
      repeated++;
      continue;
    }
    const at = (row: number): string =>
      `${files[file[row]!]!.name}, ${unitOf(file[row]!)} ${place[row]}`;
    observations.leaveOut("conflict", rows.length, () => ({
      where: at(one!.row),
      what: `score ${one!.sum / one!.count}, but ${other.sum / other.count} in ${at(other.row)}`,
    }));
  }
  const kept = Int32Array.from(subject.keys()).filter((row) => isOut[row] === 0);
  if (kept.length < n) {
    for (const list of [observations.subject, observations.item, observations.place]) {
      list.retain(kept);
    }
    observations.response.retain(kept);
    files.length = 0;
  }
  return repeated;
}
