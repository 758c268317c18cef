/** n numbers from low to high at equal distances; n is at least 2. */
export function linearlySpaced(low: number, high: number, n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1));
}

/**
 * n numbers from low to high at equal ratios.
 *
 * @param low Above 0.
 * @param n At least 2.
 */
export function logSpaced(low: number, high: number, n: number): Float64Array {
  const ratio = Math.log(high / low) / (n - 1);
  return Float64Array.from(
    { length: n },
    (_, i) => i === 0 ? low : i === n - 1 ? high : low * Math.exp(ratio * i),
  );
}

/**
 * n different whole numbers from low to high, as near to equal ratios as whole numbers can be: where
 * the ratio would give a number twice, the next one is taken.
 *
 * @throws {RangeError} When there are fewer than n whole numbers between them.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { logSpacedIntegers } from "./grids.ts";
 * assert.deepEqual([...logSpacedIntegers(1, 100, 5)], [1, 3, 10, 32, 100]);
 * ```
 */
export function logSpacedIntegers(low: number, high: number, n: number): Int32Array {
  if (high - low + 1 < n) {
    throw new RangeError(`Cannot take ${n} different whole numbers from ${low} to ${high}`);
  }
  const result = new Int32Array(n);
  for (let i = 0, previous = low - 1; i < n; i++) {
    // From the last number taken to the end at equal ratios.
    const left = n - i;
    const next = i === 0 ? low : Math.round(previous * Math.exp(Math.log(high / previous) / left));
    previous = result[i] = Math.min(high - left + 1, Math.max(previous + 1, next));
  }
  return result;
}
