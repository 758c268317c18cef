import type { BandPoint } from "./kit/band_point.ts";
import type { RepeatedSeries } from "./repeated_series.ts";

/** The band of a measure at correction rate r, sample size a and round t, all from 0. */
export function seriesBand(
  { k, t: { length: T }, values }: RepeatedSeries,
  measure: string,
  r: number,
  a: number,
  t: number,
): BandPoint {
  const part = (name: string): number =>
    values[`${measure}_${name}`]?.[(r * k.length + a) * T + t] ?? NaN;
  return { mean: part("mean"), p10: part("p10"), p90: part("p90") };
}
