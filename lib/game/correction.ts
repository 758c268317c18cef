import { columnSums, type Matrix, matrix, type Multiply } from "../stats/matrix.ts";

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
 * @returns Of each of T rounds the distributions, N × R: a column a rate.
 */
export async function correctionPaths(
  z: Matrix,
  initial: Float64Array,
  bandwidth: number,
  rhos: ArrayLike<number>,
  rounds: number,
  multiply: Multiply,
): Promise<Matrix[]> {
  const [N, R] = [z.rows, rhos.length];
  const even = 1 / N;
  const kernel = bandwidth * bandwidth > 0 ? gaussianKernel(z, bandwidth) : undefined;
  const share = kernel === undefined
    ? new Float64Array(N).fill(1)
    : columnSums(kernel).map((sum) => 1 / sum);
  const path = [matrix(N, R, spread(initial, R))];
  const gap = matrix(N, R);
  const totals = new Float64Array(R);
  while (path.length < rounds) {
    const now = path.at(-1)!.data;
    for (let i = 0, n = 0; i < N; i++) {
      const scale = share[i]!;
      for (let r = 0; r < R; r++, n++) gap.data[n] = scale * Math.max(even - now[n]!, 0);
    }
    const filled = (kernel === undefined ? gap : await multiply(kernel, gap)).data;
    const next = new Float64Array(N * R);
    totals.fill(0);
    for (let i = 0, n = 0; i < N; i++) {
      for (let r = 0; r < R; r++, n++) {
        const over = Math.max(now[n]! - even, 0);
        const value = Math.max(0, now[n]! + rhos[r]! * (filled[n]! - over));
        next[n] = value;
        totals[r]! += value;
      }
    }
    for (let r = 0; r < R; r++) totals[r] = 1 / totals[r]!;
    for (let i = 0, n = 0; i < N; i++) for (let r = 0; r < R; r++, n++) next[n]! *= totals[r]!;
    path.push(matrix(N, R, next));
  }
  return path;
}

/** The same numbers in each of R columns: N × R. */
function spread(column: Float64Array, R: number): Float64Array {
  const data = new Float64Array(column.length * R);
  column.forEach((x, i) => data.fill(x, i * R, (i + 1) * R));
  return data;
}

/** exp(−‖z_i − z_j‖²/(2 h²)) for all pairs of tasks, N × N. */
function gaussianKernel(z: Matrix, h: number): Matrix {
  const [N, d] = [z.rows, z.cols];
  const kernel = matrix(N, N);
  for (let i = 0; i < N; i++) {
    for (let j = 0; j <= i; j++) {
      let distance = 0;
      for (let c = 0; c < d; c++) {
        const difference = z.data[i * d + c]! - z.data[j * d + c]!;
        distance += difference * difference;
      }
      kernel.data[i * N + j] = kernel.data[j * N + i] = Math.exp(-distance / (2 * h * h));
    }
  }
  return kernel;
}
