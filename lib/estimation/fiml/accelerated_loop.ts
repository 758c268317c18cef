import { type Graph, GraphBuilder, type ValueInfo } from "../../onnx/graph_builder.ts";
import { range } from "../../stats/range.ts";
import { type AndersonMemory, andersonStep } from "./anderson.ts";
import type { Precision } from "./precision.ts";

/** More differences than this never helped. */
export const MAX_DEPTH = 10;

/** What a graph of a fit is made for. */
export interface FitGraphOptions {
  /** d, 1 … 16. */
  readonly nFactors: number;
  /** Element type; sums of the log-likelihood are always float64. */
  readonly precision: Precision;
  /** Differences that Anderson acceleration remembers, 0 … 10; 0 is the plain map alone. */
  readonly depth: number;
}

/** A map that raises a log-likelihood at each step, on points that are 1 × n vectors. */
export interface AscentMap {
  /** Gives the log-likelihood of a point (float64), and its image, by name. */
  readonly step: (
    g: GraphBuilder,
    point: string,
  ) => { readonly logLikelihood: string; readonly image: string };
  /** Moves a mixture of images to where the map is defined. */
  readonly feasible: (g: GraphBuilder, mixture: string) => string;
}

/**
 * Iterates a map, each step followed by one of Anderson acceleration (`andersonStep`), guarded so that
 * the log-likelihood never falls (in float32: by no more than rounding).
 *
 * An iteration takes a point x, and knows the image G(x') of the last point accepted, whose
 * log-likelihood is at least that of x'. It evaluates ℓ(x) and G(x) together. If x is an accelerated
 * point and ℓ(x) < ℓ(x'), it is taken back: the next point is G(x'), and nothing is remembered. Else
 * x is accepted, and the next point is the accelerated one. What the Loop gives at its end is the image
 * of the last point accepted.
 *
 * The Loop ends after `max_iterations`, or when an accelerated point is accepted that changes the
 * log-likelihood by less than `tolerance` of its size: a plain step of EM is so small that this rule
 * would stop far too early.
 *
 * @param start The first point; the graph around has the inputs `initial_log_likelihood`, `tolerance` and
 * `max_iterations` (`LOOP_INPUTS`).
 * @returns The name of the last image, 1 × n.
 */
export function acceleratedLoop(
  g: GraphBuilder,
  { precision, depth }: FitGraphOptions,
  start: string,
  map: AscentMap,
): string {
  const body = iteration(precision, depth, map);
  const names = body.outputs.slice(1).map(({ name }) => name.replace(/_out$/, "_last"));
  const last = g.ops(names, "Loop", [
    "max_iterations",
    g.constant("bool", [1], []),
    start,
    "initial_log_likelihood",
    ...startingMemory(g, start, depth),
  ], { body });
  // Without acceleration every point is accepted.
  return last[names.indexOf(depth === 0 ? "point_last" : "accepted_last")] ?? "";
}

/** The inputs that an accelerated loop reads by name. */
export const LOOP_INPUTS: readonly ValueInfo[] = [
  real("initial_log_likelihood", "float64", []),
  real("tolerance", "float64", []),
  { name: "max_iterations", type: "int64", shape: [] },
];

/** An input or output of real numbers. */
export function real(
  name: string,
  type: Precision,
  shape: readonly (number | string)[],
): ValueInfo {
  return { name, type, shape };
}

/** What the states beyond the point and its log-likelihood start as, in `iteration`'s order. */
function startingMemory(g: GraphBuilder, start: string, depth: number): string[] {
  if (depth === 0) return [];
  const nothing = g.mul("nothing", start, g.reals([0], []));
  const zeros = (dims: readonly number[]): string =>
    g.constant("float64", new Array<number>(dims.reduce((a, b) => a * b, 1)).fill(0), dims);
  return [
    start,
    nothing,
    ...new Array<string>(2 * (depth - 1)).fill(nothing),
    ...(depth === 1 ? [] : [zeros([1, depth, depth]), zeros([1, depth, 1])]),
    g.constant("float64", [-1], [1, 1, 1]),
  ];
}

function iteration(precision: Precision, depth: number, map: AscentMap): Graph {
  const g = new GraphBuilder(precision, "step_");
  const step = map.step(g, "point_in");
  const change = g.op("change", "Abs", [
    g.sub("difference", step.logLikelihood, "log_likelihood_in"),
  ]);
  const bound = g.mul("bound", g.op("size", "Abs", [step.logLikelihood]), "tolerance");
  const moving = g.op("moving", "Greater", [change, bound]);
  const vector = [1, "numbers"];
  const state: ValueInfo[] = [
    real("point", precision, vector),
    real("log_likelihood", "float64", []),
  ];
  if (depth === 0) {
    g.output("point_out", "Identity", [step.image]);
    g.output("log_likelihood_out", "Identity", [step.logLikelihood]);
    g.output("go_on_out", "Identity", [moving]);
  } else {
    state.push(
      real("accepted", precision, vector),
      real("residual", precision, vector),
      ...range(0, depth - 1).map((j) => real(`residual_change_${j}`, precision, vector)),
      ...range(0, depth - 1).map((j) => real(`image_change_${j}`, precision, vector)),
      ...(depth === 1 ? [] : [
        real("products", "float64", [1, depth, depth]),
        real("projections", "float64", [1, depth, 1]),
      ]),
      real("count", "float64", [1, 1, 1]),
    );
    accelerate(g, precision, depth, map, step, moving);
  }
  g.output("log_likelihoods", "Identity", ["log_likelihood_out"]);
  const named = (suffix: string): ValueInfo[] =>
    state.map((value) => ({ ...value, name: value.name + suffix }));
  return g.build(
    "iteration",
    "One iteration of the fit",
    [
      { name: "iteration_number", type: "int64", shape: [] },
      { name: "go_on_in", type: "bool", shape: [] },
      ...named("_in"),
    ],
    [
      { name: "go_on_out", type: "bool", shape: [] },
      ...named("_out"),
      real("log_likelihoods", "float64", []),
    ],
  );
}

/**
 * A fall of the log-likelihood by less than this, relatively, is rounding. Without it float32 would take
 * good steps back near the optimum and end as plain EM.
 */
const ROUNDING: Readonly<Record<Precision, number>> = { float64: 0, float32: 3e-8 };

/** Accepts the point or takes it back, and makes the next one. */
function accelerate(
  g: GraphBuilder,
  precision: Precision,
  depth: number,
  { feasible }: AscentMap,
  { logLikelihood, image }: ReturnType<AscentMap["step"]>,
  moving: string,
): void {
  const none = g.constant("float64", [0], [1, 1, 1]);
  const scalar = g.op("count_scalar", "Squeeze", ["count_in", g.ints([0, 1, 2])]);
  const accelerated = g.op("accelerated", "Greater", [scalar, g.constant("float64", [0], [])]);
  const rounding = ROUNDING[precision];
  const highest = rounding === 0 ? logLikelihood : g.add(
    "log_likelihood_at_most",
    logLikelihood,
    g.mul(
      "rounding",
      g.op("magnitude", "Abs", [logLikelihood]),
      g.constant("float64", [rounding], []),
    ),
  );
  const lower = g.op("lower", "Greater", ["log_likelihood_in", highest]);
  const plain = g.op("plain", "Not", [accelerated]);
  const accepted = g.op("accept", "Or", [g.op("not_lower", "Not", [lower]), plain]);
  const residual = "residual_out";
  g.output(residual, "Sub", [image, "point_in"]);
  const memory: AndersonMemory = {
    residualChanges: range(0, depth - 1).map((j) => `residual_change_${j}_in`),
    imageChanges: range(0, depth - 1).map((j) => `image_change_${j}_in`),
    products: "products_in",
    projections: "projections_in",
  };
  const one = g.constant("float64", [1], [1, 1, 1]);
  const count = g.add("count_next", "count_in", one);
  const mixed = andersonStep(
    g,
    precision,
    { residual, lastResidual: "residual_in", image, lastImage: "accepted_in" },
    memory,
    count,
  );
  const next = feasible(g, mixed.next);
  g.output("point_out", "Where", [accepted, next, "accepted_in"]);
  g.output("accepted_out", "Where", [accepted, image, "accepted_in"]);
  g.output("log_likelihood_out", "Where", [accepted, logLikelihood, "log_likelihood_in"]);
  range(1, depth - 1).forEach((j) => {
    g.output(`residual_change_${j}_out`, "Identity", [mixed.memory.residualChanges[j] ?? ""]);
    g.output(`image_change_${j}_out`, "Identity", [mixed.memory.imageChanges[j] ?? ""]);
  });
  if (depth > 1) {
    g.output("products_out", "Identity", [mixed.memory.products]);
    g.output("projections_out", "Identity", [mixed.memory.projections]);
  }
  // At most as many as are remembered count: beyond, no rank is at or above the count.
  const forgotten = g.sub("forgotten", none, one);
  const acceptedShaped = g.op("accept_shaped", "Reshape", [accepted, g.ints([1, 1, 1])]);
  g.output("count_out", "Where", [acceptedShaped, count, forgotten]);
  const undecided = g.op("undecided", "Or", [plain, g.op("taken_back", "Not", [accepted])]);
  g.output("go_on_out", "Or", [moving, undecided]);
}
