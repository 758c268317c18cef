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

  /** The number of pairs a ≤ b. */
  get pairs(): number {
    return (this.#d * (this.#d + 1)) / 2;
  }

  /**
   * Puts the coefficients by which the pairs' products A_ia A_ib add up to L_ij L_ik, for L = A W (d × d), into
   * `result`.
   */
  product(W: Float64Array, j: number, k: number, result: Float64Array): Float64Array {
    const d = this.#d;
    for (let a = 0, n = 0; a < d; a++) {
      const [x, y] = [W[a * d + j]!, W[a * d + k]!];
      result[n++] = x * y;
      for (let b = a + 1; b < d; b++) result[n++] = x * W[b * d + k]! + W[b * d + j]! * y;
    }
    return result;
  }

  /** Puts Σ_i x_i A_ia A_ib of each pair, where x is made of the pairs by the coefficients, into `result`. */
  sums(coefficients: Float64Array, result: Float64Array): Float64Array {
    const [n, sums] = [coefficients.length, this.#sums];
    // Three at a time: a sum by itself waits for each of its additions. The order within each is the same.
    for (let j = 0; j < n; j += 3) {
      const [first, second, third] = [
        j * n,
        Math.min(j + 1, n - 1) * n,
        Math.min(j + 2, n - 1) * n,
      ];
      let [x, y, z] = [0, 0, 0];
      for (let k = 0; k < n; k++) {
        const c = coefficients[k]!;
        x += sums[first + k]! * c;
        y += sums[second + k]! * c;
        z += sums[third + k]! * c;
      }
      result[j] = x;
      result[j + 1] = y;
      result[j + 2] = z;
    }
    return result;
  }
}
