import type { GraphBuilder } from "../../onnx/graph_builder.ts";
import { range } from "../../stats/range.ts";
import { gaussJordan } from "../fiml/gauss_jordan.ts";
import { fromDouble, type Precision, toDouble } from "../fiml/precision.ts";
import { type ItemPrior, newPrior, readPrior } from "./item_prior.ts";
import { negativeInverse } from "./negative_inverse.ts";
import { pairIndex, type Pairs, pairsOf, productsOfPairs } from "./pairs.ts";

/** Values that every iteration uses, by name. */
export interface LogisticFixed {
  /** W ∘ (y − ½), S × p. */
  readonly centred: string;
  /** S × 1 ones, float64. */
  readonly ones: string;
  /** 1/p, float64. */
  readonly itemShare: string;
}

/** A point of the iteration, by the names of its parts. */
export interface LogisticPoint {
  /** Scores F, S × d, float64. */
  readonly scores: string;
  readonly prior: ItemPrior;
  /** ξ: where the bound of each cell touches, in logits; S × p. */
  readonly touching: string;
}

/** Below this, tanh(ξ/2)/ξ is its limit ½ to the last bit. */
const SMALLEST = 1e-8;

/**
 * Precision of a prior of every logit, η_si ~ N(0, 1000): where a subject answers all items alike, or none,
 * its score stays finite. Unlike a prior of the scores it does not depend on their scale.
 */
export const LOGIT_PRECISION = 1e-3;

/**
 * One iteration of variational EM for the logistic factor model
 * P(y_si = 1) = 1/(1 + e^{−η_si}), η_si = f̃_sᵀ β_i, f̃ = (f, 1), β_i = (λ_i, μ_i) ~ N(m, Σ),
 * with the bound of Jaakkola and Jordan (2000) on each observed cell, as in Tipping (1999). Items are
 * the random side, for there are many of them and few responses to each; the scores are parameters.
 *
 * 1. ω = W tanh(ξ/2)/(2ξ) + LOGIT_PRECISION. Per item the posterior N(b_i, V_i) of β_i: V_i⁻¹ = Σ_s ω_si f̃_s f̃_sᵀ + Σ⁻¹,
 *    b_i = V_i c_i, c_i = Σ_s W_si (y_si − ½) f̃_s + Σ⁻¹ m. The bound of the point that came in,
 *    Σ_i ½ [c_iᵀ b_i + log det V_i − log det Σ − mᵀ Σ⁻¹ m] + Σ W [¼ ξ tanh(ξ/2) − log 2 cosh(ξ/2)],
 *    and m's own prior.
 * 2. m and Σ: the mean of b_i, and its covariance plus the mean of V_i.
 * 3. With E_i = b_i b_iᵀ + V_i, each subject's score solves
 *    (Σ_i ω_si E_i^λλ) f_s = Σ_i [W_si (y_si − ½) b_i^λ − ω_si E_i^λμ].
 * 4. ξ_si² = f̃_sᵀ E_i f̃_s of the new scores.
 *
 * @returns The names of the bound (float64), and of the parts of the image.
 */
export function variationalStep(
  g: GraphBuilder,
  d: number,
  precision: Precision,
  fixed: LogisticFixed,
  point: LogisticPoint,
): { readonly logLikelihood: string; readonly image: LogisticPoint } {
  const pairs = pairsOf(d);
  const size = g.op("touching_size", "Abs", [point.touching]);
  const xi = g.op("touching_apart", "Max", [size, g.reals([SMALLEST], [])]);
  const half = g.reals([0.5], []);
  const slope = g.op("slope", "Tanh", [g.mul("touching_half", xi, half)]);
  const curvature = g.div("curvature", g.mul("slope_half", slope, half), xi);
  const weights = g.add(
    "weights",
    g.mul("weights_of_data", curvature, "mask"),
    g.reals([LOGIT_PRECISION], []),
  );
  const items = itemPosteriors(g, d, precision, fixed, { ...point, weights });
  const second = g.op(
    "second_moments",
    "Concat",
    pairs.map(([i, j]) => {
      const product = g.mul("mean_product", items.mean[i]!, items.mean[j]!);
      return g.sub(`second_${i}_${j}`, product, items.negative[pairIndex(pairs, i, j)]!);
    }),
    { axis: 0 },
  );
  const scores = newScores(g, d, precision, fixed, { ...items, pairs, second, weights });
  const products = productsOfPairs(g, pairs, extended(g, scores, fixed));
  const twice = g.constant("float64", pairs.map(([i, j]) => i === j ? 1 : 2), [1, pairs.length]);
  const quadratic = fromDouble(g, precision, g.mul("quadratic", products, twice));
  const squares = g.op("touching_squares", "Abs", [g.matmul("squares", quadratic, second)]);
  return {
    logLikelihood: g.add("bound", items.bound, boundOfCells(g, precision, xi, slope)),
    image: {
      scores,
      prior: newPrior(g, d + 1, precision, pairs, {
        means: items.means,
        negative: g.op("negative_covariances", "Concat", items.negative, { axis: 0 }),
        itemShare: fixed.itemShare,
      }),
      touching: g.op("touching_new", "Sqrt", [squares]),
    },
  };
}

function extended(g: GraphBuilder, scores: string, { ones }: LogisticFixed): string {
  return g.op("scores_and_one", "Concat", [scores, ones], { axis: 1 });
}

/** Step 1: the posteriors of the items, and their part of the bound (float64). */
function itemPosteriors(
  g: GraphBuilder,
  d: number,
  precision: Precision,
  fixed: LogisticFixed,
  { scores, prior, weights }: LogisticPoint & { readonly weights: string },
): {
  /** b, D × p, and its rows. */
  readonly means: string;
  readonly mean: readonly string[];
  /** The distinct entries of −V_i, 1 × p each. */
  readonly negative: readonly string[];
  readonly bound: string;
} {
  const [D, pairs] = [d + 1, pairsOf(d)];
  const known = readPrior(g, D, pairs, prior);
  const f = extended(g, scores, fixed);
  const moments = fromDouble(g, precision, productsOfPairs(g, pairs, f));
  const information = g.add(
    "information",
    g.op("information_of_data", "Gemm", [moments, weights], { transA: 1 }),
    fromDouble(g, precision, known.precision),
  );
  const names = pairs.map(([i, j]) => `information_${i}_${j}`);
  const rows = g.ops(names, "Split", [information], { axis: 0 });
  const inverse = negativeInverse(g, D, (i, j) => rows[pairIndex(pairs, i, j)]!);
  const right = g.add(
    "right",
    g.op("right_of_data", "Gemm", [fromDouble(g, precision, f), fixed.centred], { transA: 1 }),
    fromDouble(g, precision, known.shift),
  );
  const rights = g.ops(range(0, D).map((i) => `right_${i}`), "Split", [
    g.mul("right_negative", right, g.reals([-1], [])),
  ], { axis: 0 });
  const mean = range(0, D).map((i) =>
    range(0, D)
      .map((j) => g.mul("mean_part", inverse.entry(i, j), rights[j]!))
      .reduce((sum, part) => g.add("mean_sum", sum, part))
  );
  const means = g.op("posterior_means", "Concat", mean, { axis: 0 });
  const explained = g.sum("explained", g.mul("explained_parts", right, means), [0], true);
  const logs = inverse.pivots
    .map((pivot, k) => g.op(`log_pivot_${k}`, "Log", [pivot]))
    .reduce((sum, log) => g.add("log_determinant", sum, log));
  const ofData = g.mul("item_bound", g.sub("item_terms", explained, logs), g.reals([0.5], []));
  const byItem = g.add("bound_by_item", toDouble(g, precision, ofData), known.constant);
  return {
    ...{ means, mean },
    negative: pairs.map(([i, j]) => inverse.entry(i, j)),
    bound: g.add("bound_of_items", known.ownPrior, g.sum("items", byItem, [0, 1], false)),
  };
}

/** Σ W [¼ ξ tanh(ξ/2) − log 2 cosh(ξ/2)]; log 2 cosh(ξ/2) = ξ/2 − log((1 + tanh(ξ/2))/2). */
function boundOfCells(g: GraphBuilder, precision: Precision, xi: string, slope: string): string {
  const half = g.reals([0.5], []);
  const quarter = g.mul("slope_quarter", slope, g.reals([0.25], []));
  const linear = g.mul("linear", xi, g.sub("linear_factor", quarter, half));
  const probability = g.add("probability", g.mul("slope_half", slope, half), half);
  const log = g.op("log_probability", "Log", [probability]);
  const cells = g.mul("cells", "mask", g.add("cell_terms", linear, log));
  const byItem = toDouble(g, precision, g.sum("cells_by_item", cells, [0], true));
  return g.sum("bound_of_cells", byItem, [0, 1], false);
}

/** Step 3, S × d, float64. */
function newScores(
  g: GraphBuilder,
  d: number,
  precision: Precision,
  { centred }: LogisticFixed,
  { pairs, second, weights, means }: {
    readonly pairs: Pairs;
    readonly second: string;
    readonly weights: string;
    readonly means: string;
  },
): string {
  const sums = toDouble(
    g,
    precision,
    g.op("sums_by_subject", "Gemm", [weights, second], { transB: 1 }),
  );
  const index = range(0, d * d).map((n) => pairIndex(pairs, Math.floor(n / d), n % d));
  const entries = g.op("score_entries", "Gather", [sums, g.ints(index)], { axis: 1 });
  const square = g.op("score_precision", "Reshape", [entries, g.ints([-1, d, d])]);
  const { inverse } = gaussJordan(g, d, square);
  const loadings = g.slice("loading_means", means, 0, d, 0);
  const data = g.op("score_data", "Gemm", [centred, loadings], { transB: 1 });
  const first = pairIndex(pairs, 0, d);
  const offset = g.slice("score_offset", sums, first, first + d, 1);
  const right = g.sub("score_right", toDouble(g, precision, data), offset);
  const column = g.op("score_right_column", "Unsqueeze", [right, g.ints([2])]);
  return g.op("scores_new", "Squeeze", [g.matmul("score_column", inverse, column), g.ints([2])]);
}
