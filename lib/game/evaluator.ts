import type { Matrix } from "../numeric/matrix.ts";

/** How the evaluator corrects its distribution (model section 6.2). */
export type Correction =
  | { readonly kind: "uniform" }
  /** Over-coverage moves to gaps nearby: `bandwidth` h ≥ 0 of the Gaussian kernel. */
  | { readonly kind: "gap_gaussian"; readonly bandwidth: number };

/**
 * The evaluator's first distribution, biased to the most heavily loaded skill:
 * π_0(i) ∝ exp(−‖z_i − e_0‖²/(2 b²)) (model section 6).
 *
 * @param z N × d.
 * @param b Bandwidth of the bias, above 0.
 */
export function initialDistribution(z: Matrix, b: number): Float64Array {
  const pi = new Float64Array(z.rows);
  for (let i = 0; i < z.rows; i++) {
    let distance = 0;
    for (let j = 0; j < z.cols; j++) distance += (z.data[i * z.cols + j]! - (j === 0 ? 1 : 0)) ** 2;
    pi[i] = Math.exp(-distance / (2 * b * b));
  }
  return normalise(pi);
}

/**
 * The evaluator's distributions π_0 … π_{T−1} under correction at rate ρ (model section 6.2). They do
 * not depend on the developer.
 *
 * @param z N × d.
 * @param initial π_0.
 * @param correction How.
 * @param rho ρ in [0, 1].
 * @param rounds T.
 * @returns T distributions over the N tasks.
 */
export function correctionPath(
  z: Matrix,
  initial: Float64Array,
  correction: Correction,
  rho: number,
  rounds: number,
): Float64Array[] {
  const even = 1 / z.rows;
  const kernel = rho > 0 && correction.kind === "gap_gaussian" && correction.bandwidth > 0
    ? columnKernel(z, correction.bandwidth)
    : undefined;
  const path = [initial];
  while (path.length < rounds) {
    const pi = path.at(-1)!;
    const gap = pi.map((x) => Math.max(even - x, 0));
    const filled = kernel === undefined ? gap : spread(kernel, gap);
    const next = pi.map((x, i) => Math.max(0, x - rho * Math.max(x - even, 0) + rho * filled[i]!));
    path.push(normalise(next));
  }
  return path;
}

/** The Gaussian kernel of all pairs of tasks, each column summing to 1; N × N, row-major. */
function columnKernel(z: Matrix, h: number): Float64Array {
  const [N, d] = [z.rows, z.cols];
  const kernel = new Float64Array(N * N);
  const sums = new Float64Array(N);
  for (let i = 0; i < N; i++) {
    for (let j = 0; j <= i; j++) {
      let distance = 0;
      for (let c = 0; c < d; c++) distance += (z.data[i * d + c]! - z.data[j * d + c]!) ** 2;
      const value = Math.exp(-distance / (2 * h * h));
      kernel[i * N + j] = kernel[j * N + i] = value;
      sums[j]! += value;
      if (i !== j) sums[i]! += value;
    }
  }
  for (let i = 0; i < N; i++) for (let j = 0; j < N; j++) kernel[i * N + j]! /= sums[j]!;
  return kernel;
}

function spread(kernel: Float64Array, gap: Float64Array): Float64Array {
  const N = gap.length;
  return Float64Array.from(gap, (_, i) => {
    let sum = 0;
    const row = i * N;
    for (let j = 0; j < N; j++) sum += kernel[row + j]! * gap[j]!;
    return sum;
  });
}

function normalise(weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, w) => sum + w, 0);
  if (!(total > 0)) throw new RangeError("Cannot normalise weights: they are all zero");
  return weights.map((w) => w / total);
}
