import { type Matrix, matrix, type Multiply, row, transpose } from "../stats/matrix.ts";
import { type Correction, correctionPaths } from "./correction.ts";
import type { Pool } from "./pool.ts";

/** The evaluator's side of a repeated game for one ρ: nothing in it depends on the developer. */
export interface EvaluatorPath {
  /** Correction rate ρ. */
  readonly rho: number;
  /** T. */
  readonly rounds: number;
  /** g_t = Zᵀπ_t − μ: T × d. */
  readonly bias: Float64Array;
  /** E_{π_t} z zᵀ: T × d(d + 1)/2, the entries (a, b ≥ a) of a round, those off the diagonal doubled. */
  readonly moments: Float64Array;
  /** π_t is `evenShare[t]` of uniform and the rest of `distribution(t)`. */
  readonly evenShare: Float64Array;
  /** N probabilities; rounds that share a distribution get the same array. */
  readonly distribution: (t: number) => Float64Array;
}

/** At most this many numbers of distributions are held at once, 160 MB: more rates go in groups. */
const MAX_AT_ONCE = 2e7;

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
  const [N, F] = [pool.z.rows, features.rows];
  if (correction.kind === "uniform") {
    const two = matrix(N, 2);
    for (let i = 0; i < N; i++) [two.data[2 * i], two.data[2 * i + 1]] = [initial[i]!, 1 / N];
    const expected = await multiply(features, two);
    for (const rho of Array.from(rhos)) yield mixturePath(pool, initial, expected, rho, rounds);
    return;
  }
  const size = Math.max(1, Math.floor(MAX_AT_ONCE / (rounds * N)));
  for (let first = 0; first < rhos.length; first += size) {
    const batch = Array.from(rhos).slice(first, first + size);
    const { bandwidth } = correction;
    const path = await correctionPaths(pool.z, initial, bandwidth, batch, rounds, multiply);
    const expected: Matrix[] = [];
    // Of each rate in one piece: they are read one after the other.
    const byRate: Matrix[] = [];
    while (path.length > 0) {
      const distributions = path.shift()!;
      expected.push(await multiply(features, distributions));
      byRate.push(transpose(distributions));
    }
    for (const [r, rho] of batch.entries()) {
      yield {
        rho,
        rounds,
        ...split(pool, rounds, F, (t, f) => expected[t]!.data[f * batch.length + r]!),
        evenShare: new Float64Array(rounds),
        distribution: (t) => row(byRate[t]!, r),
      };
    }
  }
}

/** Total variation between π_t and uniform, of each round. */
export function totalVariation(
  { rounds, evenShare, distribution }: EvaluatorPath,
): Float64Array {
  return Float64Array.from({ length: rounds }, (_, t) => {
    const pi = distribution(t);
    const even = 1 / pi.length;
    let sum = 0;
    for (let i = 0; i < pi.length; i++) sum += Math.abs(pi[i]! - even);
    return ((1 - evenShare[t]!) * sum) / 2;
  });
}

function mixturePath(
  pool: Pool,
  initial: Float64Array,
  /** Expected features under π_0 and uniform, F × 2. */
  two: Matrix,
  rho: number,
  rounds: number,
): EvaluatorPath {
  const evenShare = Float64Array.from({ length: rounds }, (_, t) => 1 - (1 - rho) ** t);
  return {
    rho,
    rounds,
    ...split(pool, rounds, two.rows, (t, f) => {
      const share = evenShare[t]!;
      return (1 - share) * two.data[2 * f]! + share * two.data[2 * f + 1]!;
    }),
    evenShare,
    distribution: () => initial,
  };
}

/** Of each task its skills, and their products as in {@linkcode EvaluatorPath.moments}; F × N. */
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
  return transpose(features);
}

/** Expected features of each round as bias and moments. */
function split(
  { z: { cols: d }, mu }: Pool,
  rounds: number,
  F: number,
  expected: (t: number, f: number) => number,
): Pick<EvaluatorPath, "bias" | "moments"> {
  const M = F - d;
  const [bias, moments] = [new Float64Array(rounds * d), new Float64Array(rounds * M)];
  for (let t = 0; t < rounds; t++) {
    for (let j = 0; j < d; j++) bias[t * d + j] = expected(t, j) - mu[j]!;
    for (let m = 0; m < M; m++) moments[t * M + m] = expected(t, d + m);
  }
  return { bias, moments };
}
