import type { Uniform } from "./stream.ts";

/**
 * A subsample without replacement, in ascending order (Fisher and Yates).
 *
 * @param n Size of the population.
 * @param k Size of the subsample, at most n.
 * @returns k of the numbers 0 … n − 1.
 */
export function sampleWithoutReplacement(n: number, k: number, uniform: Uniform): Int32Array {
  if (k > n) throw new RangeError(`Cannot take ${k} of ${n} without replacement`);
  const all = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < k; i++) {
    const j = i + Math.floor(uniform() * (n - i));
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all.slice(0, k).sort();
}
