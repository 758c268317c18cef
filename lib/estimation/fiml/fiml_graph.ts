import { type Graph, GraphBuilder, type ValueInfo } from "../../onnx/graph_builder.ts";

/** Element type of the fit's numbers. */
export type Precision = "float64" | "float32";

/** Beyond so many factors the unrolled solves would make too large a graph. */
export const MAX_FACTORS = 16;

/**
 * The fit as a graph: a Loop of iterations of parameter-expanded EM (Liu, Rubin and Wu, 1998) for
 * the factor model of section 3, y_si = μ_i + λ_iᵀ f_s + ε_si over the observed cells.
 *
 * One iteration, from Λᵀ (d × p), μ and ψ (1 × p), with W (S × p) 1 where a cell is observed:
 *
 * 1. r = W ∘ (y − μ); P = Λᵀ / ψ; M_s = I + Σ_i W_si λ_i λ_iᵀ / ψ_i, for all s one product of W with
 *    the p × d(d+1)/2 distinct entries; its inverse by Gauss–Jordan elimination over the batch of
 *    subjects, log det M_s from the pivots.
 * 2. v = r Pᵀ; the posterior means f_s = M_s⁻¹ v_s; the log-likelihood of the point that came in,
 *    −½ [Σ W log 2π + Σ n_i log ψ_i + Σ log det M_s + Σ r²/ψ − Σ v_sᵀ f_s].
 * 3. With f̃ = (f, 1): E_s = f̃ f̃ᵀ + M_s⁻¹ (padded), B_i = Σ_s W_si E_s, C = f̃ᵀ Y. Per item
 *    B_i (λ_i, μ_i) = C_i, solved by Cholesky factors whose entries are vectors over items.
 * 4. ψ_i = max((Σ W y² − C_iᵀ (λ_i, μ_i)) / n_i, floor_i).
 * 5. Expansion: m and V, the mean and covariance of the factors over subjects, are taken into the
 *    loadings, Λ ← Λ chol(V) and μ ← μ + Λ m, so that the factors are N(0, I) again.
 *
 * The Loop ends after `max_iterations`, or when the log-likelihood changes by less than
 * `tolerance` of its size. The number of factors is fixed in the graph; S and p are not.
 *
 * @param d Number of factors, 1 … 16.
 * @param precision Element type; sums of the log-likelihood are always float64.
 */
export function fimlGraph(d: number, precision: Precision): Graph {
  const g = new GraphBuilder(precision);
  const counts = g.sum("item_counts", "mask", [0], true);
  const squares = g.sum(
    "item_squares",
    g.mul("responses_squared", "responses", "responses"),
    [0],
    true,
  );
  const total = toDouble(g, precision, g.sum("n_observed", "mask", [0, 1], false));
  const constant = g.mul(
    "normal_constant",
    total,
    g.constant("float64", [Math.log(2 * Math.PI)], []),
  );
  const shape = g.op("mask_shape", "Shape", ["mask"]);
  const subjects = g.slice("n_subjects", shape, 0, 1, 0);
  const columnShape = g.op("column_shape", "Concat", [subjects, g.ints([1])], { axis: 0 });
  const ones = g.op("ones", "Expand", [g.reals([1], [1, 1]), columnShape]);
  const body = iteration(d, precision, { counts, squares, constant, ones });
  g.ops(
    ["loadings", "mean", "uniqueness", "last_log_likelihood", "log_likelihoods"],
    "Loop",
    [
      "max_iterations",
      g.constant("bool", [1], []),
      "initial_loadings",
      "initial_mean",
      "initial_uniqueness",
      "initial_log_likelihood",
    ],
    { body },
  );
  return g.build(
    "fiml",
    "FIML factor model by parameter-expanded EM: see lib/estimation/fiml/fiml_graph.ts",
    [
      real("mask", precision, ["subjects", "items"]),
      real("responses", precision, ["subjects", "items"]),
      real("uniqueness_floor", precision, [1, "items"]),
      real("initial_loadings", precision, [d, "items"]),
      real("initial_mean", precision, [1, "items"]),
      real("initial_uniqueness", precision, [1, "items"]),
      real("initial_log_likelihood", "float64", []),
      real("tolerance", "float64", []),
      { name: "max_iterations", type: "int64", shape: [] },
    ],
    [
      real("loadings", precision, [d, "items"]),
      real("mean", precision, [1, "items"]),
      real("uniqueness", precision, [1, "items"]),
      real("log_likelihoods", "float64", ["iterations"]),
    ],
  );
}

/** Values of the outer graph that an iteration uses. */
interface Fixed {
  readonly counts: string;
  readonly squares: string;
  readonly constant: string;
  readonly ones: string;
}

function iteration(d: number, precision: Precision, fixed: Fixed): Graph {
  const g = new GraphBuilder(precision, "step_");
  const D = d + 1;
  const identity = Array.from({ length: d * d }, (_, n) => (n % (d + 1) === 0 ? 1 : 0));

  const residual = g.mul("residual", "mask", g.sub("centred", "responses", "mean_in"));
  const weighted = g.div("weighted_loadings", "loadings_in", "uniqueness_in");
  const pairs = upperPairs(d);
  const products = g.mul(
    "loading_products",
    g.op("loading_rows", "Gather", ["loadings_in", g.ints(pairs.map(([i]) => i))], { axis: 0 }),
    g.op("weighted_rows", "Gather", [weighted, g.ints(pairs.map(([, j]) => j))], { axis: 0 }),
  );
  const entries = g.matmul("precision_entries", "mask", g.transpose("products_by_item", products));
  const spread = g.op("precision_spread", "Gather", [entries, g.ints(symmetricIndex(d, pairs))], {
    axis: 1,
  });
  const squared = g.op("precision_square", "Reshape", [spread, g.ints([-1, d, d])]);
  const precisionMatrix = g.add("posterior_precision", squared, g.reals(identity, [1, d, d]));
  const { inverse, logDeterminant } = gaussJordan(g, d, precisionMatrix, identity);

  const projected = g.matmul("projected", residual, g.transpose("weighted_by_item", weighted));
  const column = g.op("projected_column", "Unsqueeze", [projected, g.ints([2])]);
  const scores = g.op("scores", "Squeeze", [
    g.matmul("score_column", inverse, column),
    g.ints([2]),
  ]);
  const likelihood = logLikelihood(g, precision, fixed, {
    residual,
    projected,
    scores,
    logDeterminant,
  });

  const extended = g.op("scores_and_one", "Concat", [scores, fixed.ones], { axis: 1 });
  const padded = g.op("posterior_covariance", "Pad", [
    inverse,
    g.ints([0, 0, 0, 0, 1, 1]),
    g.reals([0], []),
  ]);
  const outer = g.mul(
    "score_products",
    g.op("score_rows", "Unsqueeze", [extended, g.ints([2])]),
    g.op("score_columns", "Unsqueeze", [extended, g.ints([1])]),
  );
  const moments = g.add("second_moments", padded, outer);
  const solution = solveItems(g, d, moments, extended);
  const explained = g.sum("explained", g.mul("explained_parts", solution.stacked, solution.right), [
    0,
  ], true);
  const uniqueness = g.div(
    "uniqueness_free",
    g.sub("unexplained", fixed.squares, explained),
    fixed.counts,
  );
  g.output("uniqueness_out", "Max", [uniqueness, "uniqueness_floor"]);

  const average = g.op("average_moments", "ReduceMean", [moments], { axes: [0], keepdims: 0 });
  const top = g.slice("average_top", average, 0, d, 0);
  const mean = g.slice("factor_mean", top, d, D, 1);
  const covariance = g.sub(
    "factor_covariance",
    g.slice("factor_second", top, 0, d, 1),
    g.matmul("mean_products", mean, g.transpose("factor_mean_row", mean)),
  );
  const factor = cholesky(g, d, covariance);
  const free = g.slice("loadings_free", solution.stacked, 0, d, 0);
  const freeMean = g.slice("mean_free", solution.stacked, d, D, 0);
  g.output("loadings_out", "MatMul", [g.transpose("cholesky_transposed", factor), free]);
  const shift = g.matmul("mean_shift", g.transpose("mean_row", mean), free);
  g.output("mean_out", "Add", [freeMean, shift]);

  const change = g.op("change", "Abs", [g.sub("difference", likelihood, "log_likelihood_in")]);
  const size = g.op("size", "Abs", [likelihood]);
  g.output("go_on_out", "Greater", [change, g.mul("bound", size, "tolerance")]);
  g.output("log_likelihood_out", "Identity", [likelihood]);
  g.output("log_likelihood", "Identity", [likelihood]);
  return g.build(
    "iteration",
    "One iteration of parameter-expanded EM",
    [
      { name: "iteration_number", type: "int64", shape: [] },
      { name: "go_on_in", type: "bool", shape: [] },
      real("loadings_in", precision, [d, "items"]),
      real("mean_in", precision, [1, "items"]),
      real("uniqueness_in", precision, [1, "items"]),
      real("log_likelihood_in", "float64", []),
    ],
    [
      { name: "go_on_out", type: "bool", shape: [] },
      real("loadings_out", precision, [d, "items"]),
      real("mean_out", precision, [1, "items"]),
      real("uniqueness_out", precision, [1, "items"]),
      real("log_likelihood_out", "float64", []),
      real("log_likelihood", "float64", []),
    ],
  );
}

function real(
  name: string,
  type: Precision,
  shape: readonly (number | string)[],
): ValueInfo {
  return { name, type, shape };
}

function toDouble(g: GraphBuilder, precision: Precision, value: string): string {
  const DOUBLE = 11;
  return precision === "float64" ? value : g.op("as_float64", "Cast", [value], { to: DOUBLE });
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

/** Inverses of a batch of symmetric positive definite d × d matrices, and their log determinants. */
function gaussJordan(
  g: GraphBuilder,
  d: number,
  matrices: string,
  identity: readonly number[],
): { readonly inverse: string; readonly logDeterminant: string } {
  let left = matrices;
  let right = g.reals(identity, [1, d, d]);
  let logDeterminant = "";
  for (let k = 0; k < d; k++) {
    const row = g.slice(`pivot_row_${k}`, left, k, k + 1, 1);
    const pivot = g.slice(`pivot_${k}`, row, k, k + 1, 2);
    const log = g.op(`log_pivot_${k}`, "Log", [pivot]);
    logDeterminant = k === 0 ? log : g.add("log_determinant", logDeterminant, log);
    const leftRow = g.div(`left_row_${k}`, row, pivot);
    const rightRow = g.div(
      `right_row_${k}`,
      g.slice(`inverse_row_${k}`, right, k, k + 1, 1),
      pivot,
    );
    const unit = Array.from({ length: d }, (_, i) => (i === k ? 1 : 0));
    const column = g.sub(
      `elimination_${k}`,
      g.slice(`pivot_column_${k}`, left, k, k + 1, 2),
      g.reals(unit, [1, d, 1]),
    );
    left = g.sub(`left_${k}`, left, g.mul(`left_change_${k}`, column, leftRow));
    right = g.sub(`inverse_${k}`, right, g.mul(`inverse_change_${k}`, column, rightRow));
  }
  return { inverse: right, logDeterminant };
}

function logLikelihood(
  g: GraphBuilder,
  precision: Precision,
  fixed: Fixed,
  parts: {
    readonly residual: string;
    readonly projected: string;
    readonly scores: string;
    readonly logDeterminant: string;
  },
): string {
  const total = (name: string, value: string, axes: readonly number[]): string =>
    g.sum(name, toDouble(g, precision, value), axes, false);
  const logs = g.mul("log_uniqueness", fixed.counts, g.op("logs", "Log", ["uniqueness_in"]));
  const squares = g.mul("residual_squared", parts.residual, parts.residual);
  // Summed over subjects first, so that only a row has to be converted to float64.
  const row = g.sum("residual_by_item", squares, [0], true);
  const terms = [
    fixed.constant,
    total("sum_log_uniqueness", logs, [0, 1]),
    total("sum_log_determinant", parts.logDeterminant, [0, 1, 2]),
    total("sum_residual", g.div("residual_scaled", row, "uniqueness_in"), [0, 1]),
  ];
  const sum = terms.reduce((a, b) => g.add("deviance", a, b));
  const fit = total("sum_fit", g.mul("fit", parts.projected, parts.scores), [0, 1]);
  const deviance = g.sub("deviance", sum, fit);
  return g.mul("half", deviance, g.constant("float64", [-0.5], []));
}

/** Solves B_i x_i = C_i for all items: the Cholesky factors' entries are 1 × p vectors. */
function solveItems(
  g: GraphBuilder,
  d: number,
  moments: string,
  extended: string,
): { readonly stacked: string; readonly right: string } {
  const D = d + 1;
  const lower: [number, number][] = [];
  for (let i = 0; i < D; i++) for (let j = 0; j <= i; j++) lower.push([i, j]);
  const flat = g.op("moments_flat", "Reshape", [moments, g.ints([-1, D * D])]);
  const entries = g.op(
    "moment_entries",
    "Gather",
    [flat, g.ints(lower.map(([i, j]) => i * D + j))],
    {
      axis: 1,
    },
  );
  const left = g.matmul("item_moments", g.transpose("entries_by_pair", entries), "mask");
  const right = g.matmul("item_sums", g.transpose("scores_by_factor", extended), "responses");
  const names = lower.map(([i, j]) => `moment_${i}_${j}`);
  const B = new Map(
    g.ops(names, "Split", [left], { axis: 0 }).map((v, n) => [String(lower[n]), v]),
  );
  const C = g.ops(Array.from({ length: D }, (_, i) => `sum_${i}`), "Split", [right], { axis: 0 });
  const at = (map: ReadonlyMap<string, string>, i: number, j: number): string =>
    map.get(String([i, j])) ?? "";
  const minus = (
    name: string,
    start: string,
    pairs: readonly (readonly [string, string])[],
  ): string =>
    pairs.reduce((rest, [a, b]) => g.sub(name, rest, g.mul(`${name}_part`, a, b)), start);
  const L = new Map<string, string>();
  const inverse: string[] = [];
  const range = (from: number, to: number): number[] =>
    Array.from({ length: Math.max(0, to - from) }, (_, k) => from + k);
  for (let j = 0; j < D; j++) {
    const diagonal = range(0, j).map((k) => [at(L, j, k), at(L, j, k)] as const);
    const pivot = minus(`pivot_${j}`, at(B, j, j), diagonal);
    inverse[j] = g.op(`inverse_pivot_${j}`, "Reciprocal", [g.op(`root_${j}`, "Sqrt", [pivot])]);
    for (let i = j + 1; i < D; i++) {
      const parts = range(0, j).map((k) => [at(L, i, k), at(L, j, k)] as const);
      const rest = minus(`rest_${i}_${j}`, at(B, i, j), parts);
      L.set(String([i, j]), g.mul(`factor_${i}_${j}`, rest, inverse[j] ?? ""));
    }
  }
  const y: string[] = [];
  for (let i = 0; i < D; i++) {
    const parts = range(0, i).map((k) => [at(L, i, k), y[k] ?? ""] as const);
    y.push(g.mul(`forward_${i}`, minus(`forward_rest_${i}`, C[i] ?? "", parts), inverse[i] ?? ""));
  }
  const x: string[] = [];
  for (let i = D - 1; i >= 0; i--) {
    const parts = range(i + 1, D).map((k) => [at(L, k, i), x[k] ?? ""] as const);
    x[i] = g.mul(`solution_${i}`, minus(`back_rest_${i}`, y[i] ?? "", parts), inverse[i] ?? "");
  }
  return { stacked: g.op("solution", "Concat", x, { axis: 0 }), right };
}

/** The lower Cholesky factor of one d × d matrix, its entries unrolled. */
function cholesky(g: GraphBuilder, d: number, matrix: string): string {
  const column = g.op("covariance_column", "Reshape", [matrix, g.ints([d * d, 1])]);
  const names = Array.from({ length: d * d }, (_, n) => `covariance_${n}`);
  const a = d === 1 ? [column] : g.ops(names, "Split", [column], { axis: 0 });
  const zero = g.reals([0], [1, 1]);
  const L: string[] = new Array<string>(d * d).fill(zero);
  const minus = (start: string, i: number, j: number): string => {
    let rest = start;
    for (let k = 0; k < j; k++) {
      rest = g.sub("cholesky_rest", rest, g.mul("cholesky_part", L[i * d + k]!, L[j * d + k]!));
    }
    return rest;
  };
  for (let j = 0; j < d; j++) {
    L[j * d + j] = g.op(`cholesky_${j}_${j}`, "Sqrt", [minus(a[j * d + j]!, j, j)]);
    for (let i = j + 1; i < d; i++) {
      L[i * d + j] = g.div(`cholesky_${i}_${j}`, minus(a[i * d + j]!, i, j), L[j * d + j]!);
    }
  }
  const stacked = g.op("cholesky_column", "Concat", L, { axis: 0 });
  return g.op("cholesky", "Reshape", [stacked, g.ints([d, d])]);
}
