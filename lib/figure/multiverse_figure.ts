import type { Contents } from "../artifact/kind.ts";
import type { outcomes } from "../artifact/kinds.ts";
import { figure } from "./figure.ts";
import { type Column, columnsOf } from "./kit/csv.ts";
import { significant } from "./kit/format.ts";
import { BASE, plotMultiverse } from "./multiverse_plot.ts";

/** A variant with its estimate. */
export interface VariantRow {
  /** From 0, by ascending estimate. */
  readonly rank: number;
  /** The choice that it changes, and to what; of the base both are "base". */
  readonly choice: string;
  readonly name: string;
  /** Peak of Δ_t, in units of the score. */
  readonly peak: number;
  readonly remark: string;
}

type Outcomes = Pick<Contents<typeof outcomes>, "arrays">;

/** A specification curve (Simonsohn and others, 2020): peak misalignment by variant, and what each changes. */
export const multiverseFigure = figure<Outcomes, VariantRow[]>({
  title: () => "Peak misalignment under other choices",
  rows: ({ arrays: { group, name, remark, headline, numbers } }) => {
    const at = headline.indexOf("peakMisalignment");
    return name
      .map((name, n) => ({
        ...{ name, choice: group[n]!, remark: remark[n]! },
        peak: numbers.data[n * numbers.cols + at]!,
      }))
      .filter(({ peak }) => !Number.isNaN(peak))
      .sort((a, b) => a.peak - b.peak)
      .map((row, rank) => ({ rank, ...row }));
  },
  plot: plotMultiverse,
  caption,
  columns,
});

function caption(rows: readonly VariantRow[], { arrays: { name } }: Outcomes): string {
  const base = rows.find((row) => row.name === BASE);
  const without = name.length - rows.length;
  const noted = rows.filter(({ remark }) => remark !== "").length;
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined) return `None of the ${name.length} variants has numbers.`;
  return `Above: the largest strategic misalignment Δ_t over the rounds (ρ = 0.05, k = 20, mean field), of ` +
    `${rows.length} variants in ascending order, each with one choice changed. Below: that choice; the ` +
    `filled point is the workflow's own${
      base === undefined ? "" : `, ${significant(base.peak)}`
    }. It goes from ${significant(first.peak)} (${first.name}) to ${significant(last!.peak)} ` +
    `(${last!.name}). ${without} have no numbers, and ${noted} have a remark (open points).`;
}

function columns(rows: readonly VariantRow[]): Column[] {
  return columnsOf(rows, {
    rank: ["place in ascending order, from 1", ({ rank }) => rank + 1],
    choice: ["the choice that is changed", ({ choice }) => choice],
    variant: ["to what", ({ name }) => name],
    peak_misalignment: ["largest Δ_t over the rounds, in units of the score", ({ peak }) => peak],
    remark: ["what speaks against the fit", ({ remark }) => remark],
  });
}
