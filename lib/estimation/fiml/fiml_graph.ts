import { type Graph, GraphBuilder } from "../../onnx/graph_builder.ts";
import {
  acceleratedLoop,
  type AscentMap,
  type FitGraphOptions,
  LOOP_INPUTS,
  real,
} from "./accelerated_loop.ts";
import { toDouble } from "./precision.ts";
import { type FixedValues, pxEmStep } from "./px_em_step.ts";

/** With more factors the unrolled solves would make too large a graph. */
export const MAX_FACTORS = 16;

/**
 * The fit of the factor model as a graph: parameter-expanded EM (`pxEmStep`), accelerated
 * (`acceleratedLoop`). Every input is expected in units of each item's standard deviation (ψ: of
 * its variance), in which the acceleration measures distances. d is fixed in the graph; S and p are not.
 */
export function fimlGraph(options: FitGraphOptions): Graph {
  const { nFactors: d, precision } = options;
  const g = new GraphBuilder(precision);
  const counts = g.sum("item_counts", "mask", [0], true);
  const inverseCounts = g.op("item_counts_inverse", "Reciprocal", [counts]);
  const sums = g.sum("item_sums", "responses", [0], true);
  const squared = g.mul("responses_squared", "responses", "responses");
  const squares = g.sum("item_squares", squared, [0], true);
  const total = toDouble(g, precision, g.sum("n_observed", "mask", [0, 1], false));
  const log2Pi = g.constant("float64", [Math.log(2 * Math.PI)], []);
  const constant = g.mul("normal_constant", total, log2Pi);
  const shape = g.op("mask_shape", "Shape", ["mask"]);
  const subjects = g.slice("n_subjects", shape, 0, 1, 0);
  const columnShape = g.op("column_shape", "Concat", [subjects, g.ints([1])], { axis: 0 });
  const ones = g.op("ones", "Expand", [g.constant("float64", [1], [1, 1]), columnShape]);
  const flat = g.ints([1, -1]);
  const start = g.op("start", "Reshape", [
    g.op("start_rows", "Concat", ["initial_loadings", "initial_mean", "initial_uniqueness"], {
      axis: 0,
    }),
    flat,
  ]);
  const fixed = { counts, inverseCounts, sums, squares, constant, ones };
  const last = acceleratedLoop(g, options, start, expandedEm(d, precision, fixed));
  const rows = g.op("accepted_rows", "Reshape", [last, g.ints([d + 2, -1])]);
  g.outputs(["loadings", "mean", "uniqueness"], "Split", [rows, g.ints([d, 1, 1])], { axis: 0 });
  return g.build(
    "fiml",
    "FIML factor model by parameter-expanded EM with Anderson acceleration: " +
      "see lib/estimation/fiml/fiml_graph.ts",
    [
      real("mask", precision, ["subjects", "items"]),
      real("responses", precision, ["subjects", "items"]),
      real("uniqueness_floor", precision, [1, "items"]),
      real("initial_loadings", precision, [d, "items"]),
      real("initial_mean", precision, [1, "items"]),
      real("initial_uniqueness", precision, [1, "items"]),
      ...LOOP_INPUTS,
    ],
    [
      real("loadings", precision, [d, "items"]),
      real("mean", precision, [1, "items"]),
      real("uniqueness", precision, [1, "items"]),
      real("log_likelihoods", "float64", ["iterations"]),
    ],
  );
}

/** Parameter-expanded EM on points (Λᵀ, μ, ψ), row after row. */
function expandedEm(
  d: number,
  precision: FitGraphOptions["precision"],
  fixed: FixedValues,
): AscentMap {
  const split = (g: GraphBuilder, rows: string, names: readonly string[]): string[] =>
    g.ops(names, "Split", [rows, g.ints([d + 1, 1])], { axis: 0 });
  return {
    step(g, flatPoint): ReturnType<AscentMap["step"]> {
      const flat = g.ints([1, -1]);
      const point = g.op("point_rows", "Reshape", [flatPoint, g.ints([d + 2, -1])]);
      const [free = "", uniqueness = ""] = split(g, point, ["loadings_and_mean", "uniqueness"]);
      const mean = g.slice("mean", free, d, d + 1, 0);
      const { logLikelihood, image } = pxEmStep(g, d, precision, fixed, { free, mean, uniqueness });
      return { logLikelihood, image: g.op("image_flat", "Reshape", [image, flat]) };
    },
    feasible(g, mixture): string {
      const rows = g.op("mixed_rows", "Reshape", [mixture, g.ints([d + 2, -1])]);
      const [free = "", uniqueness = ""] = split(g, rows, ["mixed_free", "mixed_uniqueness"]);
      const next = g.op("next_rows", "Concat", [
        free,
        g.op("next_uniqueness", "Max", [uniqueness, "uniqueness_floor"]),
      ], { axis: 0 });
      return g.op("next", "Reshape", [next, g.ints([1, -1])]);
    },
  };
}
