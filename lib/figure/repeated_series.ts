import { type Artifact, findFact } from "../artifact/artifact.ts";
import { numbers } from "../artifact/npz.ts";
import { poolPhrase } from "./pool_phrase.ts";

/** The repeated game's measures over rounds, for several k and correction rates. */
export interface RepeatedSeries {
  /** K sample sizes. */
  readonly k: ArrayLike<number>;
  /** R correction rates. */
  readonly rho: ArrayLike<number>;
  /** T rounds, from 0. */
  readonly t: ArrayLike<number>;
  readonly replicates: number;
  /** The pool, in words. */
  readonly pool: string;
  /** By name, such as `misalignment_mean`: R × K × T; `measurement_bias`: R × T. */
  readonly values: Readonly<Record<string, ArrayLike<number>>>;
}

/** Reads what tasks/repeated.ts made. */
export function repeatedSeries({ arrays, lineage }: Artifact): RepeatedSeries {
  const real = Object.keys(arrays).filter((name) => arrays[name]?.data instanceof Float64Array);
  return {
    k: numbers(arrays, "k", Int32Array).data,
    rho: numbers(arrays, "rho", Float64Array).data,
    t: numbers(arrays, "t", Int32Array).data,
    replicates: Number(findFact(lineage, "n_replicates")),
    pool: poolPhrase(lineage),
    values: Object.fromEntries(
      real.map((name) => [name, numbers(arrays, name, Float64Array).data]),
    ),
  };
}
