import { type Band, bandOf } from "../stats/band.ts";
import type { EvaluatorPath } from "./evaluator_path.ts";
import type { Measures } from "./measures.ts";
import type { Pool } from "./pool.ts";
import { playRepeated, type RepeatedOptions } from "./repeated.ts";

const MEASURES = ["misalignment", "exploitationGap", "regret", "variance"] as const;

/** The band of each measure, over T rounds. */
export type MeasureBands = Readonly<Record<keyof Measures, Band>>;

/**
 * Plays the repeated game and gives the band of each measure over replicates.
 *
 * @returns One a k.
 */
export function repeatedBands(
  pool: Pool,
  path: EvaluatorPath,
  options: RepeatedOptions,
): MeasureBands[] {
  const [T, R] = [path.rounds, options.replicates];
  const games = Array.from({ length: options.ks.length }, () => ({
    misalignment: new Float64Array(T * R),
    exploitationGap: new Float64Array(T * R),
    regret: new Float64Array(T * R),
    variance: new Float64Array(T * R),
  }));
  playRepeated(pool, path, options, (r, t, kIndex, measures) => {
    const game = games[kIndex]!;
    for (const name of MEASURES) game[name][t * R + r] = measures[name];
  });
  return games.map(({ misalignment, exploitationGap, regret, variance }) => ({
    misalignment: bandOf(misalignment, T, R),
    exploitationGap: bandOf(exploitationGap, T, R),
    regret: bandOf(regret, T, R),
    variance: bandOf(variance, T, R),
  }));
}
