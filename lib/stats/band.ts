import type { Matrix } from "./matrix.ts";
import { quantile } from "./quantile.ts";

/** Mean and 10–90 % band over replicates or draws: one number a row. */
export interface Band {
  readonly mean: Float64Array;
  readonly p10: Float64Array;
  readonly p90: Float64Array;
}

/**
 * Mean, 10th and 90th percentile of each row.
 *
 * @param values Rows × columns, row-major.
 */
export function bandOf(values: Float64Array, rows: number, columns: number): Band {
  const [mean, p10, p90] = [0, 0, 0].map(() => new Float64Array(rows));
  for (let t = 0; t < rows; t++) {
    const row = values.slice(t * columns, (t + 1) * columns).sort();
    mean![t] = row.reduce((sum, x) => sum + x, 0) / columns;
    p10![t] = quantile(row, 0.1);
    p90![t] = quantile(row, 0.9);
  }
  return { mean: mean!, p10: p10!, p90: p90! };
}

/**
 * The mean of each row, and its standard error over the columns; 0 of a single one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { meanWithError } from "./band.ts";
 * import { matrix } from "./matrix.ts";
 * const { mean, error } = meanWithError(matrix(1, 4, Float64Array.of(1, 2, 3, 4)));
 * assert.equal(mean[0], 2.5);
 * assert.ok(Math.abs(error[0]! - Math.sqrt(5 / 3 / 4)) < 1e-15);
 * ```
 */
export function meanWithError(
  { rows, cols, data }: Matrix,
): { readonly mean: Float64Array; readonly error: Float64Array } {
  const [mean, error] = [new Float64Array(rows), new Float64Array(rows)];
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(i * cols, (i + 1) * cols);
    const level = row.reduce((sum, x) => sum + x, 0) / cols;
    const squares = row.reduce((sum, x) => sum + (x - level) ** 2, 0);
    mean[i] = level;
    error[i] = Math.sqrt(squares / Math.max(1, cols - 1) / cols);
  }
  return { mean, error };
}
