import { invert } from "../../lib/estimation/rotation/small_matrix.ts";

/** The logistic factor model of a table with given scores, fitted by plain loops. */
export interface PlainFit {
  /** m, and Σ as rows. */
  readonly mean: number[];
  readonly covariance: number[][];
  /** b_i, and V_i as rows. */
  readonly b: number[][];
  readonly V: number[][][];
  /** Σ over cells of the bound's expectation, less the divergences of the posteriors from the prior. */
  readonly bound: number;
}

/** Of every logit's prior. */
const RIDGE = 1e-3;

type Rows = readonly (readonly (number | null)[])[];

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const times = (A: readonly (readonly number[])[], x: readonly number[]): number[] =>
  A.map((row) => row.reduce((sum, a, j) => sum + a * x[j]!, 0));
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, j) => sum + x * b[j]!, 0);
const inverse = (A: readonly (readonly number[])[]): number[][] => {
  const flat = invert(Float64Array.from(A.flat()), A.length)!;
  return A.map((_, i) => Array.from(flat.subarray(i * A.length, (i + 1) * A.length)));
};
/** By cofactors: nothing is shared with what is tested. */
const determinant = (A: readonly (readonly number[])[]): number =>
  A.length === 0 ? 1 : A[0]!.reduce(
    (sum, a, j) =>
      sum +
      (j % 2 === 0 ? a : -a) *
        determinant(A.slice(1).map((row) => row.filter((_, k) => k !== j))),
    0,
  );

/**
 * Variational EM (Tipping, 1999) over items, the scores held: written from the formulas, with the bound by
 * its definition, Σ E[log σ(ξ) + (2y − 1)η/2 − ξ/2 − λ(ξ)(η² − ξ²)] − Σ KL, λ(ξ) = (σ(ξ) − ½)/(2ξ),
 * and with its weak priors: −½ Σ E[η²]/1000 over all cells, −½ mᵀ Σ⁻¹ m.
 *
 * @param rows A row of responses for each subject, null where one is missing.
 * @param scores A row of d scores for each subject.
 */
export function plainEm(rows: Rows, scores: readonly (readonly number[])[], n: number): PlainFit {
  const [S, p, D] = [rows.length, rows[0]!.length, scores[0]!.length + 1];
  const f = scores.map((row) => [...row, 1]);
  const square = (entry: (i: number, j: number) => number): number[][] =>
    Array.from({ length: D }, (_, i) => Array.from({ length: D }, (_, j) => entry(i, j)));
  let mean = new Array<number>(D).fill(0);
  let covariance = square((i, j) => Number(i === j));
  const xi = rows.map((row) => row.map(() => 1));
  let [b, V]: [number[][], number[][][]] = [[], []];
  const items = Array.from({ length: p }, (_, i) => i);
  const curvature = (x: number): number => (logistic(x) - 0.5) / (2 * x);
  let bound = -Infinity;
  for (let iteration = 0; iteration < n; iteration++) {
    const precision = inverse(covariance);
    const cells = (i: number): number[] =>
      Array.from({ length: S }, (_, s) => s).filter((s) => rows[s]![i] !== null);
    V = items.map((i) =>
      inverse(square((j, k) =>
        cells(i).reduce(
          (sum, s) => sum + 2 * curvature(xi[s]![i]!) * f[s]![j]! * f[s]![k]!,
          f.reduce((sum, x) => sum + RIDGE * x[j]! * x[k]!, precision[j]![k]!),
        )
      ))
    );
    b = items.map((i) =>
      times(
        V[i]!,
        times(precision, mean).map((x, j) =>
          cells(i).reduce((sum, s) => sum + (rows[s]![i]! - 0.5) * f[s]![j]!, x)
        ),
      )
    );
    bound = -0.5 * dot(mean, times(precision, mean));
    for (const i of items) {
      const distance = b[i]!.map((x, j) => x - mean[j]!);
      const trace = square((j, k) => precision[j]![k]! * V[i]![k]![j]!).flat().reduce((x, y) =>
        x + y
      );
      bound -= 0.5 *
        (trace + dot(distance, times(precision, distance)) - D +
          Math.log(determinant(covariance) / determinant(V[i]!)));
      for (const x of f) bound -= (RIDGE / 2) * (dot(b[i]!, x) ** 2 + dot(x, times(V[i]!, x)));
      for (const s of cells(i)) {
        const eta = dot(b[i]!, f[s]!);
        const square = eta ** 2 + dot(f[s]!, times(V[i]!, f[s]!));
        const x = xi[s]![i]!;
        bound += Math.log(logistic(x)) + (rows[s]![i]! - 0.5) * eta - x / 2 -
          curvature(x) * (square - x ** 2);
        xi[s]![i] = Math.sqrt(square);
      }
    }
    mean = mean.map((_, j) => b.reduce((sum, x) => sum + x[j]!, 0) / (p + 1));
    covariance = square((j, k) =>
      items.reduce(
        (sum, i) => sum + (b[i]![j]! - mean[j]!) * (b[i]![k]! - mean[k]!) + V[i]![j]![k]!,
        mean[j]! * mean[k]!,
      ) / p
    );
  }
  return { mean, covariance, b, V, bound };
}
