import { type Matrix, matrix } from "../numeric/matrix.ts";
import { quantile } from "../numeric/quantile.ts";
import { stream } from "../random/stream.ts";
import type { Responses } from "../responses/responses.ts";
import { type StandardisedItems, standardiseItems } from "./standardised_items.ts";

/** What Horn's parallel analysis found. */
export interface ParallelAnalysis {
  /** The S largest eigenvalues of the p × p item correlation matrix, descending; their sum is p. */
  readonly eigenvalues: Float64Array;
  /** The same of each replication, R × S. */
  readonly replications: Matrix;
  /** The percentile over replications of each rank's eigenvalue; S numbers. */
  readonly thresholds: Float64Array;
  /** d: so many leading ranks exceed their thresholds; at least 1. */
  readonly nFactors: number;
}

/** How to do it. */
export interface ParallelAnalysisOptions {
  /** R, at least 1. */
  readonly nReplications: number;
  /** In [0, 100]. */
  readonly percentile: number;
  readonly seed: string;
}

/**
 * Horn's parallel analysis with the first-crossing rule (Horn, 1965; model section 2). The
 * eigenvalues of the p × p correlation matrix are those of the dual S × S Gram matrix Z Zᵀ / S, which
 * is summed item by item: nothing p × p, and no second table, is ever formed. A replication permutes
 * each item's observed values among the subjects who answered it.
 *
 * @param responses S subjects × p items, each item varying.
 * @param options How.
 * @param progress Called after each replication.
 */
export async function parallelAnalysis(
  responses: Responses,
  { nReplications, percentile, seed }: ParallelAnalysisOptions,
  progress: (done: number) => void = () => {},
): Promise<ParallelAnalysis> {
  const items = standardiseItems(responses);
  const S = items.subjects;
  const eigenvalues = await symmetricEigenvalues(gram(items));
  const replications = matrix(nReplications, S);
  for (let r = 0; r < nReplications; r++) {
    const permuted = permute(items, stream(seed, "replication", r));
    replications.data.set(await symmetricEigenvalues(gram(permuted)), r * S);
    progress(r + 1);
  }
  const thresholds = new Float64Array(S);
  for (let rank = 0; rank < S; rank++) {
    const column = Float64Array.from(
      { length: nReplications },
      (_, r) => replications.data[r * S + rank]!,
    ).sort();
    thresholds[rank] = quantile(column, percentile / 100);
  }
  return {
    eigenvalues,
    replications,
    thresholds,
    nFactors: firstCrossing(eigenvalues, thresholds),
  };
}

/** The number of leading ranks whose eigenvalue exceeds its threshold, at least 1. */
export function firstCrossing(eigenvalues: Float64Array, thresholds: Float64Array): number {
  const crossing = eigenvalues.findIndex((value, rank) => !(value > thresholds[rank]!));
  return Math.max(1, crossing < 0 ? eigenvalues.length : crossing);
}

/** Z Zᵀ / S, S × S. */
export function gram({ subjects: S, start, subject, z }: StandardisedItems): Matrix {
  const sums = new Float64Array(S * S);
  const column = new Float64Array(S);
  for (let i = 0; i + 1 < start.length; i++) {
    column.fill(0);
    for (let c = start[i]!; c < start[i + 1]!; c++) column[subject[c]!] = z[c]!;
    for (let s = 0; s < S; s++) {
      const x = column[s]!;
      const row = s * S;
      for (let t = s; t < S; t++) sums[row + t]! += x * column[t]!;
    }
  }
  for (let s = 0; s < S; s++) {
    for (let t = s; t < S; t++) sums[t * S + s] = sums[s * S + t]! /= S;
  }
  return matrix(S, S, sums);
}

function permute(items: StandardisedItems, uniform: () => number): StandardisedItems {
  const z = items.z.slice();
  for (let i = 0; i + 1 < items.start.length; i++) {
    const first = items.start[i]!;
    for (let c = items.start[i + 1]! - 1; c > first; c--) {
      const other = first + Math.floor(uniform() * (c - first + 1));
      [z[c], z[other]] = [z[other]!, z[c]!];
    }
  }
  return { ...items, z };
}

async function symmetricEigenvalues(m: Matrix): Promise<Float64Array> {
  const { EigenvalueDecomposition, Matrix: MlMatrix } = await import("ml-matrix");
  const rows = Array.from(
    { length: m.rows },
    (_, r) => Array.from(m.data.subarray(r * m.cols, (r + 1) * m.cols)),
  );
  const { realEigenvalues } = new EigenvalueDecomposition(new MlMatrix(rows), {
    assumeSymmetric: true,
  });
  return Float64Array.from(realEigenvalues).sort().reverse();
}
