import { InputError } from "../base/errors.ts";
import type { Responses } from "./responses.ts";
import { selectItems } from "./select_items.ts";

const REMEDY = "lower items.min_subjects or items.min_minority";

/** Which items are kept. */
export interface ItemFilter {
  /** Fewest subjects that answered the item. */
  readonly minSubjects: number;
  /** Fewest subjects that gave the rarer response (averaged trials: by sum). */
  readonly minMinority: number;
}

/**
 * Drops items that too few subjects answered, or answered the rarer way (model section 1): an item
 * that one or two subjects decide lets a factor collapse onto them. Items without variance are
 * dropped in any case, since they have no correlation.
 *
 * @param responses S subjects × p items.
 * @param filter Bounds.
 * @throws {InputError} When no item, or none of some subject's, is left.
 */
export function filterItems(responses: Responses, { minSubjects, minMinority }: ItemFilter): {
  readonly responses: Responses;
  readonly droppedFewSubjects: number;
  readonly droppedMinority: number;
} {
  const { itemIds, item, response } = responses;
  const count = new Int32Array(itemIds.length);
  const sum = new Float64Array(itemIds.length);
  const squares = new Float64Array(itemIds.length);
  item.forEach((i, n) => {
    const y = response[n] ?? 0;
    count[i]! += 1;
    sum[i]! += y;
    squares[i]! += y * y;
  });
  const kept: number[] = [];
  let [droppedFewSubjects, droppedMinority] = [0, 0];
  for (let i = 0; i < itemIds.length; i++) {
    const [n, right] = [count[i]!, sum[i]!];
    const varies = squares[i]! - (right * right) / n > 1e-12;
    if (n < minSubjects) droppedFewSubjects++;
    else if (!varies || Math.min(right, n - right) < minMinority) droppedMinority++;
    else kept.push(i);
  }
  if (kept.length === 0) {
    throw new InputError(
      `Cannot go on: none of the ${itemIds.length} items passes the filter (${minSubjects} ` +
        `subjects, ${minMinority} with the rarer response). Lower items.min_subjects or ` +
        "items.min_minority, or give a table with more subjects.",
    );
  }
  return { responses: selectItems(responses, kept, REMEDY), droppedFewSubjects, droppedMinority };
}
