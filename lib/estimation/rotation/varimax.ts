import { identity, type Matrix, matrix } from "../../stats/matrix.ts";
import type { Rotation } from "./quartimin.ts";

/** Sweeps over all pairs of factors. */
const MAX_SWEEPS = 1000;
/** Radians: a sweep whose rotations are all smaller ends the search. */
const ANGLE_TOLERANCE = 1e-9;

/**
 * Varimax, orthogonal: minimises −¼ Σ_j Σ_i (L_ij² − mean_i L_ij²)² by plane rotations of pairs of
 * factors, each with its closed-form angle (Kaiser, 1958).
 *
 * @param a A, p × d, unrotated.
 * @param start An orthogonal d × d matrix to begin with.
 */
export function varimax(a: Matrix, start: Float64Array): Rotation {
  const { rows: p, cols: d } = a;
  const loadings = matrix(p, d);
  const L = loadings.data;
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < d; j++) {
      for (let k = 0; k < d; k++) L[i * d + j]! += a.data[i * d + k]! * start[k * d + j]!;
    }
  }
  let converged = d === 1;
  for (let sweep = 0; sweep < MAX_SWEEPS && !converged; sweep++) {
    let largest = 0;
    for (let j = 0; j < d; j++) {
      for (let k = j + 1; k < d; k++) largest = Math.max(largest, rotatePair(L, p, d, j, k));
    }
    converged = largest < ANGLE_TOLERANCE;
  }
  return { loadings: () => loadings, phi: identity(d), criterion: criterion(loadings), converged };
}

/** Rotates columns j and k by the best angle. @returns Its size in radians. */
function rotatePair(L: Float64Array, p: number, d: number, j: number, k: number): number {
  let [A, B, C, D] = [0, 0, 0, 0];
  for (let i = 0; i < p; i++) {
    const [x, y] = [L[i * d + j]!, L[i * d + k]!];
    const [u, v] = [x * x - y * y, 2 * x * y];
    A += u;
    B += v;
    C += u * u - v * v;
    D += 2 * u * v;
  }
  const angle = Math.atan2(D - (2 * A * B) / p, C - (A * A - B * B) / p) / 4;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  for (let i = 0; i < p; i++) {
    const [x, y] = [L[i * d + j]!, L[i * d + k]!];
    L[i * d + j] = c * x + s * y;
    L[i * d + k] = c * y - s * x;
  }
  return Math.abs(angle);
}

function criterion({ rows: p, cols: d, data }: Matrix): number {
  let total = 0;
  for (let j = 0; j < d; j++) {
    let [sum, squares] = [0, 0];
    for (let i = 0; i < p; i++) {
      const square = data[i * d + j]! ** 2;
      sum += square;
      squares += square * square;
    }
    total += squares - (sum * sum) / p;
  }
  return -total / 4;
}
