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
  // The numbers are sorted by themselves, which is several times as fast as an order by a comparison.
  const sorted = key.slice().sort();
  const [order, taken] = [new Int32Array(key.length), new Int32Array(key.length)];
  for (let i = 0; i < key.length; i++) {
    const first = placeOf(key[i]!, sorted);
    // Equal keys in ascending order of their tasks.
    order[first + taken[first]!++] = i;
  }
  return order;
}

/** The first place of a number in a sorted list that has it. */
function placeOf(x: number, sorted: Float64Array): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
}
