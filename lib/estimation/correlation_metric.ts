import { type Matrix, matrix } from "../stats/matrix.ts";

/**
 * Loadings in the correlation metric, λ_i / √(‖λ_i‖² + ψ_i), so that the squared length of a row is the
 * item's communality and at most 1 (model section 5).
 *
 * @param loadings Λ, p × d, unrotated (orthogonal factors).
 * @param uniqueness ψ, p positive numbers.
 */
export function correlationMetric({ rows, cols, data }: Matrix, uniqueness: Float64Array): Matrix {
  const result = matrix(rows, cols, data.slice());
  for (let i = 0; i < rows; i++) {
    const row = result.data.subarray(i * cols, (i + 1) * cols);
    const variance = row.reduce((sum, x) => sum + x * x, uniqueness[i]!);
    for (let j = 0; j < cols; j++) row[j]! /= Math.sqrt(variance);
  }
  return result;
}
