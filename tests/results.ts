import type { Results } from "../lib/artifact/artifact.ts";
import {
  type ArraysOf,
  type Contents,
  decodeArrays,
  encodeArrays,
  type FactsOf,
  type Kind,
  zeros,
} from "../lib/artifact/kind.ts";

/**
 * Results of a kind for a test.
 *
 * @param dims The sizes of its dimensions.
 * @param arrays Some of its arrays; the others are zeros.
 */
export function resultsOf<K extends Kind>(
  kind: K,
  dims: Contents<K>["dims"],
  arrays: Partial<ArraysOf<K>>,
  facts: FactsOf<K>,
): Results<K> {
  const whole = { ...zeros(kind, dims), ...arrays };
  return { ...decodeArrays(kind, encodeArrays(kind, whole), "a test"), facts } as Results<K>;
}
