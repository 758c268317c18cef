import type { GraphBuilder } from "../../onnx/graph_builder.ts";
import { range } from "../../stats/range.ts";
import { cholesky } from "./cholesky.ts";
import { gaussJordan } from "./gauss_jordan.ts";
import { fromDouble, type Precision, toDouble } from "./precision.ts";
import { solveItems } from "./solve_items.ts";

/** Values that every iteration uses, by name. */
export interface FixedValues {
  /** Observed responses of each item, 1 × p. */
  readonly counts: string;
  /** Their reciprocals. */
  readonly inverseCounts: string;
  /** Σ_s W y of each item, 1 × p. */
  readonly sums: string;
  /** Σ_s W y² of each item, 1 × p. */
  readonly squares: string;
  /** n log 2π, n the number of observed cells. */
  readonly constant: string;
  /** S × 1 ones, float64. */
  readonly ones: string;
}

/** A point of the iteration, by the names of its parts. */
export interface Point {
  /** The rows of Λᵀ, then μ; (d + 1) × p. */
  readonly free: string;
  /** μ, 1 × p. */
  readonly mean: string;
  /** ψ, 1 × p. */
  readonly uniqueness: string;
}

/**
 * One iteration of parameter-expanded EM (Liu, Rubin and Wu, 1998) for the factor model of section 3,
 * y_si = μ_i + λ_iᵀ f_s + ε_si over the observed cells:
 *
 * 1. P = Λᵀ / ψ; M_s = I + Σ_i W_si λ_i λ_iᵀ / ψ_i, for all s one product of W with the
 *    p × d(d+1)/2 distinct entries; its inverse by Gauss–Jordan elimination over the batch of
 *    subjects, log det M_s from the pivots.
 * 2. v = (W ∘ (y − μ)) Pᵀ = (W ∘ y) Pᵀ − W (μ ∘ P)ᵀ, whose last term is d more columns of the product
 *    of step 1: no residual, S × p, is formed. The posterior means f_s = M_s⁻¹ v_s; the
 *    log-likelihood of the point that came in,
 *    −½ [Σ W log 2π + Σ n_i log ψ_i + Σ log det M_s + Σ_i r_i/ψ_i − Σ v_sᵀ f_s],
 *    r_i = Σ_s W (y − μ)² = Σ W y² + μ_i (n_i μ_i − 2 Σ W y).
 * 3. With f̃ = (f, 1): E_s = f̃ f̃ᵀ + M_s⁻¹ (padded), B_i = Σ_s W_si E_s, C = f̃ᵀ Y. Per item
 *    B_i (λ_i, μ_i) = C_i, solved by factors L D Lᵀ whose entries are vectors over items.
 * 4. ψ_i = max((Σ W y² − C_iᵀ (λ_i, μ_i)) / n_i, floor_i).
 * 5. Expansion: m and V, the mean and covariance of the factors over subjects, are taken into the
 *    loadings, Λ ← Λ chol(V) and μ ← μ + Λ m, so that the factors are N(0, I) again.
 *
 * What is S × d or smaller is float64 in either precision: it costs nothing, and in float32 the
 * log-likelihood would lose half of its digits there.
 *
 * @returns The names of the log-likelihood of the point that came in (float64), and of its image,
 * (d + 2) × p: the rows of Λᵀ, then μ, then ψ.
 */
export function pxEmStep(
  g: GraphBuilder,
  d: number,
  precision: Precision,
  fixed: FixedValues,
  { free, mean, uniqueness }: Point,
): { readonly logLikelihood: string; readonly image: string } {
  const weighted = g.div("weighted", free, uniqueness);
  const pairs = upperPairs(d);
  const means = range(0, d).map((j): [number, number] => [d, j]);
  const rows = [...pairs, ...means];
  const products = g.mul(
    "products",
    g.op("product_rows", "Gather", [free, g.ints(rows.map(([i]) => i))], { axis: 0 }),
    g.op("weighted_rows", "Gather", [weighted, g.ints(rows.map(([, j]) => j))], { axis: 0 }),
  );
  const sumsBySubject = g.op("sums_by_subject", "Gemm", [products, "mask"], { transB: 1 });
  const [entries = "", projectedMean = ""] = g.ops(
    ["precision_entries", "projected_mean"],
    "Split",
    [sumsBySubject, g.ints([pairs.length, d])],
    { axis: 0 },
  );
  const spread = g.op("precision_spread", "Gather", [entries, g.ints(symmetricIndex(d, pairs))], {
    axis: 0,
  });
  const bySubject = toDouble(g, precision, g.transpose("precision_by_subject", spread));
  const squared = g.op("precision_square", "Reshape", [bySubject, g.ints([-1, d, d])]);
  const identity = g.identity(d);
  const precisionMatrix = g.add("posterior_precision", squared, identity);
  const { inverse, pivots } = gaussJordan(g, d, precisionMatrix);
  const logDeterminant = pivots
    .map((pivot, k) => g.op(`log_pivot_${k}`, "Log", [pivot]))
    .reduce((sum, log) => g.add("log_determinant", sum, log));

  const weightedSums = g.op("weighted_sums", "Gemm", ["responses", weighted], { transB: 1 });
  const projected = toDouble(
    g,
    precision,
    g.sub(
      "projected",
      g.slice("projected_responses", weightedSums, 0, d, 1),
      g.transpose("projected_mean_by_subject", projectedMean),
    ),
  );
  const column = g.op("projected_column", "Unsqueeze", [projected, g.ints([2])]);
  const scores = g.op("scores", "Squeeze", [
    g.matmul("score_column", inverse, column),
    g.ints([2]),
  ]);
  const likelihood = logLikelihood(g, precision, fixed, {
    mean,
    uniqueness,
    projected,
    scores,
    logDeterminant,
  });

  const extended = g.op("scores_and_one", "Concat", [scores, fixed.ones], { axis: 1 });
  const padded = g.op("posterior_covariance", "Pad", [
    inverse,
    g.ints([0, 0, 0, 0, 1, 1]),
    g.constant("float64", [0], []),
  ]);
  const outer = g.mul(
    "score_products",
    g.op("score_rows", "Unsqueeze", [extended, g.ints([2])]),
    g.op("score_columns", "Unsqueeze", [extended, g.ints([1])]),
  );
  const moments = g.add("second_moments", padded, outer);
  const { solution, right } = solveItems(g, d, {
    moments: fromDouble(g, precision, moments),
    extended: fromDouble(g, precision, extended),
    counts: fixed.counts,
    inverseCounts: fixed.inverseCounts,
  });
  const explained = g.sum("explained", g.mul("explained_parts", solution, right), [0], true);
  const unexplained = g.sub("unexplained", fixed.squares, explained);
  const freeUniqueness = g.mul("uniqueness_free", unexplained, fixed.inverseCounts);
  const newUniqueness = g.op("uniqueness_new", "Max", [freeUniqueness, "uniqueness_floor"]);

  const average = g.op("average_moments", "ReduceMean", [moments], { axes: [0], keepdims: 0 });
  const top = g.slice("average_top", average, 0, d, 0);
  const factorMean = g.slice("factor_mean", top, d, d + 1, 1);
  const covariance = g.sub(
    "factor_covariance",
    g.slice("factor_second", top, 0, d, 1),
    g.matmul("mean_products", factorMean, g.transpose("factor_mean_row", factorMean)),
  );
  // The rows of Λᵀ and of μ are one product with the solution: [chol(V)ᵀ 0; mᵀ 1].
  const zeros = g.constant("float64", new Array<number>(d).fill(0), [d, 1]);
  const expansion = g.op("expansion", "Concat", [
    g.op("expansion_loadings", "Concat", [
      g.transpose("cholesky_transposed", cholesky(g, d, covariance)),
      zeros,
    ], { axis: 1 }),
    g.op("expansion_mean", "Concat", [
      g.transpose("mean_row", factorMean),
      g.constant("float64", [1], [1, 1]),
    ], { axis: 1 }),
  ], { axis: 0 });
  const expansionReal = fromDouble(g, precision, expansion);
  const expanded = g.matmul("loadings_and_mean", expansionReal, solution);
  const image = g.op("image", "Concat", [expanded, newUniqueness], { axis: 0 });
  return { logLikelihood: likelihood, image };
}

function upperPairs(d: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let i = 0; i < d; i++) for (let j = i; j < d; j++) pairs.push([i, j]);
  return pairs;
}

/** For each entry of a d × d matrix, row by row, the index of its pair. */
function symmetricIndex(d: number, pairs: readonly [number, number][]): number[] {
  return Array.from({ length: d * d }, (_, n) => {
    const [i, j] = [Math.floor(n / d), n % d].sort((a, b) => a - b);
    return pairs.findIndex(([a, b]) => a === i && b === j);
  });
}

function logLikelihood(
  g: GraphBuilder,
  precision: Precision,
  fixed: FixedValues,
  parts: {
    readonly mean: string;
    readonly uniqueness: string;
    readonly projected: string;
    readonly scores: string;
    readonly logDeterminant: string;
  },
): string {
  const total = (name: string, value: string, axes: readonly number[]): string =>
    g.sum(name, toDouble(g, precision, value), axes, false);
  const logs = g.mul("log_uniqueness", fixed.counts, g.op("logs", "Log", [parts.uniqueness]));
  const twice = g.mul("sums_twice", fixed.sums, g.reals([2], []));
  const moved = g.sub("mean_sums", g.mul("mean_counts", fixed.counts, parts.mean), twice);
  const row = g.add("residual_by_item", fixed.squares, g.mul("residual_moved", parts.mean, moved));
  const terms = [
    fixed.constant,
    total("sum_log_uniqueness", logs, [0, 1]),
    total("sum_log_determinant", parts.logDeterminant, [0, 1, 2]),
    total("sum_residual", g.div("residual_scaled", row, parts.uniqueness), [0, 1]),
  ];
  const sum = terms.reduce((a, b) => g.add("deviance", a, b));
  const fit = total("sum_fit", g.mul("fit", parts.projected, parts.scores), [0, 1]);
  const deviance = g.sub("deviance", sum, fit);
  return g.mul("half", deviance, g.constant("float64", [-0.5], []));
}
