/**
 * Operations on small d × d matrices, row-major. ml-matrix has them too, but in another order of
 * operations: a search that runs to the last bit would end on other bits.
 *
 * @module
 */
import { identity } from "../../stats/matrix.ts";

/** aᵀ b. */
export function transposeMultiply(a: Float64Array, b: Float64Array, d: number): Float64Array {
  const c = new Float64Array(d * d);
  for (let k = 0; k < d; k++) {
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) c[i * d + j]! += a[k * d + i]! * b[k * d + j]!;
    }
  }
  return c;
}

/**
 * The inverse, by Gauss–Jordan elimination with partial pivoting.
 *
 * @returns Undefined when a pivot vanishes.
 */
export function invert(a: Float64Array, d: number): Float64Array | undefined {
  const m = a.slice();
  const inverse = identity(d).data;
  for (let k = 0; k < d; k++) {
    let pivot = k;
    for (let i = k + 1; i < d; i++) {
      if (Math.abs(m[i * d + k]!) > Math.abs(m[pivot * d + k]!)) pivot = i;
    }
    const value = m[pivot * d + k]!;
    if (!(Math.abs(value) > 1e-14)) return undefined;
    for (const x of [m, inverse]) {
      for (let j = 0; j < d; j++) {
        const [top, low] = [x[k * d + j]!, x[pivot * d + j]!];
        x[pivot * d + j] = top;
        x[k * d + j] = low / value;
      }
    }
    for (let i = 0; i < d; i++) {
      const factor = m[i * d + k]!;
      if (i === k || factor === 0) continue;
      for (const x of [m, inverse]) {
        for (let j = 0; j < d; j++) x[i * d + j]! -= factor * x[k * d + j]!;
      }
    }
  }
  return inverse;
}

/** A random orthogonal matrix: Gram–Schmidt on normal draws. */
export function randomOrthogonal(d: number, gauss: () => number): Float64Array {
  const q = Float64Array.from({ length: d * d }, gauss);
  for (let j = 0; j < d; j++) {
    for (let k = 0; k <= j; k++) {
      let product = 0;
      for (let i = 0; i < d; i++) product += q[i * d + j]! * q[i * d + k]!;
      const scale = 1 / Math.sqrt(product);
      for (let i = 0; i < d; i++) {
        if (k < j) q[i * d + j]! -= product * q[i * d + k]!;
        else q[i * d + j]! *= scale;
      }
    }
  }
  return q;
}
