import type { Contents } from "../../artifact/kind.ts";
import type { repeated } from "../../artifact/kinds.ts";
import type { Band } from "../../stats/band.ts";

/** One game's strategic misalignment Δ_t over T rounds, in units of the score. */
export interface Curve {
  readonly rho: number;
  readonly rhoIndex: number;
  readonly k: number;
  /** Over replicates; T numbers each. */
  readonly misalignment: Band;
  /** The highest mean, and its round. */
  readonly peak: number;
  readonly peakRound: number;
  /** The round of the highest Δ_t in the mean-field limit, which noise does not move. */
  readonly limitPeakRound: number;
  /** The mean in the last round. */
  readonly end: number;
}

/** The games of a repeated-game artifact: for each correction rate those of each sample size. */
export function curves(
  { arrays, dims: { T } }: Pick<Contents<typeof repeated>, "arrays" | "dims">,
): Curve[] {
  return Array.from(arrays.rho, (rho, rhoIndex) =>
    Array.from(arrays.k, (k, kIndex): Curve => {
      const at = (rhoIndex * arrays.k.length + kIndex) * T;
      const part = (all: Float64Array): Float64Array => all.subarray(at, at + T);
      const mean = part(arrays.misalignment_mean);
      const peak = Math.max(...mean);
      return {
        rho,
        rhoIndex,
        k,
        misalignment: {
          mean,
          p10: part(arrays.misalignment_p10),
          p90: part(arrays.misalignment_p90),
        },
        peak,
        peakRound: mean.indexOf(peak),
        limitPeakRound: highest(part(arrays.misalignment_mean_field)),
        end: mean.at(-1)!,
      };
    })).flat();
}

/** The index of the first of the highest values. */
function highest(values: Float64Array): number {
  return values.indexOf(Math.max(...values));
}
