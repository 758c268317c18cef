import { type Graph, GraphBuilder } from "../../onnx/graph_builder.ts";
import {
  acceleratedLoop,
  type AscentMap,
  type FitGraphOptions,
  LOOP_INPUTS,
  real,
} from "../fiml/accelerated_loop.ts";
import { fromDouble, type Precision, toDouble } from "../fiml/precision.ts";
import { type LogisticFixed, variationalStep } from "./variational_step.ts";

/**
 * The acceleration measures distances in scores, m and R, and in ξ so much less: the cells are many,
 * and follow from the others. On the real table 240 iterations instead of 580.
 */
const WEIGHT_OF_CELLS = 0.01;

/** ONNX's code of float64. */
const FLOAT64 = 11;

/**
 * The fit of the logistic factor model as a graph: variational EM (`variationalStep`), accelerated
 * (`acceleratedLoop`). The responses are as they are, in [0, 1], and 0 where one is missing. d is fixed in
 * the graph; S and p are not.
 */
export function logisticGraph(options: FitGraphOptions): Graph {
  const { nFactors: d, precision } = options;
  const D = d + 1;
  const g = new GraphBuilder(precision);
  const middle = g.mul("middle", "mask", g.reals([0.5], []));
  const shape = g.op("mask_shape", "Shape", ["mask"]);
  const subjects = g.slice("n_subjects", shape, 0, 1, 0);
  const items = g.slice("n_items", shape, 1, 2, 0);
  const columnShape = g.op("column_shape", "Concat", [subjects, g.ints([1])], { axis: 0 });
  const fixed: LogisticFixed = {
    centred: g.sub("centred", "responses", middle),
    ones: g.op("ones", "Expand", [g.constant("float64", [1], [1, 1]), columnShape]),
    itemShare: g.op("item_share", "Reciprocal", [
      g.op("n_items_real", "Cast", [items], { to: FLOAT64 }),
    ]),
  };
  const sizes = g.op("sizes", "Concat", [
    g.mul("n_scores", subjects, g.ints([d])),
    g.ints([D]),
    g.ints([D * D]),
    g.mul("n_cells", subjects, items),
  ], { axis: 0 });
  const map = variationalEm(d, precision, fixed, { sizes, shape });
  const initial = {
    scores: "initial_scores",
    prior: { mean: "initial_prior_mean", root: "initial_prior_root" },
    touching: "initial_touching",
  };
  const start = joined(g, precision, initial);
  const last = separated(g, d, precision, acceleratedLoop(g, options, start, map), {
    sizes,
    shape,
  });
  g.output("scores", "Identity", [last.scores]);
  g.output("prior_mean", "Identity", [last.prior.mean]);
  g.output("prior_root", "Identity", [last.prior.root]);
  g.output("touching", "Identity", [last.touching]);
  const state = (prefix: string): Graph["inputs"] => [
    real(`${prefix}scores`, "float64", ["subjects", d]),
    real(`${prefix}prior_mean`, "float64", [1, D]),
    real(`${prefix}prior_root`, "float64", [D, D]),
    real(`${prefix}touching`, precision, ["subjects", "items"]),
  ];
  return g.build(
    "logistic",
    "Logistic factor model by variational EM with Anderson acceleration: " +
      "see lib/estimation/logistic/logistic_graph.ts",
    [
      real("mask", precision, ["subjects", "items"]),
      real("responses", precision, ["subjects", "items"]),
      ...state("initial_"),
      ...LOOP_INPUTS,
    ],
    [...state(""), real("log_likelihoods", "float64", ["iterations"])],
  );
}

type Point = ReturnType<typeof variationalStep>["image"];

function variationalEm(
  d: number,
  precision: Precision,
  fixed: LogisticFixed,
  shapes: { readonly sizes: string; readonly shape: string },
): AscentMap {
  return {
    step(g, flat): ReturnType<AscentMap["step"]> {
      const point = separated(g, d, precision, flat, shapes);
      const { logLikelihood, image } = variationalStep(g, d, precision, fixed, point);
      return { logLikelihood, image: joined(g, precision, image) };
    },
    // Any root has a covariance, and the bound is even in ξ.
    feasible: (_, mixture) => mixture,
  };
}

/** A point as one vector, 1 × n. */
function joined(
  g: GraphBuilder,
  precision: Precision,
  { scores, prior, touching }: Point,
): string {
  const row = (value: string): string => g.op("row", "Reshape", [value, g.ints([1, -1])]);
  const cells = g.mul("touching_light", touching, g.reals([WEIGHT_OF_CELLS], []));
  const others = [scores, prior.mean, prior.root].map((part) =>
    row(fromDouble(g, precision, part))
  );
  return g.op("joined", "Concat", [...others, row(cells)], { axis: 1 });
}

/** The parts of such a vector. */
function separated(
  g: GraphBuilder,
  d: number,
  precision: Precision,
  flat: string,
  { sizes, shape }: { readonly sizes: string; readonly shape: string },
): Point {
  const names = ["scores_flat", "prior_mean_flat", "prior_root_flat", "touching_flat"];
  const [scores = "", mean = "", root = "", cells = ""] = g.ops(names, "Split", [flat, sizes], {
    axis: 1,
  });
  const reshaped = (name: string, value: string, dims: readonly number[]): string =>
    toDouble(g, precision, g.op(name, "Reshape", [value, g.ints(dims)]));
  const light = g.op("touching_shaped", "Reshape", [cells, shape]);
  return {
    scores: reshaped("scores_shaped", scores, [-1, d]),
    prior: {
      mean: reshaped("prior_mean_shaped", mean, [1, d + 1]),
      root: reshaped("prior_root_shaped", root, [d + 1, d + 1]),
    },
    touching: g.mul("touching_heavy", light, g.reals([1 / WEIGHT_OF_CELLS], [])),
  };
}
