import type { EvaluatorPath } from "./evaluator_path.ts";
import { type MeanFieldOptions, playMeanField } from "./mean_field.ts";
import type { Measures } from "./measures.ts";
import { norm, type Pool } from "./pool.ts";

/** What chance adds to a round's loss and misalignment, to second order. */
export interface Chance {
  loss: number;
  misalignment: number;
}

/** The mean field of T rounds of K games, about which played directions are developed: a row a round. */
interface Centres {
  /** u = v̄/‖v̄‖, and S u with S the covariance of a task of π_t: d numbers a row. */
  readonly unit: Float64Array;
  readonly slope: Float64Array;
  /** In columns: ‖v̄‖, g·u, uᵀS u, and the means of the two measures' terms of second order. */
  readonly numbers: Float64Array;
}

/** Columns of {@linkcode Centres.numbers}. */
const N_NUMBERS = 5;

/**
 * Control variates of the repeated game (Owen, Monte Carlo, ch. 8.9): counts are drawn of distributions that
 * no draw changes, and the developer forgets them at a constant rate, so the mean of its direction v_t
 * is exactly that of the mean field, v̄_t, and its covariance follows C_{t+1} = (1 − φ)² C_t + k S_t.
 * Hence the Taylor polynomial of a measure about v̄_t, of second order in ε = (v_t − v̄_t)/‖v̄_t‖, has a
 * known mean. Without it a measure has the same mean, and a smaller error.
 *
 * @param gamma Weight γ of misalignment in the loss.
 * @returns A function that gives the variates of a round, from its measures and v_t; its result is used
 * again.
 */
export function controlVariates(
  pool: Pool,
  path: EvaluatorPath,
  options: MeanFieldOptions,
  gamma: number,
): (t: number, kIndex: number, played: Measures, direction: Float64Array) => Readonly<Chance> {
  const d = pool.z.cols, K = options.ks.length;
  const { unit, slope, numbers } = centresOf(pool, path, options);
  const { bias } = path;
  const chance: Chance = { loss: 0, misalignment: 0 };
  return (t, kIndex, played, direction) => {
    const at = t * K + kIndex;
    const length = numbers[at * N_NUMBERS]!;
    const gap = numbers[at * N_NUMBERS + 1]!;
    const variance = numbers[at * N_NUMBERS + 2]!;
    let along = 0, squares = 0, biased = 0, sloped = 0;
    for (let j = 0, g = t * d, u = at * d; j < d; j++, g++, u++) {
      const x = direction[j]! / length - unit[u]!;
      along += unit[u]! * x;
      squares += x * x;
      biased += bias[g]! * x;
      sloped += slope[u]! * x;
    }
    // εᵀS ε follows from the variance that was measured.
    const bent = played.variance * (1 + 2 * along + squares) - variance - 2 * sloped;
    chance.misalignment = biased - gap * along +
      misalignmentTerm(gap, along * along, squares, biased * along) - numbers[at * N_NUMBERS + 3]!;
    const ofVariance = 2 * (sloped - variance * along) +
      varianceTerm(variance, along * along, squares, bent, sloped * along) -
      numbers[at * N_NUMBERS + 4]!;
    chance.loss = ofVariance / options.ks[kIndex]! + gamma * chance.misalignment;
    return chance;
  };
}

/** What misalignment has of second order: (u·ε)², ε·ε and (g·ε)(u·ε), or their means. */
function misalignmentTerm(gap: number, along2: number, squares: number, biased: number): number {
  return gap * (3 * along2 - squares) / 2 - biased;
}

/** The same of the variance: (u·ε)², ε·ε, εᵀS ε and (uᵀS ε)(u·ε). */
function varianceTerm(
  variance: number,
  along2: number,
  squares: number,
  bent: number,
  sloped: number,
): number {
  return bent - 4 * sloped + variance * (4 * along2 - squares);
}

function centresOf(pool: Pool, path: EvaluatorPath, options: MeanFieldOptions): Centres {
  const d = pool.z.cols, K = options.ks.length, T = path.rounds;
  const unit = new Float64Array(T * K * d), slope = new Float64Array(T * K * d);
  const numbers = new Float64Array(T * K * N_NUMBERS);
  const covariances = Array.from({ length: T }, (_, t) => taskCovariance(pool, path, t));
  const keep = (1 - options.forgetting) ** 2;
  /** The covariance C of v_t. */
  const C = new Float64Array(d * d);
  playMeanField(pool, path, options, (t, kIndex, _measures, direction) => {
    if (t === 0) C.fill(0);
    const S = covariances[t]!;
    const at = t * K + kIndex, from = at * d, g = t * d;
    const length = norm(direction);
    for (let a = 0; a < d; a++) unit[from + a] = direction[a]! / length;
    let gap = 0, variance = 0, along2 = 0, squares = 0, bent = 0, biased = 0, sloped = 0;
    for (let a = 0, n = 0; a < d; a++) {
      let Su = 0, Cu = 0;
      squares += C[a * (d + 1)]!;
      for (let b = 0; b < d; b++, n++) {
        Su += S[n]! * unit[from + b]!;
        Cu += C[n]! * unit[from + b]!;
        bent += S[n]! * C[n]!;
      }
      slope[from + a] = Su;
      gap += path.bias[g + a]! * unit[from + a]!;
      variance += Su * unit[from + a]!;
      along2 += Cu * unit[from + a]!;
      biased += Cu * path.bias[g + a]!;
      sloped += Su * Cu;
    }
    const scale = 1 / (length * length);
    const row = at * N_NUMBERS;
    numbers[row] = length;
    numbers[row + 1] = gap;
    numbers[row + 2] = variance;
    numbers[row + 3] = misalignmentTerm(gap, along2, squares, biased) * scale;
    numbers[row + 4] = varianceTerm(variance, along2, squares, bent, sloped) * scale;
    const k = options.ks[kIndex]!;
    for (let n = 0; n < C.length; n++) C[n] = keep * C[n]! + k * S[n]!;
  });
  return { unit, slope, numbers };
}

/** The covariance of a task of π_t: d × d. */
function taskCovariance({ mu }: Pool, path: EvaluatorPath, t: number): Float64Array {
  const d = mu.length;
  const mean = mu.map((x, j) => x + path.bias[t * d + j]!);
  const S = new Float64Array(d * d);
  let at = (t * d * (d + 1)) / 2;
  for (let a = 0; a < d; a++) {
    for (let b = a; b < d; b++, at++) {
      const moment = path.moments[at]! / (a === b ? 1 : 2);
      S[a * d + b] = S[b * d + a] = moment - mean[a]! * mean[b]!;
    }
  }
  return S;
}
