/**
 * Every kind of artifact that passes between tasks, each declared once: its arrays with their element
 * types and dimensions, and its facts. Utilities are shares u(θ)/‖μ‖ of the best, in [0, 1];
 * misalignment, gaps and biases are in units of the score, in [0, 1].
 *
 * S subjects, p items, n observed cells, d factors or skills, N tasks.
 *
 * @module
 */
import { z } from "zod";
import { band, defineKind, float64, int32, missing, optional, real, text } from "./kind.ts";

const count = z.int().nonnegative();
const number = z.number();
const seed = z.string();

const responseArrays = {
  subject_id: text("S"),
  item_id: text("p"),
  /** The category of each item, where it is known. */
  item_category: optional(text("p")),
  /** Of each observed cell its subject, 0 … S − 1, ascending, … */
  subject: int32("n"),
  /** … its item, 0 … p − 1, ascending within a subject, … */
  item: int32("n"),
  /** … and the response in [0, 1], averaged over trials. */
  response: float64("n"),
};

/** An indexed response table (model section 1). */
export const responses = defineKind(
  "a response table",
  responseArrays,
  z.looseObject({ simulated: z.boolean() }),
);

/** The items of a response table that are kept. */
export const items = defineKind(
  "a response table",
  responseArrays,
  z.object({
    n_items: count,
    n_subjects: count,
    n_dropped_few_subjects: count,
    n_dropped_minority: count,
    n_items_before_subsample: count.exactOptional(),
    seed: seed.exactOptional(),
  }),
);

/** Horn's parallel analysis (model section 2), of R replications. */
export const parallelAnalysis = defineKind(
  "a parallel analysis",
  {
    /** Of the item correlation matrix, descending; they sum to p. */
    eigenvalues: float64("S"),
    replications: float64("R", "S"),
    thresholds: float64("S"),
    n_factors: int32(),
  },
  z.object({
    n_factors: count,
    n_subjects: count,
    n_items: count,
    /** In [0, 100]. */
    percentile: number,
    n_replications: count,
    seed,
  }),
);

/** The factor model as it was fitted (model section 3), after so many `iterations`. */
export const factorModel = defineKind(
  "a factor model",
  {
    /** Λ, unrotated, in units of the response. */
    loadings: float64("p", "d"),
    /** ψ, above 0. */
    uniqueness: float64("p"),
    /** μ. */
    mean: float64("p"),
    item_id: text("p"),
    subject_id: text("S"),
    /** Posterior means of the factors. */
    scores: float64("S", "d"),
    /** Each factor's highest leverage of one subject, in (0, 1]; 0 where all scores are 0. */
    leverage: float64("d"),
    log_likelihood: float64("iterations"),
  },
  z.object({
    n_factors: count,
    n_iterations: count,
    log_likelihood: number.nullable(),
    converged: z.boolean(),
    share_at_floor: number,
    highest_leverage: number,
    device: z.enum(["cpu", "cuda"]),
    precision: z.enum(["float64", "float32"]),
    held_out_brier: number.exactOptional(),
    held_out_brier_of_mean: number.exactOptional(),
    n_held_out: count.exactOptional(),
  }),
);

/** Loadings in the correlation metric (model sections 4 and 5). */
export const loadings = defineKind(
  "rotated loadings",
  {
    raw: float64("p", "d"),
    rotated: float64("p", "d"),
    /** The factors' correlations. */
    phi: float64("d", "d"),
    item_id: text("p"),
  },
  z.object({
    method: z.enum(["quartimin", "varimax"]),
    fallback: z.string().nullable(),
    criterion: number,
    n_starts_converged: count,
    criterion_spread: number,
    /** Null: infinite. */
    condition_phi: number.nullable(),
    seed,
  }),
);

/** All tasks (model section 5). */
export const tasks = defineKind("tasks", {
  projected: float64("N", "d"),
  /** Its axes are sorted by mass. */
  sparsified: float64("N", "d"),
  axis_mass: float64("d"),
  item_id: text("N"),
}, z.object({ n_tasks: count, n_dropped_without_positive_loading: count }));

/** A stage from loadings to tasks: of `loadings` or of `tasks`, whichever the file is. */
export const loadingStages = defineKind("loadings or tasks", {
  raw: optional(loadings.arrays.raw),
  rotated: optional(loadings.arrays.rotated),
  projected: optional(tasks.arrays.projected),
  sparsified: optional(tasks.arrays.sparsified),
}, z.looseObject({}));

/** A pool that is played on: one of the workflow, or a file made elsewhere that holds `z`. */
export const pool = defineKind(
  "a pool",
  { /** Rows in the positive unit ball. */ z: real("N", "d") },
  z.looseObject({}),
);

const poolFacts = { n_pool: count, n_skills: count, seed };

/** A subsample of the tasks. */
export const semisyntheticPool = defineKind("a pool", {
  z: float64("N", "d"),
  item_id: text("N"),
  axis_mass: float64("d"),
}, z.object({ pool: z.literal("semisynthetic"), n_tasks: count, ...poolFacts }));

/** The synthetic stratified pool. */
export const syntheticPool = defineKind("a pool", {
  z: float64("N", "d"),
  /** How many skills the task has, 1 … d. */
  layer: int32("N"),
  axis_mass: float64("d"),
}, z.object({ pool: z.literal("synthetic"), ...poolFacts }));

/** The one-shot game (model section 6.1): K published sets, A awarenesses, a grid of α and β. */
export const oneShot = defineKind(
  "a one-shot game",
  {
    /** Published tasks, from 1 to N. */
    k: int32("K"),
    /** Share α of the tasks that the developer knows, in (0, 1], and how many tasks these are. */
    awareness: float64("A"),
    n_known: int32("A"),
    /** Mean score over the published tasks, in [0, 1]. */
    ...band("published_score", float64("K")),
    /** Utility under transparency. */
    ...band("transparency", float64("K")),
    /** Utility of empirical risk minimisation. */
    ...band("erm", float64("A")),
    /** Change of published score/‖μ‖ − utility from the k before: mean over draws, and standard error. */
    gap_change: float64("K"),
    gap_change_se: float64("K"),
    alpha: float64("alphas"),
    /** The developer's bias: 0, none, to 1. */
    beta: float64("betas"),
    /** Published tasks of the transparency that the grid is compared with. */
    asymmetry_k: int32(1),
    asymmetry_erm: float64("alphas", "betas"),
    asymmetry_transparency: float64(1),
  },
  z.object({
    n_pool: count,
    n_skills: count,
    /** ‖μ‖, in score. */
    best_utility: number,
    n_draws: count,
    bias_bandwidth: number,
    asymmetry_bandwidth: number,
    seed,
  }),
);

/** The repeated game over T rounds (model section 6.2), for R correction rates and K sample sizes. */
export const repeated = defineKind("a repeated game", {
  k: int32("K"),
  rho: float64("R"),
  /** Rounds, from 0. */
  t: int32("T"),
  /** π_0. */
  initial: float64("N"),
  /** g_t·θ°. */
  measurement_bias: float64("R", "T"),
  /** Total variation between π_t and uniform, in [0, 1]. */
  total_variation: float64("R", "T"),
  /** Δ_t = g_t·(θ_t − θ°). */
  ...band("misalignment", float64("R", "K", "T")),
  /** g_t·θ_t. */
  ...band("exploitation_gap", float64("R", "K", "T")),
  /** μ·(θ° − θ_t). */
  ...band("regret", float64("R", "K", "T")),
  /** σ_t², of one task's score. */
  ...band("variance", float64("R", "K", "T")),
}, z.object({ ...poolFacts, n_replicates: count }));

/** Total cost and misalignment over R correction rates and K sample sizes (model section 6.3). */
export const totalCost = defineKind("a grid of total cost", {
  rho: float64("R"),
  k: int32("K"),
  /** Real numbers of tasks, for the mean field and the closed forms. */
  k_mean_field: float64("L"),
  /** Δ_t, mean over rounds and replicates, and its standard error. */
  misalignment: float64("R", "K"),
  misalignment_se: float64("R", "K"),
  /** Σ_t ℓ_t over replicates. */
  ...band("cost", float64("R", "K")),
  misalignment_mean_field: float64("R", "L"),
  cost_mean_field: float64("R", "L"),
  cost_textbook: float64("R", "L"),
  cost_finite_horizon: float64("R", "L"),
  /** The k of least cost: of Monte Carlo, with 10–90 % of bootstrap samples, and of the others. */
  k_star: float64("R"),
  k_star_p10: float64("R"),
  k_star_p90: float64("R"),
  k_star_mean_field: float64("R"),
  /** NaN where nothing can be exploited. */
  k_star_textbook: missing(float64("R")),
  k_star_finite_horizon: missing(float64("R")),
  /** σ² and c of the closed forms. */
  variance: float64(1),
  exploitation: float64(1),
}, z.object({ ...poolFacts, n_replicates: count, n_rounds: count, gamma: number }));
