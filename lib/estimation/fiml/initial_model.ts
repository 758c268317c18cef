import { nativeGram } from "../../onnx/native_matrix.ts";
import { column, type Matrix, matrix } from "../../stats/matrix.ts";
import { symmetricEigen } from "../../stats/symmetric_eigen.ts";
import type { DenseResponses } from "./dense_responses.ts";
import type { FactorModel } from "./factor_model.ts";

const ITEMS_PER_BLOCK = 4096;

/**
 * The deterministic start of the fit: principal components of the centred table whose missing cells
 * hold their item's mean, through the eigenvectors of the S × S Gram matrix (model section 3).
 *
 * @param dense S × p.
 * @param S Number of subjects.
 * @param d Number of factors, below S.
 * @param psiFloor Least uniqueness as a share of the item's variance.
 */
export async function initialModel(
  { mask, responses, mean, variance }: DenseResponses,
  S: number,
  d: number,
  psiFloor: number,
): Promise<FactorModel> {
  const p = mean.length;
  const centred = (s: number, i: number): number =>
    responses[s * p + i]! - mask[s * p + i]! * mean[i]!;
  const scores = await principalScores({ mask, responses, mean }, S, d);
  const loadings = matrix(p, d);
  const length = 1 / Math.sqrt(S);
  for (let j = 0; j < d; j++) {
    for (let s = 0; s < S; s++) {
      const weight = length * scores.data[s * d + j]!;
      for (let i = 0; i < p; i++) loadings.data[i * d + j]! += weight * centred(s, i);
    }
  }
  const uniqueness = Float64Array.from(variance, (v, i) => {
    let communality = 0;
    for (let j = 0; j < d; j++) communality += loadings.data[i * d + j]! ** 2;
    return Math.max(v - communality, psiFloor * v);
  });
  return { loadings, mean: mean.slice(), uniqueness };
}

/**
 * The leading eigenvectors of the Gram matrix of the centred table whose missing cells hold their item's
 * mean, of length 1, S × d. Their signs make each one's largest entry positive.
 *
 * @param dense S × p.
 * @param S Number of subjects.
 * @param d Number of factors, below S.
 */
export async function principalScores(
  { mask, responses, mean }: Omit<DenseResponses, "variance">,
  S: number,
  d: number,
): Promise<Matrix> {
  const p = mean.length;
  await using native = await nativeGram();
  let gram = matrix(S, S);
  for (let first = 0; first < p; first += ITEMS_PER_BLOCK) {
    const rows = matrix(Math.min(ITEMS_PER_BLOCK, p - first), S);
    for (let s = 0; s < S; s++) {
      for (let i = 0; i < rows.rows; i++) {
        rows.data[i * S + s] = responses[s * p + first + i]! -
          mask[s * p + first + i]! * mean[first + i]!;
      }
    }
    gram = await native.add(rows, gram);
  }
  const { vectors } = await symmetricEigen(gram);
  const scores = matrix(S, d);
  for (let j = 0; j < d; j++) {
    const vector = column(vectors, j);
    const largest = vector.reduce((a, b) => (Math.abs(b) > Math.abs(a) + 1e-12 ? b : a), 0);
    vector.forEach((x, s) => scores.data[s * d + j] = Math.sign(largest) * x);
  }
  return scores;
}
