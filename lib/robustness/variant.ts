import type { FactorModelName } from "../estimation/factor_models.ts";
import type { Correction } from "../game/correction.ts";

/** Every choice from a response table to a headline number (model section 8). */
export interface Choices {
  /** Filter of items: fewest answers, and fewest of the rarer response. */
  readonly minSubjects: number;
  readonly minMinority: number;
  /** How many items, at random, are fitted; null: all. */
  readonly subsample: number | null;
  /** d, or what parallel analysis finds. */
  readonly nFactors: number | "auto";
  readonly nReplications: number;
  readonly percentile: number;
  readonly factorModel: FactorModelName;
  /** Least uniqueness, as a share of the item's observed variance. */
  readonly psiFloor: number;
  readonly maxEpochs: number;
  readonly tolerance: number;
  readonly andersonDepth: number;
  readonly rotation: "quartimin" | "varimax";
  /** Starts of the rotation. */
  readonly nStarts: number;
  /** Whether the rotation weights rows by Kaiser's rule. */
  readonly kaiser: boolean;
  readonly tau: number;
  /** Tasks of the pool, at random; null: all. */
  readonly nPool: number | null;
  /** b of the evaluator's bias. */
  readonly biasBandwidth: number;
  readonly correction: Correction;
  /** T. */
  readonly rounds: number;
  /** φ; null: ρ. */
  readonly forgetting: number | null;
  /** N_0; null: N. */
  readonly priorMass: number | null;
  readonly gamma: number;
  /** Draws of the one-shot game. */
  readonly draws: number;
  /** Of the fit. */
  readonly threads: number;
  readonly seeds: Seeds;
}

/** Names of the random streams, by what they are for. */
export interface Seeds {
  readonly parallelAnalysis: string;
  readonly subsample: string;
  readonly rotation: string;
  readonly pool: string;
  readonly oneShot: string;
  /** Of controls and of samples. */
  readonly tables: string;
}

/** A row of a multiverse. */
export interface Variant {
  /** The choice that differs from the base, and to what, such as `tau = 0.2`. */
  readonly name: string;
  /** The choice alone. */
  readonly group: string;
  readonly choices: Choices;
}

/** The name and the group of the base. */
export const BASE = "base";
