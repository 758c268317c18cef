import { sampleWithoutReplacement } from "../stats/random/sample.ts";
import { stream } from "../stats/random/stream.ts";
import { filterItems, type ItemFilter, requireItems } from "./filter_items.ts";
import type { Responses } from "./responses.ts";
import { selectItems } from "./select_items.ts";

/** The items that go into the fit. */
export interface ChosenItems {
  readonly responses: Responses;
  /** Items that pass the filter, before some are taken at random. */
  readonly before: number;
  readonly droppedFewSubjects: number;
  readonly droppedMinority: number;
}

/**
 * Filters the items of a table, and takes some of them at random.
 *
 * @param responses S subjects × p items.
 * @param filter Which items are kept.
 * @param subsample How many are taken; null: all.
 * @param seed Seed of the choice.
 * @throws {TableError} When too few items are left, or none of some subject's.
 */
export function chooseItems(
  responses: Responses,
  filter: ItemFilter,
  subsample: number | null,
  seed: string,
): ChosenItems {
  const { responses: filtered, ...dropped } = filterItems(responses, filter);
  const before = filtered.itemIds.length;
  const n = Math.min(subsample ?? before, before);
  const chosen = sampleWithoutReplacement(before, n, stream(seed, "subsample"));
  const kept = n === before ? filtered : selectItems(filtered, chosen);
  requireItems(kept);
  return { responses: kept, before, ...dropped };
}
