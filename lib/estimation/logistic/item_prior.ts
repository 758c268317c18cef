import type { GraphBuilder } from "../../onnx/graph_builder.ts";
import { cholesky } from "../fiml/cholesky.ts";
import { gaussJordan } from "../fiml/gauss_jordan.ts";
import { type Precision, toDouble } from "../fiml/precision.ts";
import { columnOfPairs, type Pairs, squareOfPairs } from "./pairs.ts";

/** The normal distribution of items' loadings and intercepts, by the names of its parts (float64). */
export interface ItemPrior {
  /** m, 1 × D. */
  readonly mean: string;
  /** A root of the covariance, Σ = R Rᵀ; D × D. */
  readonly root: string;
}

/**
 * What the posterior of each item takes from the prior.
 *
 * @returns The names of the distinct entries of Σ⁻¹ (pairs × 1), of Σ⁻¹ m (D × 1) and of
 * −½ [log det Σ + mᵀ Σ⁻¹ m] (1 × 1); float64.
 */
export function readPrior(
  g: GraphBuilder,
  D: number,
  pairs: Pairs,
  { mean, root }: ItemPrior,
): { readonly precision: string; readonly shift: string; readonly constant: string } {
  const covariance = g.matmul("prior_covariance", root, g.transpose("prior_root_t", root));
  const batch = g.op("prior_batch", "Unsqueeze", [covariance, g.ints([0])]);
  const { inverse, pivots } = gaussJordan(g, D, batch);
  const square = g.op("prior_precision", "Squeeze", [inverse, g.ints([0])]);
  const shift = g.matmul("prior_shift", square, g.transpose("prior_mean_column", mean));
  const logs = pivots.map((pivot) =>
    g.op("prior_log", "Squeeze", [g.op("prior_log_pivot", "Log", [pivot]), g.ints([0])])
  );
  const sum = logs.reduce(
    (rest, log) => g.add("prior_terms", rest, log),
    g.matmul("prior_distance", mean, shift),
  );
  const constant = g.mul("prior_constant", sum, g.constant("float64", [-0.5], []));
  return { precision: columnOfPairs(g, D, pairs, square), shift, constant };
}

/**
 * The prior of the items' posteriors: the mean of b_i, and its covariance plus the mean of V_i.
 *
 * @param means b, D × p.
 * @param negative Distinct entries of −V_i, pairs × p.
 * @param itemShare 1/p, float64.
 */
export function newPrior(
  g: GraphBuilder,
  D: number,
  precision: Precision,
  pairs: Pairs,
  { means, negative, itemShare }: {
    readonly means: string;
    readonly negative: string;
    readonly itemShare: string;
  },
): ItemPrior {
  const average = (name: string, rows: string): string =>
    g.op(name, "ReduceMean", [rows], { axes: [1], keepdims: 1 });
  const mean = average("prior_mean_column_new", means);
  const deviations = g.sub("deviations", means, mean);
  const sums = g.op("spread_sums", "Gemm", [deviations, deviations], { transB: 1 });
  const spread = g.mul("spread", toDouble(g, precision, sums), itemShare);
  const within = toDouble(g, precision, average("covariance_mean", negative));
  const covariance = g.sub("prior_covariance_new", spread, squareOfPairs(g, D, pairs, within));
  return {
    mean: g.transpose("prior_mean_new", toDouble(g, precision, mean)),
    root: cholesky(g, D, covariance),
  };
}
