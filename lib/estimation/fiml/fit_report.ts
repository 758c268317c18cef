import { column, type Matrix } from "../../stats/matrix.ts";
import type { Responses } from "../../responses/responses.ts";
import { denseResponses } from "./dense_responses.ts";

/**
 * Each factor's highest subject leverage, max_s f_sj² / Σ_s f_sj², in (0, 1] (model section 3); 0 for a
 * factor on which all scores are 0.
 *
 * @param scores f, S × d.
 */
export function highestLeverages(scores: Matrix): Float64Array {
  return Float64Array.from({ length: scores.cols }, (_, j) => {
    const squares = column(scores, j).map((f) => f ** 2);
    const total = squares.reduce((sum, x) => sum + x, 0);
    return total > 0 ? Math.max(...squares) / total : 0;
  });
}

/**
 * The degrees of freedom of a factor model, ((p − d)² − (p + d))/2 (Lawley and Maxwell, 1971): below 0, the
 * covariances of p items do not determine d factors.
 */
export function degreesOfFreedom(p: number, d: number): number {
  return ((p - d) ** 2 - (p + d)) / 2;
}

/**
 * The share of items whose uniqueness is at its floor.
 *
 * @param table S × p.
 * @param uniqueness ψ, p numbers.
 * @param psiFloor The floor as a share of the item's observed variance.
 */
export function shareAtFloor(
  table: Responses,
  uniqueness: Float64Array,
  psiFloor: number,
): number {
  const { variance } = denseResponses(table);
  // float32 results are at the floor within their rounding.
  const at = uniqueness.reduce(
    (n, psi, i) => n + (psi <= psiFloor * variance[i]! * (1 + 1e-6) ? 1 : 0),
    0,
  );
  return at / uniqueness.length;
}
