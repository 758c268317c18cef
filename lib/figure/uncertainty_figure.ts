import type { Contents } from "../artifact/kind.ts";
import type { intervals } from "../artifact/kinds.ts";
import { figure } from "./figure.ts";
import { type Column, columnsOf } from "./kit/csv.ts";
import { threeDigits } from "./kit/format.ts";
import { NUMBERS, plotUncertainty } from "./uncertainty_plot.ts";

/** An interval of a headline number. */
export interface UncertaintyRow {
  readonly headline: string;
  /** With what it varies. */
  readonly source: string;
  /** On the workflow's choices; NaN where these give none. */
  readonly value: number;
  /** 10th and 90th percentiles. */
  readonly low: number;
  readonly high: number;
  readonly n: number;
  readonly without: number;
}

/** What the choices of an analyst are called: the other sources are samples. */
const CHOICES = "other choices";

type Intervals = Pick<Contents<typeof intervals>, "arrays">;

/** With what each headline number varies, and by how much: a panel a number. */
export const uncertaintyFigure = figure<Intervals, UncertaintyRow[]>({
  title: () => "With what the headline numbers vary",
  rows: ({ arrays }) =>
    arrays.headline.map((headline, n) => ({
      ...{ headline, source: arrays.source[n]!, value: arrays.value[n]! },
      ...{ low: arrays.low[n]!, high: arrays.high[n]! },
      ...{ n: arrays.n[n]!, without: arrays.without[n]! },
    })),
  plot: plotUncertainty,
  caption,
  columns,
});

function caption(rows: readonly UncertaintyRow[]): string {
  const counts = [...new Map(rows.map(({ source, n }) => [source, n]))].map(([source, n]) =>
    `${source} (${n})`
  );
  const widest = Object.entries(NUMBERS).flatMap(([headline, { words }]) => {
    const found = rows
      .filter((row) => row.headline === headline && row.source !== CHOICES && row.high > row.low)
      .toSorted((a, b) => (b.high - b.low) - (a.high - a.low));
    const [first, second] = found;
    if (first === undefined) return [];
    const times = second === undefined
      ? ""
      : `, ${
        threeDigits((first.high - first.low) / (second.high - second.low))
      } times ${second.source}`;
    return [
      `for ${words} ${first.source} (${threeDigits(first.low)}–${threeDigits(first.high)}${times})`,
    ];
  });
  return "With what each headline number varies: the middle 80 % when one thing is drawn or chosen otherwise, and " +
    `the number of outcomes of it, ${
      counts.join(", ")
    }. The line is the workflow's own number. What matters most of the samples: ` +
    `${widest.join("; ")}.`;
}

function columns(rows: readonly UncertaintyRow[]): Column[] {
  return columnsOf(rows, {
    headline: ["which number", ({ headline }) => headline],
    source: ["with what it varies", ({ source }) => source],
    value: [
      "on the workflow's choices",
      ({ value }) => Number.isNaN(value) ? "" : value,
    ],
    p10: ["10th percentile over the outcomes", ({ low }) => low],
    p90: ["90th percentile", ({ high }) => high],
    n: ["outcomes", ({ n }) => n],
    n_without_numbers: ["of these without numbers", ({ without }) => without],
  });
}
