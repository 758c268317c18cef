import type { Uniform } from "../stats/random/stream.ts";

/**
 * All tasks in a random order, such that for every k the first k are a sample without replacement drawn
 * one by one with probabilities proportional to the weights (Efraimidis and Spirakis, 2006). Samples of
 * different k are nested, and with the same uniform numbers those of similar weights are alike.
 *
 * @param weights N numbers, 0 or more; tasks of weight 0 come last.
 * @param uniform Source of numbers in [0, 1); N are taken.
 * @returns N task numbers.
 */
export function weightedOrder(weights: Float64Array, uniform: Uniform): Int32Array {
  const key = weights.map((w) => {
    const exponential = -Math.log(1 - uniform());
    return w > 0 ? exponential / w : Infinity;
  });
  return Int32Array.from(weights.keys()).sort((a, b) => {
    const difference = key[a]! - key[b]!;
    return Number.isNaN(difference) || difference === 0 ? a - b : difference;
  });
}
