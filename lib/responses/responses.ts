import type { ArraysOf } from "../artifact/kind.ts";
import type { responses as kind } from "../artifact/kinds.ts";

/** An indexed response table: S subjects, p items, n observed cells (model section 1). */
export interface Responses {
  /** The S subject ids, in order. */
  readonly subjectIds: readonly string[];
  /** The p item ids, in order. */
  readonly itemIds: readonly string[];
  /** The category of each of the p items, where it is known. */
  readonly categories?: readonly string[];
  /** The benchmark of each of the p items, where it is known. */
  readonly benchmarks?: readonly string[];
  /** Of each observed cell the index of its subject, 0 … S − 1, ascending. */
  readonly subject: Int32Array;
  /** Of each observed cell the index of its item, 0 … p − 1, ascending within a subject. */
  readonly item: Int32Array;
  /** Of each observed cell the response in [0, 1]: averaged over trials. */
  readonly response: Float64Array;
}

/** A response table as the arrays of its artifact. */
export function arraysOf(table: Responses): ArraysOf<typeof kind> {
  const { subjectIds, itemIds, categories, benchmarks, subject, item, response } = table;
  return {
    subject_id: subjectIds,
    item_id: itemIds,
    ...(categories && { item_category: categories }),
    ...(benchmarks && { item_benchmark: benchmarks }),
    ...{ subject, item, response },
  };
}

/** The response table of an artifact's arrays. */
export function responsesOf(arrays: ArraysOf<typeof kind>): Responses {
  const { subject_id, item_id, item_category: categories, item_benchmark: benchmarks } = arrays;
  const { subject, item, response } = arrays;
  return {
    subjectIds: subject_id,
    itemIds: item_id,
    ...(categories && { categories }),
    ...(benchmarks && { benchmarks }),
    ...{ subject, item, response },
  };
}
