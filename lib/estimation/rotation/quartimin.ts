import { type Matrix, matrix } from "../../numeric/matrix.ts";
import { identity, invert, transposeMultiply } from "./small_matrix.ts";

/** A rotation reached from one start. */
export interface Rotation {
  /** L, p × d. */
  readonly loadings: Matrix;
  /** Φ, the factors' correlations, d × d. */
  readonly phi: Matrix;
  /** The criterion, to be made small. */
  readonly criterion: number;
  readonly converged: boolean;
}

/** When the gradient is so small, relative to the criterion's scale, the search has converged. */
const GRADIENT_TOLERANCE = 1e-7;
const MAX_ITERATIONS = 2000;

/**
 * Quartimin, oblique: minimises ¼ Σ_{j≠k} Σ_i L_ij² L_ik² over L = A (Tᵀ)⁻¹ with unit columns of T, by
 * gradient projection (Jennrich, 2002).
 *
 * @param a A, p × d, unrotated.
 * @param start T, d × d, invertible, of unit columns.
 */
export function quartimin(a: Matrix, start: Float64Array): Rotation {
  const { rows: p, cols: d } = a;
  let T = start;
  let point = evaluate(a, T);
  let step = 1;
  let converged = false;
  if (point === undefined) {
    return { loadings: a, phi: matrix(d, d, identity(d)), criterion: Infinity, converged };
  }
  const scale = Math.max(squares(a) / p, Number.MIN_VALUE) * p;
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const direction = project(T, point.gradient, d);
    const size = Math.sqrt(direction.reduce((sum, x) => sum + x * x, 0));
    if (size <= GRADIENT_TOLERANCE * Math.min(1, scale) || size <= 1e-9 * scale) {
      converged = true;
      break;
    }
    step *= 2;
    let next: { T: Float64Array; point: Point } | undefined;
    for (let halving = 0; halving < 30; halving++) {
      const moved = unitColumns(T.map((x, n) => x - step * direction[n]!), d);
      const candidate = evaluate(a, moved);
      if (candidate && candidate.criterion < point.criterion - 0.5 * size * size * step) {
        next = { T: moved, point: candidate };
        break;
      }
      step /= 2;
    }
    if (next === undefined) {
      // No step helps within rounding: this is the minimum, if the gradient is small at all.
      converged = size <= 1e-5 * Math.max(1, scale);
      break;
    }
    ({ T, point } = next);
  }
  return {
    loadings: point.loadings,
    phi: matrix(d, d, transposeMultiply(T, T, d)),
    criterion: point.criterion,
    converged,
  };
}

interface Point {
  readonly loadings: Matrix;
  readonly criterion: number;
  /** Of the criterion by T, d × d. */
  readonly gradient: Float64Array;
}

function evaluate(a: Matrix, T: Float64Array): Point | undefined {
  const { rows: p, cols: d } = a;
  const inverse = invert(T, d);
  if (inverse === undefined) return undefined;
  const loadings = matrix(p, d);
  const inner = new Float64Array(d * d);
  const row = new Float64Array(d);
  const slope = new Float64Array(d);
  let criterion = 0;
  for (let i = 0, at = 0; i < p; i++, at += d) {
    let total = 0;
    for (let j = 0; j < d; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += a.data[at + k]! * inverse[j * d + k]!;
      row[j] = sum;
      total += sum * sum;
      loadings.data[at + j] = sum;
    }
    for (let j = 0; j < d; j++) {
      const square = row[j]! * row[j]!;
      criterion += square * (total - square);
      slope[j] = row[j]! * (total - square);
    }
    for (let j = 0; j < d; j++) {
      for (let k = 0; k < d; k++) inner[j * d + k]! += row[j]! * slope[k]!;
    }
  }
  // G = −(Lᵀ Gq T⁻¹)ᵀ
  const gradient = new Float64Array(d * d);
  for (let j = 0; j < d; j++) {
    for (let k = 0; k < d; k++) {
      let sum = 0;
      for (let m = 0; m < d; m++) sum += inner[k * d + m]! * inverse[m * d + j]!;
      gradient[j * d + k] = -sum;
    }
  }
  return { loadings, criterion: criterion / 4, gradient };
}

/** The part of a gradient that keeps the columns' length. */
function project(T: Float64Array, G: Float64Array, d: number): Float64Array {
  const result = G.slice();
  for (let j = 0; j < d; j++) {
    let along = 0;
    for (let i = 0; i < d; i++) along += T[i * d + j]! * G[i * d + j]!;
    for (let i = 0; i < d; i++) result[i * d + j]! -= along * T[i * d + j]!;
  }
  return result;
}

function unitColumns(T: Float64Array, d: number): Float64Array {
  for (let j = 0; j < d; j++) {
    let square = 0;
    for (let i = 0; i < d; i++) square += T[i * d + j]! ** 2;
    for (let i = 0; i < d; i++) T[i * d + j]! /= Math.sqrt(square);
  }
  return T;
}

function squares({ data }: Matrix): number {
  return data.reduce((sum, x) => sum + x * x, 0);
}
