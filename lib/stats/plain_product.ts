import { type Matrix, matrix } from "./matrix.ts";

/** Partial sums that do not wait for one another: a loop with one sum takes three times as long. */
const LANES = 4;

/**
 * The product of two matrices by plain loops, m × n times n × l: where there is no native code, as in a
 * browser.
 */
export function plainProduct(a: Matrix, b: Matrix): Matrix {
  return b.cols === 1 ? timesVector(a, b) : timesMatrix(a, b);
}

function timesVector({ rows, cols, data }: Matrix, { data: x }: Matrix): Matrix {
  const result = matrix(rows, 1);
  const whole = cols - cols % LANES;
  for (let i = 0; i < rows; i++) {
    let at = i * cols;
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let n = 0; n < whole; n += LANES, at += LANES) {
      s0 += data[at]! * x[n]!;
      s1 += data[at + 1]! * x[n + 1]!;
      s2 += data[at + 2]! * x[n + 2]!;
      s3 += data[at + 3]! * x[n + 3]!;
    }
    for (let n = whole; n < cols; n++, at++) s0 += data[at]! * x[n]!;
    result.data[i] = s0 + s1 + (s2 + s3);
  }
  return result;
}

function timesMatrix(a: Matrix, b: Matrix): Matrix {
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
