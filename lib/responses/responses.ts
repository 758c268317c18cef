import { type NpzArrays, numbers, strings } from "../artifact/npz.ts";

/** An indexed response table: S subjects, p items, n observed cells (model section 1). */
export interface Responses {
  /** The S subject ids, in order. */
  readonly subjectIds: readonly string[];
  /** The p item ids, in order. */
  readonly itemIds: readonly string[];
  /** The category of each of the p items, where it is known. */
  readonly categories?: readonly string[];
  /** Of each observed cell the index of its subject, 0 … S − 1, ascending. */
  readonly subject: Int32Array;
  /** Of each observed cell the index of its item, 0 … p − 1, ascending within a subject. */
  readonly item: Int32Array;
  /** Of each observed cell the response in [0, 1]: averaged over trials. */
  readonly response: Float64Array;
}

/** The arrays under which a response table is kept in an .npz file. */
export function responsesToArrays(responses: Responses): NpzArrays {
  const { subjectIds, itemIds, categories, subject, item, response } = responses;
  return {
    subject_id: { shape: [subjectIds.length], data: subjectIds },
    item_id: { shape: [itemIds.length], data: itemIds },
    ...(categories && { item_category: { shape: [categories.length], data: categories } }),
    subject: { shape: [subject.length], data: subject },
    item: { shape: [item.length], data: item },
    response: { shape: [response.length], data: response },
  };
}

/**
 * The response table of an .npz file.
 *
 * @throws {TypeError} When an array is missing or of the wrong type.
 */
export function responsesFromArrays(arrays: NpzArrays): Responses {
  return {
    subjectIds: strings(arrays, "subject_id").data,
    itemIds: strings(arrays, "item_id").data,
    ...("item_category" in arrays && { categories: strings(arrays, "item_category").data }),
    subject: numbers(arrays, "subject", Int32Array).data,
    item: numbers(arrays, "item", Int32Array).data,
    response: numbers(arrays, "response", Float64Array).data,
  };
}
