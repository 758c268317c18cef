/**
 * `lib/stats/ndarray.ts` for a browser: numjs writes code of its own as it runs, which the page's policy
 * forbids.
 *
 * @module
 */
import { type Matrix, matrix } from "../../stats/matrix.ts";

/** max(x, 0) of each entry. */
export function positivePart({ rows, cols, data }: Matrix): Promise<Matrix> {
  return Promise.resolve(matrix(rows, cols, data.map((x) => Math.max(x, 0))));
}

/** Σ_i z_ij² of each column j. */
export function columnMass({ rows, cols, data }: Matrix): Promise<Float64Array> {
  const mass = new Float64Array(cols);
  for (let n = 0; n < rows * cols; n++) mass[n % cols]! += data[n]! * data[n]!;
  return Promise.resolve(mass);
}
