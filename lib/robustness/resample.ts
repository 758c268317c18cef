import { InputError } from "../base/errors.ts";
import type { Responses } from "../responses/responses.ts";
import { selectItems } from "../responses/select_items.ts";
import { sampleWithoutReplacement } from "../stats/random/sample.ts";
import { stream } from "../stats/random/stream.ts";

/** With fewer subjects, one that is left out changes everything. */
const MIN_SUBJECTS = 8;

/**
 * The part of a table that some subjects answered; items that nobody is left to answer are left out.
 *
 * @param kept Subjects, ascending.
 */
export function selectSubjects(table: Responses, kept: ArrayLike<number>): Responses {
  const place = new Int32Array(table.subjectIds.length).fill(-1);
  const chosen = Array.from(kept);
  chosen.forEach((s, n) => place[s] = n);
  const cells = Int32Array.from(table.subject.keys()).filter((n) => place[table.subject[n]!]! >= 0);
  const item = cells.map((n) => table.item[n]!);
  const answered = Array.from(new Set(item)).sort((a, b) => a - b);
  return selectItems({
    ...table,
    subjectIds: chosen.map((s) => table.subjectIds[s]!),
    subject: cells.map((n) => place[table.subject[n]!]!),
    item,
    response: Float64Array.from(cells, (n) => table.response[n]!),
  }, answered);
}

/**
 * The table without each of its subjects, one at a time (jackknife).
 *
 * @throws {InputError} When there are fewer than 8 subjects.
 */
export function* withoutEachSubject(table: Responses): Generator<Responses> {
  requireSubjects(table, "leave a subject out");
  const all = Array.from(table.subjectIds.keys());
  for (const out of all) yield selectSubjects(table, all.filter((s) => s !== out));
}

/**
 * A random half of the subjects, never with one of them twice: a doubled subject makes a factor.
 *
 * @throws {InputError} When there are fewer than 8 subjects.
 */
export function halfOfSubjects(table: Responses, seed: string): Responses {
  requireSubjects(table, "take half of the subjects");
  const S = table.subjectIds.length;
  const half = Math.floor(S / 2);
  return selectSubjects(table, sampleWithoutReplacement(S, half, stream(seed, "subjects")));
}

/** A random half of the items. */
export function halfOfItems(table: Responses, seed: string): Responses {
  const p = table.itemIds.length;
  const half = Math.floor(p / 2);
  return selectItems(table, sampleWithoutReplacement(p, half, stream(seed, "items")));
}

function requireSubjects({ subjectIds: { length } }: Responses, purpose: string): void {
  if (length >= MIN_SUBJECTS) return;
  throw new InputError(
    `Cannot ${purpose}: the table has ${length} subjects, and ${MIN_SUBJECTS} are needed to see what one ` +
      "of them does. Give a table with more.",
  );
}

/** √((n − 1)/n Σ (x_i − x̄)²) over the n values with one subject left out each (Tukey, 1958). */
export function jackknifeError(values: ArrayLike<number>): number {
  const n = values.length;
  const all = Array.from(values);
  const mean = all.reduce((sum, x) => sum + x, 0) / n;
  return Math.sqrt(((n - 1) / n) * all.reduce((sum, x) => sum + (x - mean) ** 2, 0));
}
