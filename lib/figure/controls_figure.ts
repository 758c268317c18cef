import type { Contents } from "../artifact/kind.ts";
import type { outcomes } from "../artifact/kinds.ts";
import { byControl, meanOf, plotControls } from "./controls_plot.ts";
import { figure } from "./figure.ts";
import { type Column, columnsOf } from "./kit/csv.ts";
import { significant } from "./kit/format.ts";

/** A pool of a control. */
export interface ControlRow {
  readonly control: string;
  readonly pool: string;
  /** Peak of Δ_t, in units of the score. */
  readonly peak: number;
  /** Utility of 20 published tasks, and of a private sample, in shares of the best. */
  readonly transparency: number;
  readonly erm: number;
}

type Outcomes = Pick<Contents<typeof outcomes>, "arrays">;

/** Peak misalignment, transparency and ERM on the table and on its controls, a point a pool. */
export const controlsFigure = figure<Outcomes, ControlRow[]>({
  title: () => "Controls",
  rows: ({ arrays: { group, name, headline, numbers } }) => {
    const at = (row: number, key: string): number =>
      numbers.data[row * numbers.cols + headline.indexOf(key)]!;
    return name
      .map((pool, n) => ({
        ...{ pool, control: group[n]!, peak: at(n, "peakMisalignment") },
        ...{ transparency: at(n, "transparency"), erm: at(n, "erm") },
      }))
      .filter(({ peak }) => !Number.isNaN(peak));
  },
  plot: plotControls,
  caption,
  columns,
});

function caption(rows: readonly ControlRow[]): string {
  const means = byControl(rows).map(([control, rows]) =>
    `${control} ${significant(meanOf(rows, ({ peak }) => peak))} (${rows.length} pools)`
  );
  return "Left: the largest strategic misalignment Δ_t (ρ = 0.05, k = 20, mean field). Right: utility as a " +
    "share of the best, of 20 published tasks (transparency) and of a private sample (ERM, awareness 0.01). A " +
    "point is a random pool, a line their mean. The tables with one skill (Rasch) and with none (permuted " +
    "within items) are fitted with the d of the real one. The misalignment that they show needs no differences of " +
    "skill; where the evaluator is unbiased, bias explains nothing of what ERM and transparency differ by. " +
    `Mean peaks: ${means.join("; ")}.`;
}

function columns(rows: readonly ControlRow[]): Column[] {
  return columnsOf(rows, {
    control: ["the table, or what replaces it", ({ control }) => control],
    pool: ["random pool", ({ pool }) => pool],
    peak_misalignment: ["largest Δ_t over the rounds, in units of the score", ({ peak }) => peak],
    transparency: ["utility of 20 published tasks, share of the best", (row) => row.transparency],
    erm: ["utility of ERM at awareness 0.01, share of the best", ({ erm }) => erm],
  });
}
