import { identity, type Matrix, matrix } from "../../stats/matrix.ts";
import { normal } from "../../stats/random/normal.ts";
import { stream } from "../../stats/random/stream.ts";
import { symmetricEigen } from "../../stats/symmetric_eigen.ts";
import { quartimin, type Rotation } from "./quartimin.ts";
import { randomOrthogonal } from "./small_matrix.ts";
import { varimax } from "./varimax.ts";

/** Rotation options. */
export interface RotateOptions {
  readonly method: "quartimin" | "varimax";
  /** Starts: the identity and random ones; at least 1. */
  readonly nStarts: number;
  /** Whether rows are brought to length 1 before, and back after (Kaiser). */
  readonly kaiser: boolean;
  readonly seed: string;
}

/** The best rotation over the starts. */
export interface BestRotation extends Omit<Rotation, "loadings"> {
  /** L, p × d. */
  readonly loadings: Matrix;
  readonly method: "quartimin" | "varimax";
  readonly nConverged: number;
  /** Worst minus best criterion of the starts that converged. */
  readonly spread: number;
  /** Largest over smallest eigenvalue of Φ. */
  readonly conditionPhi: number;
  /** Why varimax was taken though quartimin was asked for. */
  readonly fallback: string | undefined;
}

/** Beyond this condition number of Φ a quartimin solution has collapsed (model section 4). */
const MAX_CONDITION_PHI = 1e6;

/**
 * Rotates loadings to simple structure (model section 4): the best of several starts, with varimax
 * as the fallback when quartimin does not converge or Φ is near singular. Columns come out in descending
 * order of their sums of squares, each with a positive sum.
 *
 * @param loadings p × d.
 * @param options Rotation options.
 */
export async function rotate(loadings: Matrix, options: RotateOptions): Promise<BestRotation> {
  const best = await bestOfStarts(loadings, options);
  if (options.method === "varimax") return best;
  const reason = !best.converged
    ? "quartimin converged from no start"
    : best.conditionPhi > MAX_CONDITION_PHI
    ? `quartimin's factor correlations are near singular (condition ${
      best.conditionPhi.toExponential(1)
    })`
    : undefined;
  if (reason === undefined) return best;
  return { ...await bestOfStarts(loadings, { ...options, method: "varimax" }), fallback: reason };
}

/** Criteria that differ by less, relatively, are of one optimum. */
const TIE = 1e-8;

async function bestOfStarts(
  loadings: Matrix,
  { method, nStarts, kaiser, seed }: RotateOptions,
): Promise<BestRotation> {
  const { rows: p, cols: d } = loadings;
  const lengths = Float64Array.from({ length: p }, (_, i) => {
    const row = loadings.data.subarray(i * d, (i + 1) * d);
    return kaiser ? Math.sqrt(row.reduce((sum, x) => sum + x * x, 0)) || 1 : 1;
  });
  const a = matrix(p, d, loadings.data.map((x, n) => x / lengths[Math.floor(n / d)]!));
  const search = method === "quartimin"
    ? quartimin(a)
    : (start: Float64Array): Rotation => varimax(a, start);
  const found = Array.from(
    { length: nStarts },
    (_, start) =>
      search(
        start === 0 ? identity(d).data : randomOrthogonal(d, normal(stream(seed, "start", start))),
      ),
  );
  const converged = found.filter((rotation) => rotation.converged);
  const candidates = converged.length > 0 ? converged : found;
  const criteria = candidates.map(({ criterion }) => criterion);
  const least = Math.min(...criteria);
  // Of starts that reached the same optimum the first is taken, not whichever rounding favours.
  const best = candidates.find(({ criterion }) => criterion - least <= TIE * Math.abs(least)) ??
    candidates[0];
  if (best === undefined) throw new RangeError("Cannot rotate from no start: n_starts is 0");
  const L = best.loadings().data.map((x, n) => x * lengths[Math.floor(n / d)]!);
  const { order, signs } = convention(matrix(p, d, L));
  const phi = matrix(d, d);
  order.forEach((a, j) =>
    order.forEach((b, k) => phi.data[j * d + k] = signs[j]! * signs[k]! * best.phi.data[a * d + b]!)
  );
  return {
    ...best,
    loadings: matrix(p, d, L.map((_, n) => signs[n % d]! * L[n - (n % d) + order[n % d]!]!)),
    phi,
    method,
    nConverged: converged.length,
    spread: Math.max(...criteria) - least,
    conditionPhi: await condition(phi),
    fallback: undefined,
  };
}

/** The columns by descending sum of squares, and the signs that make their sums positive. */
function convention({ rows: p, cols: d, data }: Matrix): {
  readonly order: readonly number[];
  readonly signs: readonly number[];
} {
  const sums = new Float64Array(d);
  const squares = new Float64Array(d);
  for (let n = 0; n < p * d; n++) {
    sums[n % d]! += data[n]!;
    squares[n % d]! += data[n]! ** 2;
  }
  const order = Array.from({ length: d }, (_, j) => j)
    .sort((a, b) => squares[b]! - squares[a]! || a - b);
  return { order, signs: order.map((j) => (sums[j]! < 0 ? -1 : 1)) };
}

async function condition(phi: Matrix): Promise<number> {
  const { values } = await symmetricEigen(phi);
  const smallest = values.at(-1)!;
  return smallest > 0 ? values[0]! / smallest : Infinity;
}
