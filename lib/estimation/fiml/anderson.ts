import type { GraphBuilder } from "../../onnx/graph_builder.ts";
import { range } from "../../stats/range.ts";
import { gaussJordan } from "./gauss_jordan.ts";
import { fromDouble, type Precision, toDouble } from "./precision.ts";

/** What is kept from one iteration to the next, by the names of the values. */
export interface AndersonMemory {
  /** The last depth − 1 differences of the residual f = G(x) − x, newest first; 1 × n each. */
  readonly residualChanges: readonly string[];
  /** The same of the image G(x). */
  readonly imageChanges: readonly string[];
  /** Inner products of the last `depth` residual differences; 1 × depth × depth, float64. */
  readonly products: string;
  /** Their inner products with the residual; 1 × depth × 1, float64. */
  readonly projections: string;
}

/** A step of the map, by the names of the values; 1 × n each. */
export interface MapStep {
  readonly residual: string;
  readonly lastResidual: string;
  readonly image: string;
  readonly lastImage: string;
}

/** Ridge of the least-squares problem, relative to its mean diagonal. */
const RIDGE: Readonly<Record<Precision, number>> = { float64: 1e-10, float32: 1e-6 };

/** Keeps the diagonal positive while nothing is remembered. */
const TINY = 1e-30;

/**
 * Anderson acceleration of a fixed-point map G (Anderson, 1965; type II): the next point is
 * G(x) − Σ_j γ_j ΔG_j, where γ makes ‖f − Σ_j γ_j ΔF_j‖ least over the newest difference and the
 * remembered ones. With depth 1 none is remembered, and the memory is not read.
 *
 * @param count Number of differences that count, from the newest; float64, 1 × 1 × 1.
 * @returns The names of the next point (1 × n) and of the new memory.
 */
export function andersonStep(
  g: GraphBuilder,
  precision: Precision,
  step: MapStep,
  memory: AndersonMemory,
  count: string,
): { readonly next: string; readonly memory: AndersonMemory } {
  const m = memory.residualChanges.length + 1;
  const double = (data: readonly number[], dims: readonly number[]): string =>
    g.constant("float64", data, dims);
  // Named as the loop's outputs: no copy is made of them.
  const [residualChange, imageChange] = ["residual_change_0_out", "image_change_0_out"];
  g.output(residualChange, "Sub", [step.residual, step.lastResidual]);
  g.output(imageChange, "Sub", [step.image, step.lastImage]);
  const residualChanges = [residualChange, ...memory.residualChanges];
  const imageChanges = [imageChange, ...memory.imageChanges];

  const inner = (a: string, b: string): string =>
    toDouble(g, precision, g.sum("inner_product", g.mul("inner_parts", a, b), [0, 1], true));
  const stack = (name: string, values: readonly string[]): string =>
    g.op(name, "Unsqueeze", [g.op(`${name}_rows`, "Concat", values, { axis: 0 }), g.ints([0])]);
  // The older differences' products are known; their projections change by f's own change.
  const row = residualChanges.map((change) => inner(residualChange, change));
  const column = stack("newest_products", row);
  const first = g.op("newest_projection", "Unsqueeze", [
    inner(residualChange, step.residual),
    g.ints([0]),
  ]);
  let products = column;
  let projections = first;
  if (m > 1) {
    const others = g.slice("other_products", column, 1, m, 1);
    const kept = g.slice(
      "kept_products",
      g.slice("kept_rows", memory.products, 0, m - 1, 1),
      0,
      m - 1,
      2,
    );
    const side = g.op("side_products", "Transpose", [others], { perm: [0, 2, 1] });
    products = g.op("products", "Concat", [
      column,
      g.op("right_products", "Concat", [side, kept], { axis: 1 }),
    ], { axis: 2 });
    const moved = g.slice("kept_projections", memory.projections, 0, m - 1, 1);
    projections = g.op("projections", "Concat", [
      first,
      g.add("moved_projections", moved, others),
    ], { axis: 1 });
  }

  const ranks = range(0, m);
  const zero = double([0], [1, 1, 1]);
  const rowCounts = g.op("row_counts", "Greater", [count, double(ranks, [1, m, 1])]);
  const columnCounts = g.op("column_counts", "Greater", [count, double(ranks, [1, 1, m])]);
  const counted = g.op("counted_products", "Where", [
    columnCounts,
    g.op("counted_rows", "Where", [rowCounts, products, zero]),
    zero,
  ]);
  const identity = g.identity(m);
  const trace = g.op("trace", "ReduceSum", [g.mul("diagonal", counted, identity), g.ints([1, 2])], {
    keepdims: 1,
  });
  const ridge = g.add(
    "ridge",
    g.mul("ridge_relative", trace, double([RIDGE[precision] / m], [])),
    double([TINY], []),
  );
  const system = g.add("system", counted, g.mul("ridge_diagonal", ridge, identity));
  const { inverse } = gaussJordan(g, m, system);
  const right = g.op("counted_projections", "Where", [rowCounts, projections, zero]);
  const solved = g.matmul("coefficients", inverse, right);
  const coefficients = fromDouble(
    g,
    precision,
    g.op("coefficient_column", "Reshape", [
      solved,
      g.ints([m, 1]),
    ]),
  );
  const parts = m === 1
    ? [coefficients]
    : g.ops(ranks.map((j) => `coefficient_${j}`), "Split", [coefficients], { axis: 0 });
  const next = parts.reduce(
    (rest, part, j) => g.sub("mixed", rest, g.mul("mixed_part", part, imageChanges[j] ?? "")),
    step.image,
  );
  return {
    next,
    memory: {
      residualChanges: residualChanges.slice(0, -1),
      imageChanges: imageChanges.slice(0, -1),
      products,
      projections,
    },
  };
}
