import type { Matrix } from "../../stats/matrix.ts";

/**
 * The fourth moments of loadings, Σ_i A_ia A_ib A_ic A_id. A quartic criterion of rotated loadings depends on
 * A through them alone, so that each step of a search costs O(d⁵), however many items there are.
 */
export class FourthMoments {
  readonly #d: number;
  /** Σ_i (A_ia A_ib) (A_ic A_id) of pairs a ≤ b, pairs × pairs. */
  readonly #sums: Float64Array;

  /** @param a A, p × d. */
  constructor({ rows: p, cols: d, data }: Matrix) {
    this.#d = d;
    const n = (d * (d + 1)) / 2;
    const sums = this.#sums = new Float64Array(n * n);
    const products = new Float64Array(n);
    for (let i = 0, at = 0; i < p; i++, at += d) {
      let m = 0;
      for (let a = 0; a < d; a++) {
        for (let b = a; b < d; b++) products[m++] = data[at + a]! * data[at + b]!;
      }
      for (let j = 0; j < n; j++) {
        const x = products[j]!;
        for (let k = j; k < n; k++) sums[j * n + k]! += x * products[k]!;
      }
    }
    for (let j = 0; j < n; j++) for (let k = 0; k < j; k++) sums[j * n + k] = sums[k * n + j]!;
  }

  /** Coefficients by which the pairs' products A_ia A_ib add up to L_ij L_ik, for L = A W (d × d). */
  product(W: Float64Array, j: number, k: number): Float64Array {
    const d = this.#d;
    const result = new Float64Array((d * (d + 1)) / 2);
    for (let a = 0, n = 0; a < d; a++) {
      const [x, y] = [W[a * d + j]!, W[a * d + k]!];
      result[n++] = x * y;
      for (let b = a + 1; b < d; b++) result[n++] = x * W[b * d + k]! + W[b * d + j]! * y;
    }
    return result;
  }

  /** Σ_i x_i A_ia A_ib for each pair, where x is made of the pairs by the coefficients given. */
  sums(coefficients: Float64Array): Float64Array {
    const [n, sums] = [coefficients.length, this.#sums];
    const result = new Float64Array(n);
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += sums[j * n + k]! * coefficients[k]!;
      result[j] = sum;
    }
    return result;
  }
}
