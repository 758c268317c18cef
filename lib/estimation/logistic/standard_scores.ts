import { column, type Matrix, matrix } from "../../stats/matrix.ts";

/**
 * Moves scores to mean 0 and to variance 1 without correlation over the subjects (Gram–Schmidt), and
 * the items' parameters with them, so that every λ_iᵀ f_s + μ_i stays.
 *
 * @param scores F, S × d.
 * @param items A row of loadings, then the intercept, for each item; p × (d + 1).
 */
export function standardScores(scores: Matrix, items: Matrix): {
  readonly scores: Matrix;
  /** p × d. */
  readonly loadings: Matrix;
  /** p numbers. */
  readonly intercept: Float64Array;
} {
  const { rows: S, cols: d } = scores;
  const [standard, loadings] = [matrix(S, d), matrix(items.rows, d)];
  const intercept = column(items, d);
  for (let j = 0; j < d; j++) {
    const f = column(scores, j);
    const own = column(items, j);
    const mean = f.reduce((sum, x) => sum + x, 0) / S;
    own.forEach((l, i) => intercept[i]! += l * mean);
    f.forEach((_, s) => f[s]! -= mean);
    // f is a sum of the standard scores so far and of what is left: λ goes to each with its weight.
    for (let k = 0; k <= j; k++) {
      const unit = k < j ? column(standard, k) : f;
      const product = f.reduce((sum, x, s) => sum + x * unit[s]!, 0) / S;
      const weight = k < j ? product : Math.sqrt(product);
      own.forEach((l, i) => loadings.data[i * d + k]! += l * weight);
      if (k < j) unit.forEach((x, s) => f[s]! -= weight * x);
      else f.forEach((x, s) => standard.data[s * d + j] = weight > 0 ? x / weight : 0);
    }
  }
  return { scores: standard, loadings, intercept };
}
