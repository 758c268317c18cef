import { type Matrix, matrix } from "../numeric/matrix.ts";
import type { Multiply } from "../numeric/product.ts";

/** How the evaluator corrects its distribution (model section 6.2). */
export type Correction =
  | { readonly kind: "uniform" }
  /** Over-coverage moves to gaps nearby: `bandwidth` h ≥ 0 of the Gaussian kernel. */
  | { readonly kind: "gap_gaussian"; readonly bandwidth: number };

/**
 * The evaluator's distributions π_0 … π_{T−1} under gap-targeted Gaussian correction (model section
 * 6.2), for several rates at once: π_{t+1} = π_t − ρ e⁺ + ρ K e⁻, over-coverage e⁺ = max(π_t − 1/N, 0), gap
 * e⁻ = max(1/N − π_t, 0), and K the kernel exp(−‖z_i − z_j‖²/(2 h²)), each column of which sums to 1. At
 * h = 0, K is the identity.
 *
 * @param z N × d.
 * @param initial π_0.
 * @param bandwidth h ≥ 0.
 * @param rhos R rates in [0, 1].
 * @param rounds T.
 * @param multiply What multiplies N × N by N × R, which is where the time goes.
 * @returns For each rate, T distributions over the N tasks.
 */
export async function correctionPaths(
  z: Matrix,
  initial: Float64Array,
  bandwidth: number,
  rhos: ArrayLike<number>,
  rounds: number,
  multiply: Multiply,
): Promise<Float64Array[][]> {
  const [N, R] = [z.rows, rhos.length];
  const even = 1 / N;
  const kernel = bandwidth > 0 ? gaussianKernel(z, bandwidth) : undefined;
  const share = kernel && columnSums(kernel).map((sum) => 1 / sum);
  const paths = Array.from({ length: R }, () => [initial]);
  const now = matrix(
    N,
    R,
    Float64Array.from({ length: N * R }, (_, n) => initial[Math.floor(n / R)]!),
  );
  const gap = matrix(N, R);
  for (let t = 1; t < rounds; t++) {
    for (let i = 0, n = 0; i < N; i++) {
      const scale = share === undefined ? 1 : share[i]!;
      for (let r = 0; r < R; r++, n++) gap.data[n] = scale * Math.max(even - now.data[n]!, 0);
    }
    const filled = kernel === undefined ? gap : await multiply(kernel, gap);
    const totals = new Float64Array(R);
    for (let i = 0, n = 0; i < N; i++) {
      for (let r = 0; r < R; r++, n++) {
        const over = Math.max(now.data[n]! - even, 0);
        const next = Math.max(0, now.data[n]! + rhos[r]! * (filled.data[n]! - over));
        now.data[n] = next;
        totals[r]! += next;
      }
    }
    for (let r = 0; r < R; r++) {
      const next = new Float64Array(N);
      for (let i = 0, n = r; i < N; i++, n += R) next[i] = now.data[n]! /= totals[r]!;
      paths[r]!.push(next);
    }
  }
  return paths;
}

/** exp(−‖z_i − z_j‖²/(2 h²)) for all pairs of tasks, N × N. */
function gaussianKernel(z: Matrix, h: number): Matrix {
  const [N, d] = [z.rows, z.cols];
  const kernel = matrix(N, N);
  for (let i = 0; i < N; i++) {
    for (let j = 0; j <= i; j++) {
      let distance = 0;
      for (let c = 0; c < d; c++) distance += (z.data[i * d + c]! - z.data[j * d + c]!) ** 2;
      kernel.data[i * N + j] = kernel.data[j * N + i] = Math.exp(-distance / (2 * h * h));
    }
  }
  return kernel;
}

function columnSums({ rows, cols, data }: Matrix): Float64Array {
  const sums = new Float64Array(cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) sums[j]! += data[i * cols + j]!;
  return sums;
}
