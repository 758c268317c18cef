/**
 * The quantile of ascending values by linear interpolation, as numpy's default (Hyndman and Fan,
 * 1996, type 7).
 *
 * @param sorted Values in ascending order, at least one.
 * @param share In [0, 1].
 * @throws {RangeError} When there is no value or the share is outside of [0, 1].
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { quantile } from "./quantile.ts";
 * assert.equal(quantile([1, 2, 3, 4], 0.5), 2.5);
 * ```
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0 || !(share >= 0 && share <= 1)) {
    throw new RangeError(`Cannot take the quantile ${share} of ${sorted.length} values`);
  }
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const a = sorted[low] ?? NaN;
  const b = sorted[Math.min(low + 1, sorted.length - 1)] ?? NaN;
  return a + (at - low) * (b - a);
}
