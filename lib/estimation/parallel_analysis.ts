import { nativeGram } from "../onnx/native_matrix.ts";
import { column, type Matrix, matrix, row } from "../stats/matrix.ts";
import { quantile } from "../stats/quantile.ts";
import { symmetricEigen } from "../stats/symmetric_eigen.ts";
import { stream, type Uniform } from "../stats/random/stream.ts";
import type { Responses } from "../responses/responses.ts";
import { type StandardisedItems, standardisedItems } from "./standardised_items.ts";

/** What Horn's parallel analysis found. */
export interface ParallelAnalysis {
  /** The S largest eigenvalues of the p × p item correlation matrix, descending; their sum is p. */
  readonly eigenvalues: Float64Array;
  /** The same of each replication, R × S. */
  readonly replications: Matrix;
  /** The percentile over replications of each rank's eigenvalue; S numbers. */
  readonly thresholds: Float64Array;
  /** d, the number of leading ranks that exceed their thresholds; at least 1. */
  readonly nFactors: number;
}

/** Options of parallel analysis. */
export interface ParallelAnalysisOptions {
  /** R, at least 1. */
  readonly nReplications: number;
  /** In [0, 100]. */
  readonly percentile: number;
  readonly seed: string;
}

/** Cells of the dense table that are in memory at once. */
const CELLS_PER_BLOCK = 2 ** 18;

/** A swap is drawn from at least this many equally likely numbers. */
const RESOLUTION = 2 ** 20;

/**
 * Horn's parallel analysis with the first-crossing rule (Horn, 1965; model section 2). The
 * eigenvalues of the p × p correlation matrix are those of the dual S × S Gram matrix Z Zᵀ / S. One
 * pass over the items, in blocks, adds them to the Gram matrix of the table and to that of every
 * replication: nothing p × p, and no second table, is ever formed.
 *
 * @param responses S subjects × p items, each item varying.
 * @param options Options of parallel analysis.
 * @param progress Called after each block with the share done.
 */
export async function parallelAnalysis(
  responses: Responses,
  options: ParallelAnalysisOptions,
  progress: (share: number) => void = () => {},
): Promise<ParallelAnalysis> {
  const [S, p] = [responses.subjectIds.length, responses.itemIds.length];
  const itemsPerBlock = Math.max(1, Math.floor(CELLS_PER_BLOCK / S));
  const blocks = Math.ceil(p / itemsPerBlock);
  return await parallelAnalysisOfBlocks(
    standardisedItems(responses, itemsPerBlock),
    S,
    options,
    (done) => progress(done / blocks),
  );
}

/**
 * The same of items that come in blocks, however many they are.
 *
 * @param blocks Standardised items.
 * @param S Number of subjects.
 */
export async function parallelAnalysisOfBlocks(
  blocks: Iterable<StandardisedItems>,
  S: number,
  { nReplications, percentile, seed }: ParallelAnalysisOptions,
  progress: (blocksDone: number) => void = () => {},
): Promise<ParallelAnalysis> {
  await using native = await nativeGram();
  const uniforms = Array.from(
    { length: nReplications },
    (_, r) => stream(seed, "replication", r),
  );
  let observed = matrix(S, S);
  const permuted = uniforms.map(() => matrix(S, S));
  let done = 0;
  for (const block of blocks) {
    const rows = dense(block, S);
    observed = await native.add(rows, observed);
    for (const [r, uniform] of uniforms.entries()) {
      permute(block, uniform, rows);
      permuted[r] = await native.add(rows, permuted[r]!);
    }
    progress(++done);
  }
  const eigenvalues = (await symmetricEigen(scaled(observed, 1 / S))).values;
  const replications = matrix(nReplications, S);
  for (const [r, sum] of permuted.entries()) {
    row(replications, r).set((await symmetricEigen(scaled(sum, 1 / S))).values);
  }
  const thresholds = new Float64Array(S);
  for (let rank = 0; rank < S; rank++) {
    thresholds[rank] = quantile(column(replications, rank).sort(), percentile / 100);
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

/** A block as rows of S numbers, 0 where a cell is missing. */
function dense({ start, subject, z }: StandardisedItems, S: number): Matrix {
  const rows = matrix(start.length - 1, S);
  for (let i = 0; i < rows.rows; i++) {
    for (let c = start[i]!; c < start[i + 1]!; c++) rows.data[i * S + subject[c]!] = z[c]!;
  }
  return rows;
}

/**
 * Deals each item's observed values out among the subjects who answered it, every way alike. The
 * values other than the commonest draw their subjects (Fisher and Yates); the rest get that one. The
 * subjects of the block are left in the new order, from which the next replication may well start.
 */
function permute(
  { start, rarer, subject, z }: StandardisedItems,
  uniform: Uniform,
  { data, cols: S }: Matrix,
): void {
  // What is left of a uniform number after its leading digit is used is uniform too.
  let [u, resolution] = [0, 0];
  for (let i = 0; i + 1 < start.length; i++) {
    const [first, last] = [start[i]!, start[i + 1]!];
    const others = first + rarer[i]!;
    const row = i * S;
    for (let c = first; c < others; c++) {
      const left = last - c;
      if (resolution < RESOLUTION) [u, resolution] = [uniform(), 2 ** 32];
      u *= left;
      const digit = Math.floor(u);
      u -= digit;
      resolution /= left;
      const to = subject[c + digit]!;
      subject[c + digit] = subject[c]!;
      subject[c] = to;
      data[row + to] = z[c]!;
    }
    if (others === last) continue;
    const commonest = z[last - 1]!;
    for (let c = others; c < last; c++) data[row + subject[c]!] = commonest;
  }
}

function scaled({ rows, cols, data }: Matrix, factor: number): Matrix {
  return matrix(rows, cols, data.map((x) => x * factor));
}
