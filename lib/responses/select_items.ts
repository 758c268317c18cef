import type { Responses } from "./responses.ts";
import { sampleWithoutReplacement } from "../stats/random/sample.ts";
import type { Uniform } from "../stats/random/stream.ts";
import { TableError } from "./table_error.ts";

/**
 * The part of a response table that is about some items.
 *
 * @param table S subjects × p items.
 * @param kept Items to keep, ascending.
 * @throws {TableError} When a subject has no response to any of them.
 */
export function selectItems(table: Responses, kept: ArrayLike<number>): Responses {
  const { subjectIds, itemIds, categories, benchmarks, subject, item, response } = table;
  const index = new Int32Array(itemIds.length).fill(-1);
  const chosen = Array.from(kept);
  chosen.forEach((i, n) => index[i] = n);
  let count = 0;
  for (const i of item) if (index[i]! >= 0) count++;
  const [subjects, items] = [new Int32Array(count), new Int32Array(count)];
  const responses = new Float64Array(count);
  for (let n = 0, at = 0; n < item.length; n++) {
    const i = index[item[n]!]!;
    if (i < 0) continue;
    subjects[at] = subject[n]!;
    items[at] = i;
    responses[at++] = response[n]!;
  }
  const result: Responses = {
    subjectIds,
    itemIds: chosen.map((i) => itemIds[i]!),
    ...(categories && { categories: chosen.map((i) => categories[i]!) }),
    ...(benchmarks && { benchmarks: chosen.map((i) => benchmarks[i]!) }),
    subject: subjects,
    item: items,
    response: responses,
  };
  const answered = new Set(result.subject);
  const silent = subjectIds.filter((_, s) => !answered.has(s));
  if (silent.length > 0) {
    throw new TableError(
      `Cannot go on: of the ${chosen.length} items that are left none was answered by ` +
        `${silent.join(", ")}. Remove the subject from the table.`,
      "filter",
    );
  }
  return result;
}

/**
 * The part of a response table that is about `n` items taken at random; all where `n` is null or too large.
 *
 * @throws {TableError} As selectItems() does.
 */
export function subsampleItems(table: Responses, n: number | null, uniform: Uniform): Responses {
  const all = table.itemIds.length;
  return n === null || n >= all
    ? table
    : selectItems(table, sampleWithoutReplacement(all, n, uniform));
}
