import type { Responses } from "./responses.ts";
import { sampleWithoutReplacement } from "../stats/random/sample.ts";
import type { Uniform } from "../stats/random/stream.ts";
import { TableError } from "./table_error.ts";

/**
 * The part of a response table that is about some items.
 *
 * @param responses S subjects × p items.
 * @param kept Items to keep, ascending.
 * @throws {TableError} When a subject has no response to any of them.
 */
export function selectItems(responses: Responses, kept: ArrayLike<number>): Responses {
  const { subjectIds, itemIds, categories, benchmarks, subject, item, response } = responses;
  const index = new Int32Array(itemIds.length).fill(-1);
  const chosen = Array.from(kept);
  chosen.forEach((i, n) => index[i] = n);
  const cells = Int32Array.from(item.keys()).filter((n) => index[item[n]!]! >= 0);
  const result: Responses = {
    subjectIds,
    itemIds: chosen.map((i) => itemIds[i]!),
    ...(categories && { categories: chosen.map((i) => categories[i]!) }),
    ...(benchmarks && { benchmarks: chosen.map((i) => benchmarks[i]!) }),
    subject: cells.map((n) => subject[n]!),
    item: cells.map((n) => index[item[n]!]!),
    response: Float64Array.from(cells, (n) => response[n]!),
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
