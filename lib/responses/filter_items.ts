import { InputError } from "../base/errors.ts";
import type { Responses } from "./responses.ts";
import { selectItems } from "./select_items.ts";
import { TableError } from "./table_error.ts";

/** Fewest items that have a correlation. */
const MIN_ITEMS = 2;

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
 * @throws {InputError} When no item, or none of some subject's, is left; a {@linkcode TableError} where
 * other bounds may help.
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
    const bounds = `${minSubjects} subjects, ${minMinority} with the rarer response`;
    const none =
      `Cannot go on: none of the ${itemIds.length} items passes the filter (${bounds}): `;
    const cause = causeOf(responses, count, sum, minSubjects);
    if (cause !== ALIKE) {
      throw new TableError(`${none}${cause}. Give a table with more responses.`, "filter");
    }
    throw new InputError(`${none}${cause}. Give a table in which subjects differ.`);
  }
  return { responses: selectItems(responses, kept), droppedFewSubjects, droppedMinority };
}

/**
 * Requires what a correlation needs.
 *
 * @throws {TableError} When fewer than two items are left.
 */
export function requireItems({ itemIds: { length } }: Responses): void {
  if (length >= MIN_ITEMS) return;
  throw new TableError(
    `Cannot go on: ${length} item is left, and a correlation needs ${MIN_ITEMS}. Give a table with more.`,
    "filter",
  );
}

const ALIKE = "each was answered alike by all its subjects";

/** Why no item passes. */
function causeOf(
  { subjectIds: { length: S } }: Responses,
  count: Int32Array,
  sum: Float64Array,
  minSubjects: number,
): string {
  if (S < minSubjects) return `the table has ${S} ${S === 1 ? "subject" : "subjects"}`;
  if (count.every((n) => n < minSubjects)) return "each was answered by fewer subjects";
  if (count.every((n, i) => sum[i] === 0 || sum[i] === n)) return ALIKE;
  return "each has too few subjects, or too few of the rarer response";
}
