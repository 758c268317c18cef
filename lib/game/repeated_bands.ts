import { type Band, bandOf } from "../stats/band.ts";
import type { EvaluatorPath } from "./evaluator_path.ts";
import { type Measure, MEASURES } from "./measures.ts";
import type { Pool } from "./pool.ts";
import { playRepeated, type RepeatedOptions } from "./repeated.ts";

/**
 * Plays the repeated game and gives the band of each measure over replicates.
 *
 * @returns For each k, bands over T rounds.
 */
export function repeatedBands(
  pool: Pool,
  path: EvaluatorPath,
  options: RepeatedOptions,
): Readonly<Record<Measure, Band>>[] {
  const [T, R] = [path.rounds, options.replicates];
  const values = Array.from(
    { length: options.ks.length },
    () => MEASURES.map(() => new Float64Array(T * R)),
  );
  playRepeated(pool, path, options, (r, t, which, measures) => {
    const game = values[which]!;
    for (let m = 0; m < MEASURES.length; m++) game[m]![t * R + r] = measures[m]!;
  });
  return values.map((game) => {
    const bands = MEASURES.map((name, m) => [name, bandOf(game[m]!, T, R)] as const);
    return Object.fromEntries(bands) as Record<Measure, Band>;
  });
}
