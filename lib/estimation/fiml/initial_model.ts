import { matrix } from "../../numeric/matrix.ts";
import type { DenseResponses } from "./dense_responses.ts";
import type { FactorModel } from "./factor_model.ts";

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
  const { EigenvalueDecomposition, Matrix: MlMatrix } = await import("ml-matrix");
  const gram = Array.from({ length: S }, () => new Array<number>(S).fill(0));
  const centred = new Float64Array(S);
  for (let i = 0; i < p; i++) {
    for (let s = 0; s < S; s++) centred[s] = responses[s * p + i]! - mask[s * p + i]! * mean[i]!;
    for (let s = 0; s < S; s++) {
      const [x, row] = [centred[s]!, gram[s]!];
      if (x !== 0) { for (let t = 0; t <= s; t++) row[t]! += x * centred[t]!; }
    }
  }
  for (let s = 0; s < S; s++) for (let t = s + 1; t < S; t++) gram[s]![t] = gram[t]![s]!;
  const { eigenvectorMatrix: V } = new EigenvalueDecomposition(new MlMatrix(gram), {
    assumeSymmetric: true,
  });
  const loadings = matrix(p, d);
  for (let j = 0; j < d; j++) {
    // Eigenvalues ascend; the sign makes the component's largest entry positive.
    const vector = Array.from({ length: S }, (_, s) => V.get(s, S - 1 - j));
    const largest = vector.reduce((a, b) => (Math.abs(b) > Math.abs(a) + 1e-12 ? b : a), 0);
    const sign = Math.sign(largest) / Math.sqrt(S);
    for (let s = 0; s < S; s++) {
      const weight = sign * vector[s]!;
      for (let i = 0; i < p; i++) {
        const y = responses[s * p + i]! - mask[s * p + i]! * mean[i]!;
        loadings.data[i * d + j]! += weight * y;
      }
    }
  }
  const uniqueness = Float64Array.from(variance, (v, i) => {
    let communality = 0;
    for (let j = 0; j < d; j++) communality += loadings.data[i * d + j]! ** 2;
    return Math.max(v - communality, psiFloor * v);
  });
  return { loadings, mean: mean.slice(), uniqueness };
}
