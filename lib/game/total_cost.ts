import { type Matrix, matrix } from "../stats/matrix.ts";
import { controlVariates } from "./control_variates.ts";
import type { EvaluatorPath } from "./evaluator_path.ts";
import { type MeanFieldOptions, playMeanField } from "./mean_field.ts";
import { roundLoss } from "./measures.ts";
import type { Pool } from "./pool.ts";
import { playRepeated, type RepeatedOptions } from "./repeated.ts";

/** What games with K different k come to over all rounds. */
export interface TotalCost {
  /** Σ_t ℓ_t, ℓ_t = σ_t²/k + γ Δ_t (model section 6.2): K × replicates. */
  readonly cost: Matrix;
  /** Mean over the rounds of strategic misalignment Δ_t: K × replicates. */
  readonly misalignment: Matrix;
}

/** The same by Monte Carlo. */
export interface PlayedCost extends TotalCost {
  /** Less what chance adds to second order (control variates): the same means, a smaller error. */
  readonly controlled: TotalCost;
}

/**
 * The total cost of the repeated game by Monte Carlo, as playRepeated() plays it: as it came out, and
 * with control variates.
 *
 * @param gamma Weight γ of misalignment in the loss.
 */
export function totalCost(
  pool: Pool,
  path: EvaluatorPath,
  options: RepeatedOptions,
  gamma: number,
): PlayedCost {
  const { ks, replicates: R } = options;
  const [K, T] = [ks.length, path.rounds];
  const [cost, misalignment] = [matrix(K, R), matrix(K, R)];
  const controlled = { cost: matrix(K, R), misalignment: matrix(K, R) };
  const chanceOf = controlVariates(pool, path, options, gamma);
  playRepeated(pool, path, options, (r, t, kIndex, measures, direction) => {
    const at = kIndex * R + r;
    const loss = roundLoss(measures, ks[kIndex]!, gamma);
    const chance = chanceOf(t, kIndex, measures, direction);
    cost.data[at]! += loss;
    misalignment.data[at]! += measures.misalignment / T;
    controlled.cost.data[at]! += loss - chance.loss;
    controlled.misalignment.data[at]! += (measures.misalignment - chance.misalignment) / T;
  });
  return { cost, misalignment, controlled };
}

/** The same in the mean-field limit: K × 1. */
export function totalCostMeanField(
  pool: Pool,
  path: EvaluatorPath,
  options: MeanFieldOptions,
  gamma: number,
): TotalCost {
  const [K, T] = [options.ks.length, path.rounds];
  const [cost, misalignment] = [matrix(K, 1), matrix(K, 1)];
  playMeanField(pool, path, options, (_t, kIndex, measures) => {
    cost.data[kIndex]! += roundLoss(measures, options.ks[kIndex]!, gamma);
    misalignment.data[kIndex]! += measures.misalignment / T;
  });
  return { cost, misalignment };
}
