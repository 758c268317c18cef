import type { ColumnOf } from "./csv.ts";

/** A mean and the 10–90 % range around it. */
export interface BandPoint {
  readonly mean: number;
  readonly p10: number;
  readonly p90: number;
}

const PARTS = { mean: "mean", p10: "10th percentile", p90: "90th percentile" } as const;

/** The n-th point of a band. */
export function bandPoint(
  band: Readonly<Record<keyof typeof PARTS, ArrayLike<number>>>,
  n: number,
): BandPoint {
  return { mean: band.mean[n]!, p10: band.p10[n]!, p90: band.p90[n]! };
}

/** The three columns of a band: `NAME_mean`, `NAME_p10` and `NAME_p90`. */
export function bandColumns<Row>(
  name: string,
  meaningOf: (part: string) => string,
  pointOf: (row: Row) => BandPoint,
): Readonly<Record<string, ColumnOf<Row>>> {
  return Object.fromEntries(
    Object.entries(PARTS).map(([part, words]) => [
      `${name}_${part}`,
      [meaningOf(words), (row: Row) => pointOf(row)[part as keyof BandPoint]],
    ]),
  );
}
