import { type Matrix, matrix } from "../lib/stats/matrix.ts";

/**
 * The product of two matrices, by plain loops: for tests without native code.
 *
 * @throws {RangeError} When the shapes do not fit.
 */
export function product(a: Matrix, b: Matrix): Matrix {
  if (a.cols !== b.rows) {
    throw new RangeError(`Cannot multiply ${a.rows} × ${a.cols} by ${b.rows} × ${b.cols}`);
  }
  const result = matrix(a.rows, b.cols);
  for (let i = 0; i < a.rows; i++) {
    const row = result.data.subarray(i * b.cols, (i + 1) * b.cols);
    for (let n = 0; n < a.cols; n++) {
      const factor = a.data[i * a.cols + n]!;
      if (factor === 0) continue;
      for (let j = 0, at = n * b.cols; j < b.cols; j++, at++) row[j]! += factor * b.data[at]!;
    }
  }
  return result;
}
