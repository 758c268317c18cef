import { type Artifact, findFact } from "../artifact/artifact.ts";
import { type NpzArrays, numbers } from "../artifact/npz.ts";
import type { Band } from "../stats/band.ts";
import { poolPhrase } from "./pool_phrase.ts";

/** The one-shot game's results, as figures need them. Utilities are shares u(θ)/‖μ‖ of the best. */
export interface OneShotResults {
  /** K sizes of the published set. */
  readonly k: Int32Array;
  /** Mean score over the published set, K. */
  readonly publishedScore: Band;
  /** Utility under transparency, K. */
  readonly transparency: Band;
  /** How the gap between published score and utility changes from the k before, K: mean and s.e. */
  readonly gapChange: Float64Array;
  readonly gapChangeError: Float64Array;
  /** A shares of the pool that the developer knows, how many tasks they are, and its utility. */
  readonly awareness: Float64Array;
  readonly known: Int32Array;
  readonly erm: Band;
  /** The grid of awareness α and bias β, with the mean utility of ERM (α × β). */
  readonly alpha: Float64Array;
  readonly beta: Float64Array;
  readonly asymmetryErm: Float64Array;
  /** What it is compared with: transparency with so many published tasks. */
  readonly asymmetryK: number;
  readonly asymmetryTransparency: number;
  /** ‖μ‖, the best utility. */
  readonly best: number;
  readonly draws: number;
  /** Bandwidths of the evaluator's and of the developer's bias. */
  readonly biasBandwidth: number;
  readonly asymmetryBandwidth: number;
  /** The pool, in words. */
  readonly pool: string;
}

/** Reads what tasks/one_shot.ts made. */
export function oneShotResults({ arrays, lineage }: Artifact): OneShotResults {
  const real = (name: string): Float64Array => numbers(arrays, name, Float64Array).data;
  const whole = (name: string): Int32Array => numbers(arrays, name, Int32Array).data;
  const fact = (name: string): number => Number(findFact(lineage, name));
  return {
    k: whole("k"),
    publishedScore: readBand(arrays, "published_score"),
    transparency: readBand(arrays, "transparency"),
    gapChange: real("gap_change"),
    gapChangeError: real("gap_change_se"),
    awareness: real("awareness"),
    known: whole("n_known"),
    erm: readBand(arrays, "erm"),
    alpha: real("alpha"),
    beta: real("beta"),
    asymmetryErm: real("asymmetry_erm"),
    asymmetryK: whole("asymmetry_k")[0] ?? NaN,
    asymmetryTransparency: real("asymmetry_transparency")[0] ?? NaN,
    best: fact("best_utility"),
    draws: fact("n_draws"),
    biasBandwidth: fact("bias_bandwidth"),
    asymmetryBandwidth: fact("asymmetry_bandwidth"),
    pool: poolPhrase(lineage),
  };
}

function readBand(arrays: NpzArrays, name: string): Band {
  const part = (suffix: string): Float64Array =>
    numbers(arrays, `${name}_${suffix}`, Float64Array).data;
  return { mean: part("mean"), p10: part("p10"), p90: part("p90") };
}
