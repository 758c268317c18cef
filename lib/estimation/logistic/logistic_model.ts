import type { Responses } from "../../responses/responses.ts";
import { identity, type Matrix, matrix, row } from "../../stats/matrix.ts";
import { choleskySolve } from "../fiml/factor_model.ts";
import { LOGIT_PRECISION } from "./variational_step.ts";
import { PSEUDO_ITEMS } from "./item_prior.ts";
import { invert } from "../rotation/small_matrix.ts";

/** A point of the fit: the scores, the prior of items (loadings, then the intercept), and the bound's place. */
export interface LogisticState {
  /** F, S × d. */
  readonly scores: Matrix;
  /** m, D = d + 1 numbers. */
  readonly priorMean: Float64Array;
  /** R of Σ = R Rᵀ, D × D. */
  readonly priorRoot: Float64Array;
  /** ξ, S × p. */
  readonly touching: Float64Array;
}

/**
 * The bound on the log-likelihood at a point, and the items' posterior means there (`variationalStep`,
 * step 1). Written apart from the graph of the fit, to check it: O(n d²) time.
 *
 * @param data S × p.
 * @returns The bound, and b: a row of loadings, then the intercept, for each item; p × D.
 */
export function evaluateLogistic(
  { scores, priorMean, priorRoot, touching }: LogisticState,
  data: Pick<Responses, "itemIds" | "subject" | "item" | "response">,
): { readonly logLikelihood: number; readonly posteriorMeans: Matrix } {
  const [p, d] = [data.itemIds.length, scores.cols];
  const D = d + 1;
  const covariance = identity(D).data.map((_, n) => {
    let sum = 0;
    for (let k = 0; k < D; k++) {
      sum += priorRoot[Math.floor(n / D) * D + k]! * priorRoot[(n % D) * D + k]!;
    }
    return sum;
  });
  const prior = invert(covariance, D) ?? new Float64Array(D * D).fill(NaN);
  const shift = priorMean.slice();
  // Of Σ the log determinant, and Σ⁻¹ m.
  const constant = choleskySolve(covariance, shift, D) + dot(priorMean, shift);
  const ridge = new Float64Array(D * D);
  for (let s = 0; s < scores.rows; s++) {
    const f = [...row(scores, s), 1];
    ridge.forEach((_, n) => ridge[n]! += LOGIT_PRECISION * f[Math.floor(n / D)]! * f[n % D]!);
  }
  const information = matrix(p, D * D);
  const means = matrix(p, D);
  for (let i = 0; i < p; i++) {
    row(information, i).set(prior.map((x, n) => x + ridge[n]!));
    row(means, i).set(shift);
  }
  let logLikelihood = (-PSEUDO_ITEMS / 2) * dot(priorMean, shift);
  for (let n = 0; n < data.item.length; n++) {
    const [s, i] = [data.subject[n]!, data.item[n]!];
    const xi = Math.abs(touching[s * p + i]!);
    const slope = Math.tanh(xi / 2);
    const weight = xi < 1e-8 ? 1 / 4 : slope / (2 * xi);
    logLikelihood += (xi * slope) / 4 - xi / 2 - Math.log1p(Math.exp(-xi));
    for (let j = 0; j < D; j++) {
      const f = j < d ? scores.data[s * d + j]! : 1;
      means.data[i * D + j]! += (data.response[n]! - 0.5) * f;
      for (let k = 0; k <= j; k++) {
        const other = k < d ? scores.data[s * d + k]! : 1;
        information.data[(i * D + j) * D + k]! += weight * f * other;
      }
    }
  }
  for (let i = 0; i < p; i++) {
    const b = row(means, i);
    const c = b.slice();
    const logDeterminant = choleskySolve(row(information, i), b, D);
    logLikelihood += (dot(c, b) - logDeterminant - constant) / 2;
  }
  return { logLikelihood, posteriorMeans: means };
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, j) => sum + x * b[j]!, 0);
}
