import type { FactorModelName } from "../estimation/factor_models.ts";
import type { Correction } from "../game/correction.ts";

/** Every choice from a response table to a headline number (model section 8). */
export interface Choices {
  /** Filter of items: fewest answers, and fewest of the rarer response. */
  readonly minSubjects: number;
  readonly minMinority: number;
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
  readonly kaiser: boolean;
  readonly tau: number;
  /** Tasks of the pool, at random. */
  readonly nPool: number;
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
  readonly threads: number;
  /** Names the random streams, and the draw of the pool by itself. */
  readonly seed: string;
  readonly poolSeed: string;
}

/** A row of a multiverse: a name, and the choices that differ from the base. */
export interface Variant {
  readonly name: string;
  readonly changes: Partial<Choices>;
}

/** Choices that the workflow has no param for. */
export const FIXED = {
  // On the real table every start reaches one criterion, and a start costs 60 ms.
  nStarts: 2,
  kaiser: true,
  // Targets of this family run side by side.
  threads: 1,
} as const satisfies Partial<Choices>;

/** The multiverse of model section 8: one choice changed at a time. */
export const VARIANTS: readonly Variant[] = [
  { name: "base", changes: {} },
  ...[1, 2, 3, 4, 6, 8].map((nFactors) => ({ name: `d = ${nFactors}`, changes: { nFactors } })),
  ...[0, 0.05, 0.2].map((tau) => ({ name: `tau = ${tau}`, changes: { tau } })),
  ...[0.05, 0.1, 0.3].map((psiFloor) => ({
    name: `psi_floor = ${psiFloor}`,
    changes: { psiFloor },
  })),
  ...[1, 2, 5].map((minMinority) => ({
    name: `min_minority = ${minMinority}`,
    changes: { minMinority },
  })),
  { name: "logistic factor model", changes: { factorModel: "logistic" } },
  { name: "varimax", changes: { rotation: "varimax" } },
  { name: "without Kaiser weights", changes: { kaiser: false } },
  ...[0.2, 0.5].map((biasBandwidth) => ({
    name: `b = ${biasBandwidth}`,
    changes: { biasBandwidth },
  })),
  ...[0, 0.05, 0.2].map((bandwidth) => ({
    name: `h = ${bandwidth}`,
    changes: { correction: { kind: "gap_gaussian" as const, bandwidth } },
  })),
  ...[0, 0.1].map((forgetting) => ({ name: `phi = ${forgetting}`, changes: { forgetting } })),
  ...[50, 400].map((rounds) => ({ name: `T = ${rounds}`, changes: { rounds } })),
  ...[0.02, 0.1].map((gamma) => ({ name: `gamma = ${gamma}`, changes: { gamma } })),
  ...[100, 1000].map((nPool) => ({ name: `n_pool = ${nPool}`, changes: { nPool } })),
  ...[100, 1000].map((priorMass) => ({
    name: `prior_mass = ${priorMass}`,
    changes: { priorMass },
  })),
];
