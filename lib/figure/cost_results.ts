import { type Artifact, findFact } from "../artifact/artifact.ts";
import { numbers } from "../artifact/npz.ts";
import { poolPhrase } from "./pool_phrase.ts";

/** Total cost and misalignment over R correction rates and K sample sizes. */
export interface CostResults {
  readonly rho: Float64Array;
  readonly k: Int32Array;
  /** L real numbers of tasks, for the mean field and the closed forms. */
  readonly kMeanField: Float64Array;
  /** By name as tasks/total_cost.ts says: R × K, R × L or R. */
  readonly values: Readonly<Record<string, Float64Array>>;
  readonly rounds: number;
  readonly replicates: number;
  readonly gamma: number;
  /** σ² and c of the closed forms (model section 6.3). */
  readonly variance: number;
  readonly exploitation: number;
  /** N. */
  readonly tasks: number;
  /** The pool, in words. */
  readonly pool: string;
}

/** Reads what tasks/total_cost.ts made. */
export function costResults({ arrays, lineage }: Artifact): CostResults {
  const real = Object.keys(arrays).filter((name) => arrays[name]?.data instanceof Float64Array);
  const values = Object.fromEntries(
    real.map((name) => [name, numbers(arrays, name, Float64Array).data]),
  );
  const fact = (name: string): number => Number(findFact(lineage, name));
  return {
    rho: numbers(arrays, "rho", Float64Array).data,
    k: numbers(arrays, "k", Int32Array).data,
    kMeanField: numbers(arrays, "k_mean_field", Float64Array).data,
    values,
    rounds: fact("n_rounds"),
    replicates: fact("n_replicates"),
    gamma: fact("gamma"),
    variance: values["variance"]?.[0] ?? NaN,
    exploitation: values["exploitation"]?.[0] ?? NaN,
    tasks: fact("n_pool"),
    pool: poolPhrase(lineage),
  };
}
