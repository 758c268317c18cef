import { type Matrix, matrix } from "../../stats/matrix.ts";
import type { Responses } from "../../responses/responses.ts";

/** Parameters of the factor model y = μ + Λ f + ε (model section 3), or of its logistic alternative. */
export interface FactorModel {
  /** Λ, p × d. */
  readonly loadings: Matrix;
  /** μ, p numbers. */
  readonly mean: Float64Array;
  /** ψ, p positive numbers. */
  readonly uniqueness: Float64Array;
  /** Logit: μ + Λ f is the log odds of a response, and ψ the variance of the logistic distribution. */
  readonly link?: "logit";
}

/**
 * The log-likelihood of a factor model over the observed cells, and the posterior means of the
 * factors, by Woodbury's identity (model section 3). Written apart from the graph of the fit, to
 * check it: O(n d²) time.
 *
 * @param model Λ, μ and ψ for p items.
 * @param data S × p.
 * @returns The log-likelihood, and the scores f (S × d).
 */
export function evaluateModel(
  { loadings, mean, uniqueness }: FactorModel,
  data: Pick<Responses, "subjectIds" | "subject" | "item" | "response">,
): { readonly logLikelihood: number; readonly scores: Matrix } {
  const [S, d] = [data.subjectIds.length, loadings.cols];
  const precision = new Float64Array(S * d * d);
  const projected = new Float64Array(S * d);
  let deviance = data.item.length * Math.log(2 * Math.PI);
  for (let n = 0; n < data.item.length; n++) {
    const [s, i] = [data.subject[n]!, data.item[n]!];
    const psi = uniqueness[i]!;
    const r = data.response[n]! - mean[i]!;
    deviance += Math.log(psi) + (r * r) / psi;
    for (let j = 0; j < d; j++) {
      const weighted = loadings.data[i * d + j]! / psi;
      projected[s * d + j]! += weighted * r;
      const row = (s * d + j) * d;
      for (let k = 0; k <= j; k++) precision[row + k]! += weighted * loadings.data[i * d + k]!;
    }
  }
  const scores = matrix(S, d);
  for (let s = 0; s < S; s++) {
    const M = precision.subarray(s * d * d, (s + 1) * d * d);
    for (let j = 0; j < d; j++) M[j * d + j]! += 1;
    const v = projected.subarray(s * d, (s + 1) * d);
    const f = scores.data.subarray(s * d, (s + 1) * d);
    f.set(v);
    deviance += choleskySolve(M, f, d);
    for (let j = 0; j < d; j++) deviance -= v[j]! * f[j]!;
  }
  return { logLikelihood: -deviance / 2, scores };
}

/**
 * Solves M x = b in place by Cholesky's method; M's lower triangle becomes its factor.
 *
 * @returns log det M.
 */
export function choleskySolve(M: Float64Array, b: Float64Array, d: number): number {
  let logDeterminant = 0;
  for (let j = 0; j < d; j++) {
    for (let k = 0; k < j; k++) {
      for (let i = j; i < d; i++) M[i * d + j]! -= M[i * d + k]! * M[j * d + k]!;
    }
    const root = Math.sqrt(M[j * d + j]!);
    logDeterminant += 2 * Math.log(root);
    for (let i = j; i < d; i++) M[i * d + j]! /= root;
  }
  for (let i = 0; i < d; i++) {
    for (let k = 0; k < i; k++) b[i]! -= M[i * d + k]! * b[k]!;
    b[i]! /= M[i * d + i]!;
  }
  for (let i = d - 1; i >= 0; i--) {
    for (let k = i + 1; k < d; k++) b[i]! -= M[k * d + i]! * b[k]!;
    b[i]! /= M[i * d + i]!;
  }
  return logDeterminant;
}
