import { type AliasTable, aliasTable } from "../stats/random/alias_table.ts";
import type { Uniform } from "../stats/random/stream.ts";
import type { EvaluatorPath } from "./evaluator_path.ts";

/**
 * Draws tasks of the evaluator's distributions.
 *
 * @returns A function that draws a task's index from π_t by one uniform number.
 */
export function taskSampler(path: EvaluatorPath): (t: number, uniform: Uniform) => number {
  const tables = tablesOf(path);
  return (t, uniform) => {
    const { threshold, alias } = tables[t]!;
    const N = threshold.length;
    const even = path.evenShare[t]!;
    let u = uniform();
    if (u < even) return Math.floor((u / even) * N);
    // What is left of a uniform number after a decision by it is uniform too.
    if (even > 0) u = (u - even) / (1 - even);
    const x = u * N;
    const i = Math.floor(x);
    return x - i >= threshold[i]! ? alias[i]! : i;
  };
}

/** A table for each round; rounds that share a distribution share theirs. */
function tablesOf({ rounds, distribution }: EvaluatorPath): AliasTable[] {
  const made = new Map<Float64Array, AliasTable>();
  return Array.from({ length: rounds }, (_, t) => {
    const pi = distribution(t);
    const table = made.get(pi) ?? aliasTable(pi);
    made.set(pi, table);
    return table;
  });
}
