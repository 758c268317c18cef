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

const number = z.number();
const seed = z.string();

/** Facts that are counts. */
function counts<N extends string>(...names: readonly N[]): Readonly<Record<N, z.ZodInt>> {
  return Object.fromEntries(names.map((name) => [name, z.int().nonnegative()])) as Record<
    N,
    z.ZodInt
  >;
}

const responseArrays = {
  subject_id: text("S"),
  item_id: text("p"),
  /** The category of each item, where it is known. */
  item_category: optional(text("p")),
  /** The benchmark of each item, where it is known. */
  item_benchmark: optional(text("p")),
  /** Of each observed cell its subject, 0 … S − 1, ascending, … */
  subject: int32("n"),
  /** … its item, 0 … p − 1, ascending within a subject, … */
  item: int32("n"),
  /** … and the response in [0, 1], averaged over trials. */
  response: float64("n"),
};

/** An indexed response table (model section 1). */
export const responses = defineKind("a response table", {
  facts: z.looseObject({ simulated: z.boolean() }),
  arrays: responseArrays,
});

/** The items of a response table that are kept. */
export const items = defineKind("a response table", {
  facts: z.object({
    ...counts("n_items", "n_subjects", "n_dropped_few_subjects", "n_dropped_minority"),
  }),
  arrays: responseArrays,
});

/** Horn's parallel analysis (model section 2), of R replications. */
export const parallelAnalysis = defineKind("a parallel analysis", {
  facts: z.object({
    ...counts("n_factors", "n_subjects", "n_items", "n_replications"),
    /** In [0, 100]. */
    percentile: number,
    seed,
  }),
  arrays: {
    /** Of the item correlation matrix, descending; they sum to p. */
    eigenvalues: float64("S"),
    replications: float64("R", "S"),
    thresholds: float64("S"),
    n_factors: int32(),
  },
});

/** The factor model as it was fitted (model section 3), after some `iterations`. */
export const factorModel = defineKind("a factor model", {
  facts: z.object({
    /** The logistic model: loadings and means are in logits. Absent: the Gaussian one. */
    model: z.literal("logistic").exactOptional(),
    ...counts("n_factors", "n_iterations"),
    log_likelihood: number.nullable(),
    converged: z.boolean(),
    share_at_floor: number,
    /** Where the fit is of a random part of the items. */
    n_items_before_subsample: z.int().exactOptional(),
    seed: seed.exactOptional(),
    device: z.enum(["cpu", "cuda"]),
    precision: z.enum(["float64", "float32"]),
    held_out_brier: number.exactOptional(),
    held_out_brier_of_mean: number.exactOptional(),
    n_held_out: z.int().exactOptional(),
  }),
  arrays: {
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
    log_likelihood: float64("iterations"),
  },
});

/** Loadings in the correlation metric (model sections 4 and 5). */
export const loadings = defineKind("rotated loadings", {
  facts: z.object({
    method: z.enum(["quartimin", "varimax"]),
    fallback: z.string().nullable(),
    criterion: number,
    ...counts("n_starts_converged"),
    criterion_spread: number,
    condition_phi: number,
    highest_leverage: number,
    seed,
  }),
  arrays: {
    raw: float64("p", "d"),
    rotated: float64("p", "d"),
    /** The factors' correlations. */
    phi: float64("d", "d"),
    /** Each rotated factor's highest leverage of one subject, in (0, 1]; 0 where all scores are 0. */
    leverage: float64("d"),
    item_id: text("p"),
  },
});

/** All tasks (model section 5). */
export const tasks = defineKind("tasks", {
  facts: z.object(counts("n_tasks", "n_dropped_without_positive_loading")),
  arrays: {
    projected: float64("N", "d"),
    /** Its axes are sorted by mass. */
    sparsified: float64("N", "d"),
    axis_mass: float64("d"),
    item_id: text("N"),
  },
});

/** A stage from loadings to tasks: of `loadings` or of `tasks`, whichever the file is. */
export const loadingStages = defineKind("loadings or tasks", {
  facts: z.looseObject({}),
  arrays: {
    raw: optional(loadings.arrays.raw),
    rotated: optional(loadings.arrays.rotated),
    projected: optional(tasks.arrays.projected),
    sparsified: optional(tasks.arrays.sparsified),
  },
});

/** A pool that is played on, of the workflow or made elsewhere: `z` has rows in the positive unit ball. */
export const pool = defineKind("a pool", {
  facts: z.looseObject({}),
  arrays: { z: real("N", "d") },
});

const poolFacts = { ...counts("n_pool", "n_skills"), seed };

/** A subsample of the tasks. */
export const semisyntheticPool = defineKind("a pool", {
  facts: z.object({ pool: z.literal("semisynthetic"), ...counts("n_tasks"), ...poolFacts }),
  arrays: { z: float64("N", "d"), item_id: text("N"), axis_mass: float64("d") },
});

/** The synthetic stratified pool: `layer` is how many skills a task has, 1 … d. */
export const syntheticPool = defineKind("a pool", {
  facts: z.object({ pool: z.literal("synthetic"), ...poolFacts }),
  arrays: { z: float64("N", "d"), layer: int32("N"), axis_mass: float64("d") },
});

/** The one-shot game (model section 6.1): K published sets, A awarenesses, a grid of α and β. */
export const oneShot = defineKind("a one-shot game", {
  facts: z.object({
    ...poolFacts,
    ...counts("n_draws"),
    /** ‖μ‖, in score. */
    best_utility: number,
    bias_bandwidth: number,
    asymmetry_bandwidth: number,
  }),
  arrays: {
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
    /** Utility where as many tasks are published, by an evaluator without bias. */
    ...band("transparency_unbiased", float64("A")),
    /** The same less that of ERM: mean over draws, standard error. */
    privacy_loss: float64("A"),
    privacy_loss_se: float64("A"),
    /** Change of published score/‖μ‖ − utility from the k before: mean over draws, standard error. */
    gap_change: float64("K"),
    gap_change_se: float64("K"),
    alpha: float64("alphas"),
    /** The developer's bias, from 0, none, to 1. */
    beta: float64("betas"),
    /** Published tasks of the transparency that the grid is compared with. */
    asymmetry_k: int32(1),
    asymmetry_erm: float64("alphas", "betas"),
    asymmetry_transparency: float64(1),
  },
});

/** The repeated game over T rounds (model section 6.2), for R correction rates and K sample sizes. */
export const repeated = defineKind("a repeated game", {
  facts: z.object({ ...poolFacts, ...counts("n_replicates") }),
  arrays: {
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
    /** What Δ_t cannot exceed, in any replicate (docs/bound.md). */
    product_bound: float64("R", "K", "T"),
    /** Δ_t = g_t·(θ_t − θ°). */
    ...band("misalignment", float64("R", "K", "T")),
    /** g_t·θ_t. */
    ...band("exploitation_gap", float64("R", "K", "T")),
    /** μ·(θ° − θ_t). */
    ...band("regret", float64("R", "K", "T")),
    /** σ_t², of one task's score. */
    ...band("variance", float64("R", "K", "T")),
    /** Δ_t in the mean-field limit. */
    misalignment_mean_field: float64("R", "K", "T"),
  },
});

/** Total cost and misalignment over R correction rates and K sample sizes (model section 6.3). */
export const totalCost = defineKind("a grid of total cost", {
  facts: z.object({ ...poolFacts, ...counts("n_replicates", "n_rounds"), gamma: number }),
  arrays: {
    rho: float64("R"),
    k: int32("K"),
    /** Real numbers of tasks, for the mean field and the closed forms. */
    k_mean_field: float64("L"),
    /** Δ_t, mean over rounds and replicates with control variates, and its standard error. */
    misalignment: float64("R", "K"),
    misalignment_se: float64("R", "K"),
    /** Σ_t ℓ_t over replicates, the mean with control variates. */
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
    /** The same between the points of the grid, and the k whose cost is within 2 % of the least. */
    k_star_refined: float64("R"),
    k_star_low: float64("R"),
    k_star_high: float64("R"),
    /** The least total cost by mean field, at k_star_refined. */
    cost_star_refined: float64("R"),
    /** NaN where nothing can be exploited. */
    k_star_textbook: missing(float64("R")),
    k_star_finite_horizon: missing(float64("R")),
    /** σ² and c of the closed forms. */
    variance: float64(1),
    exploitation: float64(1),
  },
});

/** M mechanisms over T rounds (model section 9), all with the same k. */
export const mechanisms = defineKind("a comparison of mechanisms", {
  facts: z.object({
    ...poolFacts,
    ...counts("n_replicates", "k"),
    /** Of those with correction. */
    rho: number,
    gamma: number,
    /** The holdout's n_0, ε and η; null where there is none. */
    n_0: number.nullable(),
    epsilon: number,
    eta: number,
  }),
  arrays: {
    /** none, correction, holdout, both or transparency. */
    mechanism: text("M"),
    /** Δ_t and the variance of the published score, over replicates. */
    ...band("misalignment", float64("M", "T")),
    ...band("variance", float64("M", "T")),
    /** Σ_t of variance + γ Δ_t. */
    ...band("cost", float64("M")),
    /** Mean probability that the developer sees the scored tasks. */
    alarm: float64("M", "T"),
    misalignment_mean_field: float64("M", "T"),
    variance_mean_field: float64("M", "T"),
    cost_mean_field: float64("M"),
    /** The probability of an alarm in round 0 of a developer that plays θ°. */
    honest_alarm: missing(float64(1)),
  },
});

/**
 * Headline numbers and C claims (model section 8) of V tables or choices: each has a group, a name, and a remark
 * or "".
 */
export const outcomes = defineKind("headline numbers", {
  facts: z.object(counts("n_outcomes", "n_without_numbers")),
  arrays: {
    group: text("V"),
    name: text("V"),
    remark: text("V"),
    /** Where k* is at the edge, in words, or "". */
    edge: text("V"),
    /** Names of the columns of `numbers`; NaN where an outcome has none, for its remark's reason. */
    headline: text("H"),
    numbers: missing(float64("V", "H")),
    /** The claims, and what the first outcome with any measured. */
    claim: text("C"),
    claim_figure: text("C"),
    claim_source: text("C"),
    claim_measured: text("C"),
    /** 1 where it is expected to hold, else 0. */
    claim_expected: int32("C"),
    /** 1 where it holds, 0 where not or k* is at the edge, NaN where it does not apply. */
    holds: missing(float64("V", "C")),
  },
});

/** Brier scores of held-out answers, of R splits, by number of factors D (model section 3). */
export const heldOut = defineKind("held-out scores", {
  facts: z.object({ ...counts("n_splits", "n_factors"), share: number }),
  arrays: {
    n_factors: int32("D"),
    brier: float64("R", "D"),
    /** 1 where the fit converged, else 0. */
    converged: float64("R", "D"),
    /** Of each item's mean, and of the additive model. */
    brier_of_mean: float64("R"),
    brier_of_additive: float64("R"),
    /** What the workflow fits. */
    chosen_n_factors: int32(),
  },
});

/** How headline numbers vary with what is chosen or drawn otherwise: I intervals. */
export const intervals = defineKind("intervals of headline numbers", {
  facts: z.object(counts("n_outcomes")),
  arrays: {
    headline: text("I"),
    /** With what it varies. */
    source: text("I"),
    /** On the workflow's own choices; NaN where these give none. */
    value: missing(float64("I")),
    /** 10th and 90th percentiles. */
    low: float64("I"),
    high: float64("I"),
    /** Outcomes, and those of them without numbers. */
    n: int32("I"),
    without: int32("I"),
  },
});
