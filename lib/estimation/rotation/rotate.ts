import { type Matrix, matrix } from "../../numeric/matrix.ts";
import { normal } from "../../random/normal.ts";
import { stream } from "../../random/stream.ts";
import { quartimin, type Rotation } from "./quartimin.ts";
import { identity, randomOrthogonal } from "./small_matrix.ts";
import { varimax } from "./varimax.ts";

/** How to rotate. */
export interface RotateOptions {
  readonly method: "quartimin" | "varimax";
  /** Starts: the identity and random ones; at least 1. */
  readonly nStarts: number;
  /** Whether rows are brought to length 1 before, and back after (Kaiser). */
  readonly kaiser: boolean;
  readonly seed: string;
}

/** The best rotation over the starts. */
export interface BestRotation extends Rotation {
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
export const MAX_CONDITION_PHI = 1e6;

/**
 * Rotates loadings to simple structure (model section 4): the best of several starts, with varimax
 * as the fallback when quartimin does not converge or Φ is near singular. Each column comes out with
 * a positive sum.
 *
 * @param loadings p × d.
 * @param options How.
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
  const search = method === "quartimin" ? quartimin : varimax;
  const found = Array.from({ length: nStarts }, (_, start) =>
    search(
      a,
      start === 0 ? identity(d) : randomOrthogonal(d, normal(stream(seed, "start", start))),
    ));
  const converged = found.filter((rotation) => rotation.converged);
  const sorted = (converged.length > 0 ? converged : found)
    .toSorted((x, y) => x.criterion - y.criterion);
  const best = sorted[0];
  if (best === undefined) throw new RangeError("Cannot rotate from no start: n_starts is 0");
  const L = best.loadings.data.map((x, n) => x * lengths[Math.floor(n / d)]!);
  const phi = best.phi.data.slice();
  for (let j = 0; j < d; j++) {
    let sum = 0;
    for (let i = 0; i < p; i++) sum += L[i * d + j]!;
    if (sum >= 0) continue;
    for (let i = 0; i < p; i++) L[i * d + j]! *= -1;
    for (let k = 0; k < d; k++) {
      phi[j * d + k]! *= -1;
      phi[k * d + j]! *= -1;
    }
  }
  return {
    ...best,
    loadings: matrix(p, d, L),
    phi: matrix(d, d, phi),
    method,
    nConverged: converged.length,
    spread: (sorted.at(-1)?.criterion ?? NaN) - best.criterion,
    conditionPhi: await condition(phi, d),
    fallback: undefined,
  };
}

async function condition(phi: Float64Array, d: number): Promise<number> {
  const { EigenvalueDecomposition, Matrix: MlMatrix } = await import("ml-matrix");
  const rows = Array.from({ length: d }, (_, i) => Array.from(phi.subarray(i * d, (i + 1) * d)));
  const { realEigenvalues } = new EigenvalueDecomposition(new MlMatrix(rows), {
    assumeSymmetric: true,
  });
  const smallest = Math.min(...realEigenvalues);
  return smallest > 0 ? Math.max(...realEigenvalues) / smallest : Infinity;
}
