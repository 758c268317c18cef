import { plotErm } from "./erm_plot.ts";
import { figure } from "./figure.ts";
import { bandColumns, type BandPoint, bandPoint } from "./kit/band_point.ts";
import { type Column, columnsOf } from "./kit/csv.ts";
import type { OneShotResults } from "./one_shot_results.ts";

/** Utilities, as shares of the best. */
export interface ErmRows {
  /** Of k published tasks. */
  readonly transparency: readonly { readonly k: number; readonly utility: BandPoint }[];
  /** Of a private sample, for each awareness. */
  readonly erm: readonly {
    readonly awareness: number;
    readonly known: number;
    readonly utility: BandPoint;
  }[];
}

/**
 * Utility of a private sample, answered by empirical risk minimisation (ERM), for each awareness α,
 * against deterministic transparency over k (Fig 2).
 */
export const ermFigure = figure<OneShotResults, ErmRows>({
  title: () => "A private sample against transparency",
  rows: ({ k, transparency, awareness, known, erm }) => ({
    transparency: Array.from(k, (k, n) => ({ k, utility: bandPoint(transparency, n) })),
    erm: Array.from(awareness, (awareness, n) => ({
      awareness,
      known: known[n]!,
      utility: bandPoint(erm, n),
    })),
  }),
  plot: plotErm,
  caption,
  columns,
});

function caption({ transparency, erm }: ErmRows, { draws, pool }: OneShotResults): string {
  const values = erm.map(({ awareness, known, utility: { mean, p10, p90 } }) =>
    `${mean.toFixed(3)} (${p10.toFixed(2)}–${p90.toFixed(2)}) at α = ${awareness}, ${known} tasks`
  );
  const crossings = erm.map(({ awareness, utility: { mean } }) => {
    const first = transparency.find(({ utility }) => utility.mean >= mean);
    return `${first?.k ?? "none"} for α = ${awareness}`;
  });
  return `Utility u(θ)/‖μ‖ on the ${pool}. Lines: the evaluator keeps its sample private, and the ` +
    `developer, who knows a share α of the tasks (awareness), minimises its empirical risk on them ` +
    `(ERM), with 10–90 % of the draws: ${
      values.join("; ")
    }. Curve: deterministic transparency of k ` +
    `tasks, with its 10–90 % band. Means of ${draws} draws. The least k of the grid at which ` +
    `transparency is as good: ${crossings.join(", ")}.`;
}

function columns({ transparency, erm }: ErmRows): Column[] {
  const rows = [
    ...transparency.map((row) => ({
      setting: "transparency",
      ...row,
      awareness: "",
      known: row.k,
    })),
    ...erm.map((row) => ({ setting: "erm", k: "", ...row })),
  ];
  return columnsOf<typeof rows[number]>(rows, {
    setting: ["transparency, or erm", ({ setting }) => setting],
    k: ["published tasks", ({ k }) => k],
    awareness: ["share α of the tasks that the developer knows", ({ awareness }) => awareness],
    known_tasks: ["number of tasks that the developer knows", ({ known }) => known],
    ...bandColumns(
      "utility",
      (part) => `u(θ)/‖μ‖, share of the best; ${part} over draws`,
      ({ utility }) => utility,
    ),
  });
}
