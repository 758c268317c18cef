import type { Matrix } from "../stats/matrix.ts";
import { quantile } from "../stats/quantile.ts";
import { stream } from "../stats/random/stream.ts";

/** The k of least mean cost, and how well the replicates determine it. */
export interface LeastCost {
  readonly k: number;
  /** 10th and 90th percentiles over bootstrap samples of the replicates (Efron, 1979). */
  readonly p10: number;
  readonly p90: number;
}

/**
 * The empirical k*: the k of the grid whose mean cost over replicates is least.
 *
 * @param cost K × R: total cost of each k in each replicate.
 * @param ks K sample sizes.
 * @param samples Bootstrap samples of the replicates; all k keep the same ones, as they share their
 * random numbers.
 * @param seed Names the random stream.
 */
export function leastCost(
  { rows: K, cols: R, data }: Matrix,
  ks: ArrayLike<number>,
  samples: number,
  seed: string,
): LeastCost {
  const uniform = stream(seed, "bootstrap");
  const weights = new Float64Array(R).fill(1);
  const means = new Float64Array(K);
  const lowest = (): number => {
    for (let b = 0; b < K; b++) {
      let total = 0;
      for (let r = 0, at = b * R; r < R; r++, at++) total += weights[r]! * data[at]!;
      means[b] = total;
    }
    return ks[argmin(means)]!;
  };
  const k = lowest();
  const found = Float64Array.from({ length: samples }, () => {
    weights.fill(0);
    for (let r = 0; r < R; r++) weights[Math.floor(uniform() * R)]! += 1;
    return lowest();
  }).sort();
  return { k, p10: quantile(found, 0.1), p90: quantile(found, 0.9) };
}

/** Index of the first of the lowest values. */
export function argmin(values: ArrayLike<number>): number {
  let best = 0;
  for (let n = 1; n < values.length; n++) if (values[n]! < values[best]!) best = n;
  return best;
}
