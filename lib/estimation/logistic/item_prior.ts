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
 * Precision of m's own prior N(0, Σ/PSEUDO_ITEMS): where items do not differ in their loadings, the maximum
 * would be at a singular Σ.
 */
export const PSEUDO_ITEMS = 1;

/**
 * What the posterior of each item takes from the prior.
 *
 * @returns The names of the distinct entries of Σ⁻¹ (pairs × 1), of Σ⁻¹ m (D × 1), of
 * −½ [log det Σ + mᵀ Σ⁻¹ m] (1 × 1), and of m's own −½ PSEUDO_ITEMS mᵀ Σ⁻¹ m (a scalar); float64.
 */
export function readPrior(
  g: GraphBuilder,
  D: number,
  pairs: Pairs,
  { mean, root }: ItemPrior,
): {
  readonly precision: string;
  readonly shift: string;
  readonly constant: string;
  readonly ownPrior: string;
} {
  const covariance = g.matmul("prior_covariance", root, g.transpose("prior_root_t", root));
  const batch = g.op("prior_batch", "Unsqueeze", [covariance, g.ints([0])]);
  const { inverse, pivots } = gaussJordan(g, D, batch);
  const square = g.op("prior_precision", "Squeeze", [inverse, g.ints([0])]);
  const shift = g.matmul("prior_shift", square, g.transpose("prior_mean_column", mean));
  const logs = pivots.map((pivot) =>
    g.op("prior_log", "Squeeze", [g.op("prior_log_pivot", "Log", [pivot]), g.ints([0])])
  );
  const distance = g.matmul("prior_distance", mean, shift);
  const sum = logs.reduce((rest, log) => g.add("prior_terms", rest, log), distance);
  const own = g.mul("mean_penalty", distance, g.constant("float64", [-PSEUDO_ITEMS / 2], []));
  const constant = g.mul("prior_constant", sum, g.constant("float64", [-0.5], []));
  return {
    precision: columnOfPairs(g, D, pairs, square),
    shift,
    constant,
    ownPrior: g.sum("mean_prior", own, [0, 1], false),
  };
}

/**
 * The prior of the items' posteriors: the mean of b_i, and its covariance plus the mean of V_i, with m drawn
 * to 0 by PSEUDO_ITEMS more items.
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
  const row = g.transpose("mean_of_items", toDouble(g, precision, mean));
  const pseudo = g.mul("pseudo_share", itemShare, g.constant("float64", [PSEUDO_ITEMS], []));
  const total = g.add("total_share", pseudo, g.constant("float64", [1], []));
  const towardsZero = g.mul(
    "spread_of_mean",
    g.matmul("mean_products", g.transpose("mean_of_items_column", row), row),
    g.div("pseudo_weight", pseudo, total),
  );
  const covariance = g.add(
    "prior_covariance_new",
    g.sub("spread_and_within", spread, squareOfPairs(g, D, pairs, within)),
    towardsZero,
  );
  return { mean: g.div("prior_mean_new", row, total), root: cholesky(g, D, covariance) };
}
