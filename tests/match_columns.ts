import { type Matrix, matrix } from "../lib/stats/matrix.ts";

/**
 * The columns of `found` in the order and with the signs that suit those of `truth` best, and the
 * congruence of each (Tucker's coefficient, 1 for the same direction).
 */
export function matchColumns(
  truth: Matrix,
  found: Matrix,
): { readonly matched: Matrix; readonly congruence: number[] } {
  const d = truth.cols;
  const column = ({ rows, cols, data }: Matrix, j: number): Float64Array =>
    Float64Array.from({ length: rows }, (_, i) => data[i * cols + j]!);
  const dot = (a: Float64Array, b: Float64Array): number =>
    a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  const left = new Set(Array.from({ length: d }, (_, j) => j));
  const matched = matrix(truth.rows, d);
  const congruence = Array.from({ length: d }, (_, j) => {
    const a = column(truth, j);
    const candidates = [...left].map((k) => {
      const b = column(found, k);
      return { k, b, value: dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)) };
    });
    const best = candidates.reduce((x, y) => (Math.abs(y.value) > Math.abs(x.value) ? y : x));
    left.delete(best.k);
    best.b.forEach((x, i) => matched.data[i * d + j] = Math.sign(best.value) * x);
    return Math.abs(best.value);
  });
  return { matched, congruence };
}
