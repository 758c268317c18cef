import type { Results } from "../artifact/artifact.ts";
import type { oneShot } from "../artifact/kinds.ts";
import { bandIn } from "../artifact/kind.ts";
import { ermSummary } from "../game/summaries/one_shot_summary.ts";
import { poolHeading, poolPhrase } from "../game/summaries/pool_phrase.ts";
import { plotErm } from "./erm_plot.ts";
import { figure } from "./figure.ts";
import { bandColumns, type BandPoint, bandPoint } from "./kit/band_point.ts";
import { type Column, columnsOf } from "./kit/csv.ts";

/** Utilities, as shares of the best. */
export interface ErmRows {
  /** Of k published tasks. */
  readonly transparency: readonly { readonly k: number; readonly utility: BandPoint }[];
  /** Of a private sample, for each awareness. */
  readonly erm: readonly {
    readonly awareness: number;
    readonly known: number;
    readonly utility: BandPoint;
    /** Where an evaluator without bias publishes as many tasks. */
    readonly unbiased: BandPoint;
  }[];
}

/**
 * Utility of a private sample, answered by empirical risk minimisation (ERM), for each awareness α,
 * against deterministic transparency over k (Fig 2).
 */
export const ermFigure = figure<Results<typeof oneShot>, ErmRows>({
  title: () => "A private sample against transparency",
  rows: ({ arrays }) => ({
    transparency: Array.from(arrays.k, (k, n) => ({
      k,
      utility: bandPoint(bandIn(arrays, "transparency"), n),
    })),
    erm: Array.from(arrays.awareness, (awareness, n) => ({
      awareness,
      known: arrays.n_known[n]!,
      utility: bandPoint(bandIn(arrays, "erm"), n),
      unbiased: bandPoint(bandIn(arrays, "transparency_unbiased"), n),
    })),
  }),
  plot: (rows, page, results) => plotErm(rows, page, poolHeading(results)),
  caption,
  columns,
});

function caption({ erm }: ErmRows, results: Results<typeof oneShot>): string {
  const values = erm.map(({ awareness, known, utility: { mean, p10, p90 } }) =>
    `${mean.toFixed(3)} (${p10.toFixed(2)}–${p90.toFixed(2)}) at α = ${awareness}, ${known} ${
      known === 1 ? "task" : "tasks"
    }`
  );
  const crossings = ermSummary(results).crossings.map((first, n) =>
    `${first ?? "none"} for α = ${erm[n]!.awareness}`
  );
  return `Utility u(θ)/‖μ‖ on the ${
    poolPhrase(results)
  }. Lines: the evaluator keeps its sample private, and the ` +
    `developer, who knows a share α of the tasks (awareness), minimises its empirical risk on them ` +
    `(ERM), with 10–90 % of the draws: ${
      values.join("; ")
    }. Curve: deterministic transparency of k ` +
    `tasks, with its 10–90 % band. Circles: an evaluator without bias publishes as many tasks as are known; ` +
    `where they are at the lines, bias and not privacy makes the difference. Means of ${results.facts.n_draws} draws. The least k of the grid at which ` +
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
    ...erm.map(({ known, unbiased }) => ({
      ...{ setting: "transparency_unbiased", awareness: "" },
      ...{ k: known, known, utility: unbiased },
    })),
  ];
  return columnsOf<typeof rows[number]>(rows, {
    setting: [
      "transparency, erm, or transparency by an evaluator without bias",
      ({ setting }) => setting,
    ],
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
