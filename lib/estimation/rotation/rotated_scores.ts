import { type Matrix, matrix } from "../../stats/matrix.ts";
import { invert, transposeMultiply } from "./small_matrix.ts";

/**
 * Factor scores after rotation: L f' = A f for the rotated loadings L = A W, so that f' = W⁻¹ f
 * (W = (AᵀA)⁻¹ AᵀL holds rotation, order and signs alike).
 *
 * @param raw A, p × d, before rotation.
 * @param rotated L, p × d.
 * @param scores f, S × d: a subject a row.
 * @returns S × d; the scores as they are where the loadings have not rank d.
 */
export function rotatedScores(raw: Matrix, rotated: Matrix, scores: Matrix): Matrix {
  const d = raw.cols;
  const gram = invert(crossProduct(raw, raw), d);
  if (gram === undefined) return scores;
  // AᵀA is symmetric, and so is its inverse.
  const W = invert(transposeMultiply(gram, crossProduct(raw, rotated), d), d);
  if (W === undefined) return scores;
  const result = matrix(scores.rows, d);
  for (let s = 0; s < scores.rows; s++) {
    for (let j = 0; j < d; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += W[j * d + k]! * scores.data[s * d + k]!;
      result.data[s * d + j] = sum;
    }
  }
  return result;
}

/** Aᵀ B of two p × d matrices. */
function crossProduct(a: Matrix, b: Matrix): Float64Array {
  const d = a.cols;
  const sum = new Float64Array(d * d);
  for (let at = 0; at < a.data.length; at += d) {
    for (let j = 0; j < d; j++) {
      for (let k = 0; k < d; k++) sum[j * d + k]! += a.data[at + j]! * b.data[at + k]!;
    }
  }
  return sum;
}
