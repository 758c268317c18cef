import { type Matrix, matrix } from "../numeric/matrix.ts";
import type { Multiply } from "../numeric/product.ts";
import { type Correction, correctionPaths } from "./correction.ts";
import type { Pool } from "./pool.ts";

/** The evaluator's side of a repeated game for one ρ: nothing in it depends on the developer. */
export interface EvaluatorPath {
  /** Correction rate ρ. */
  readonly rho: number;
  /** g_t = Zᵀπ_t − μ of each of T rounds. */
  readonly bias: readonly Float64Array[];
  /** E_{π_t} z zᵀ of each round: d(d + 1)/2 entries (a, b ≥ a), those off the diagonal doubled. */
  readonly moments: readonly Float64Array[];
  /** Total variation between π_t and uniform, of each round. */
  readonly totalVariation: Float64Array;
  /** π_t is `evenShare[t]` of uniform and the rest of `distributions[t]`. */
  readonly evenShare: Float64Array;
  readonly distributions: readonly Float64Array[];
}

/** So many numbers of distributions are held at once, 160 MB: more rates go in groups. */
const MOST_AT_ONCE = 2e7;

/**
 * The evaluator's side for several ρ, one after the other: π_t does not depend on the developer, so it
 * is computed once for each ρ (model section 6.2). Under uniform correction
 * π_t = (1 − ρ)^t π_0 + (1 − (1 − ρ)^t)/N, so that nothing of length N is made for each round.
 *
 * @param pool N tasks of d skills.
 * @param initial π_0.
 * @param correction How the evaluator corrects.
 * @param rhos Rates in [0, 1].
 * @param rounds T.
 * @param multiply What multiplies matrices; the time is in N × N times N × (number of rates).
 */
export async function* evaluatorPaths(
  pool: Pool,
  initial: Float64Array,
  correction: Correction,
  rhos: ArrayLike<number>,
  rounds: number,
  multiply: Multiply,
): AsyncGenerator<EvaluatorPath> {
  const features = taskFeatures(pool.z);
  const N = pool.z.rows;
  const even = new Float64Array(N).fill(1 / N);
  if (correction.kind === "uniform") {
    const two = await multiply(stack([initial, even]), features);
    for (const rho of Array.from(rhos)) yield mixturePath(pool, initial, two, rho, rounds);
    return;
  }
  const size = Math.max(1, Math.floor(MOST_AT_ONCE / (rounds * N)));
  for (let first = 0; first < rhos.length; first += size) {
    const some = Array.from(rhos).slice(first, first + size);
    const { bandwidth } = correction;
    const paths = await correctionPaths(pool.z, initial, bandwidth, some, rounds, multiply);
    for (const [r, distributions] of paths.entries()) {
      const expected = await multiply(stack(distributions), features);
      yield {
        rho: some[r]!,
        ...split(pool, expected),
        totalVariation: Float64Array.from(distributions, (pi) => totalVariation(pi)),
        evenShare: new Float64Array(rounds),
        distributions,
      };
    }
  }
}

function mixturePath(
  pool: Pool,
  initial: Float64Array,
  /** Expected features under π_0 and uniform. */
  two: Matrix,
  rho: number,
  rounds: number,
): EvaluatorPath {
  const evenShare = Float64Array.from({ length: rounds }, (_, t) => 1 - (1 - rho) ** t);
  const F = two.cols;
  const expected = matrix(rounds, F);
  evenShare.forEach((share, t) => {
    for (let f = 0; f < F; f++) {
      expected.data[t * F + f] = (1 - share) * two.data[f]! + share * two.data[F + f]!;
    }
  });
  const start = totalVariation(initial);
  return {
    rho,
    ...split(pool, expected),
    totalVariation: evenShare.map((share) => (1 - share) * start),
    evenShare,
    distributions: new Array<Float64Array>(rounds).fill(initial),
  };
}

/** Of each task its skills, and their products as in {@linkcode EvaluatorPath.moments}. */
function taskFeatures(z: Matrix): Matrix {
  const d = z.cols;
  const features = matrix(z.rows, d + (d * (d + 1)) / 2);
  for (let i = 0, n = 0; i < z.rows; i++) {
    const row = z.data.subarray(i * d, (i + 1) * d);
    for (let a = 0; a < d; a++) features.data[n++] = row[a]!;
    for (let a = 0; a < d; a++) {
      for (let b = a; b < d; b++) features.data[n++] = (a === b ? 1 : 2) * row[a]! * row[b]!;
    }
  }
  return features;
}

/** Expected features, T × (d + d(d + 1)/2), as bias and moments. */
function split(pool: Pool, { rows, cols, data }: Matrix): Pick<EvaluatorPath, "bias" | "moments"> {
  const d = pool.z.cols;
  const rounds = Array.from({ length: rows }, (_, t) => data.subarray(t * cols, (t + 1) * cols));
  return {
    bias: rounds.map((row) => row.slice(0, d).map((x, j) => x - pool.mu[j]!)),
    moments: rounds.map((row) => row.slice(d)),
  };
}

function totalVariation(pi: Float64Array): number {
  const even = 1 / pi.length;
  return pi.reduce((sum, p) => sum + Math.abs(p - even), 0) / 2;
}

function stack(rows: readonly Float64Array[]): Matrix {
  const cols = rows[0]?.length ?? 0;
  const result = matrix(rows.length, cols);
  rows.forEach((row, t) => result.data.set(row, t * cols));
  return result;
}
