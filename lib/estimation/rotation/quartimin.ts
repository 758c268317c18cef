import { identity, type Matrix, matrix, transpose } from "../../stats/matrix.ts";
import { FourthMoments } from "./fourth_moments.ts";
import { invert, transposeMultiply } from "./small_matrix.ts";

/** A rotation reached from one start. */
export interface Rotation {
  /** Makes L, p × d: of most starts it is not needed. */
  readonly loadings: () => Matrix;
  /** Φ, the factors' correlations, d × d. */
  readonly phi: Matrix;
  /** The criterion, to be made small. */
  readonly criterion: number;
  readonly converged: boolean;
}

/** The search has converged when the gradient is so small against Σ_i ‖A_i‖⁴, the criterion's own scale. */
const GRADIENT_TOLERANCE = 1e-9;
/** A criterion is known to this share of that scale: a smaller rise does not count. */
const ROUNDING = 1e-15;
const MAX_ITERATIONS = 2000;
const MAX_HALVINGS = 40;
/** A step must lower the highest of the last MEMORY criteria by this share of what the slope promises. */
const MEMORY = 10;
const SUFFICIENT = 1e-4;

/**
 * Quartimin, oblique: minimises ¼ Σ_{j≠k} Σ_i L_ij² L_ik² over L = A (Tᵀ)⁻¹ with unit columns of T, by
 * gradient projection (Jennrich, 2002), with step lengths after Barzilai and Borwein (1988).
 *
 * @param a A, p × d, unrotated.
 * @returns A search from a start T, d × d, invertible, of unit columns.
 */
export function quartimin(a: Matrix): (start: Float64Array) => Rotation {
  const moments = new FourthMoments(a);
  return (start) => searchFrom(a, moments, start);
}

function searchFrom(a: Matrix, moments: FourthMoments, start: Float64Array): Rotation {
  const d = a.cols;
  let T = start;
  let point = evaluate(moments, T, d);
  let step = 1;
  let converged = false;
  if (point === undefined) {
    return { loadings: () => a, phi: identity(d), criterion: Infinity, converged };
  }
  const scale = Math.max(sumOfFourthPowers(a), Number.MIN_VALUE);
  const recent = [point.criterion];
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const direction = project(T, point.gradient, d);
    const size = Math.sqrt(sumOfSquares(direction));
    if (size <= GRADIENT_TOLERANCE * scale) {
      converged = true;
      break;
    }
    const bound = Math.max(...recent) + ROUNDING * scale;
    let next: { T: Float64Array; point: Point } | undefined;
    for (let halving = 0; halving < MAX_HALVINGS; halving++) {
      const moved = unitColumns(T.map((x, n) => x - step * direction[n]!), d);
      const candidate = evaluate(moments, moved, d);
      if (candidate && candidate.criterion <= bound - SUFFICIENT * step * size * size) {
        next = { T: moved, point: candidate };
        break;
      }
      step /= 2;
    }
    if (next === undefined) break;
    step = barzilaiBorwein(T, direction, next.T, project(next.T, next.point.gradient, d));
    ({ T, point } = next);
    recent.push(point.criterion);
    if (recent.length > MEMORY) recent.shift();
  }
  const { inverse } = point;
  return {
    loadings: () => rotated(a, inverse),
    phi: matrix(d, d, transposeMultiply(T, T, d)),
    criterion: point.criterion,
    converged,
  };
}

interface Point {
  /** T⁻¹, d × d. */
  readonly inverse: Float64Array;
  readonly criterion: number;
  /** Of the criterion by T, d × d. */
  readonly gradient: Float64Array;
}

/** The criterion and its gradient at T; undefined where T is singular. */
function evaluate(moments: FourthMoments, T: Float64Array, d: number): Point | undefined {
  const inverse = invert(T, d);
  if (inverse === undefined) return undefined;
  const W = transpose(matrix(d, d, inverse)).data;
  const of = (): Float64Array => new Float64Array(moments.pairs);
  const squares = Array.from({ length: d }, (_, j) => moments.product(W, j, j, of()));
  const [total, rest, others, product] = [of(), of(), of(), of()];
  for (const square of squares) for (let n = 0; n < total.length; n++) total[n]! += square[n]!;
  let criterion = 0;
  // Σ_i L_ij L_ik Σ_{m≠k} L_im²
  const inner = new Float64Array(d * d);
  for (let k = 0; k < d; k++) {
    for (let n = 0; n < total.length; n++) rest[n] = total[n]! - squares[k]![n]!;
    moments.sums(rest, others);
    for (let j = 0; j < d; j++) inner[j * d + k] = dot(moments.product(W, j, k, product), others);
    criterion += inner[k * d + k]!;
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
  return { inverse, criterion: criterion / 4, gradient };
}

/** A (Tᵀ)⁻¹, p × d. */
function rotated({ rows: p, cols: d, data }: Matrix, inverse: Float64Array): Matrix {
  const loadings = matrix(p, d);
  for (let i = 0, at = 0; i < p; i++, at += d) {
    for (let j = 0; j < d; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += data[at + k]! * inverse[j * d + k]!;
      loadings.data[at + j] = sum;
    }
  }
  return loadings;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += a[n]! * b[n]!;
  return sum;
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

/** The step length that fits the last change of the gradient: ⟨ΔT, ΔT⟩ / ⟨ΔT, ΔG⟩. */
function barzilaiBorwein(
  T0: Float64Array,
  G0: Float64Array,
  T1: Float64Array,
  G1: Float64Array,
): number {
  let [tt, tg] = [0, 0];
  T0.forEach((_, n) => {
    const change = T1[n]! - T0[n]!;
    tt += change * change;
    tg += change * (G1[n]! - G0[n]!);
  });
  return tg > 0 ? tt / tg : 1;
}

/** Σ_i ‖A_i‖⁴. */
function sumOfFourthPowers({ rows: p, cols: d, data }: Matrix): number {
  let sum = 0;
  for (let i = 0; i < p; i++) sum += sumOfSquares(data.subarray(i * d, (i + 1) * d)) ** 2;
  return sum;
}

function sumOfSquares(values: Float64Array): number {
  return values.reduce((sum, x) => sum + x * x, 0);
}
