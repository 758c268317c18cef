import type { Results } from "../artifact/artifact.ts";
import type { mechanisms } from "../artifact/kinds.ts";
import { bandIn } from "../artifact/kind.ts";
import { poolHeading, poolPhrase } from "../game/summaries/pool_phrase.ts";
import { figure } from "./figure.ts";
import { bandColumns, type BandPoint, bandPoint } from "./kit/band_point.ts";
import { type Column, columnsOf } from "./kit/csv.ts";
import { signed, significant } from "./kit/format.ts";
import { MECHANISM_NAMES, plotHoldout } from "./holdout_plot.ts";

/** A round of a mechanism. */
export interface HoldoutRow {
  readonly mechanism: string;
  readonly t: number;
  /** Δ_t, and the variance of the published score, in units of the score and its square. */
  readonly misalignment: BandPoint;
  readonly variance: BandPoint;
  /** Probability of an alarm. */
  readonly alarm: number;
  readonly misalignmentMeanField: number;
  readonly varianceMeanField: number;
  /** Of all rounds together. */
  readonly cost: BandPoint;
  /** The part of its mean that is variance. */
  readonly varianceCost: number;
}

/** A noise-gated holdout beside correction and transparency: misalignment, variance and total cost. */
export const holdoutFigure = figure<Results<typeof mechanisms>, HoldoutRow[]>({
  title: () => "A noise-gated holdout",
  rows: ({ arrays, dims: { T } }) => {
    const flat = (name: "misalignment" | "variance", n: number): BandPoint => ({
      mean: arrays[`${name}_mean`].data[n]!,
      p10: arrays[`${name}_p10`].data[n]!,
      p90: arrays[`${name}_p90`].data[n]!,
    });
    return arrays.mechanism.flatMap((mechanism, m) => {
      const variances = arrays.variance_mean.data.subarray(m * T, (m + 1) * T);
      const varianceCost = variances.reduce((sum, x) => sum + x, 0);
      return Array.from(variances, (_, t): HoldoutRow => ({
        ...{ mechanism, t, varianceCost, cost: bandPoint(bandIn(arrays, "cost"), m) },
        misalignment: flat("misalignment", m * T + t),
        variance: flat("variance", m * T + t),
        alarm: arrays.alarm.data[m * T + t]!,
        misalignmentMeanField: arrays.misalignment_mean_field.data[m * T + t]!,
        varianceMeanField: arrays.variance_mean_field.data[m * T + t]!,
      }));
    });
  },
  plot: (rows, page, results) => plotHoldout(rows, page, poolHeading(results)),
  caption,
  columns,
});

function caption(rows: readonly HoldoutRow[], results: Results<typeof mechanisms>): string {
  const { arrays, dims: { T }, facts: { k, rho, gamma, n_0, epsilon, eta, n_replicates } } =
    results;
  const last = rows.filter(({ t }) => t === T - 1).map(({ mechanism, misalignment, cost }) =>
    `${MECHANISM_NAMES[mechanism]} ${signed(misalignment.mean, 3)} and ${significant(cost.mean)}`
  );
  const gate = n_0 === null
    ? ""
    : ` The holdout publishes ${n_0} tasks first; then the developer sees the scored ` +
      `tasks only at an alarm (noise ε = ${epsilon}, threshold η = ${eta}), which a developer that does not game ` +
      `sets off with probability ${significant(arrays.honest_alarm)} in the first round.`;
  return `What the evaluator can do, over ${T} rounds of k = ${k} tasks on the ${
    poolPhrase(results)
  }: ` +
    `strategic misalignment Δ_t, the variance of the published score, and the total cost Σ_t (variance + γ Δ_t), ` +
    `γ = ${gamma}, of which the variance's part is light. Means and 10–90 % bands of ${n_replicates} replicates; ` +
    `correction at rate ρ = ${rho}.${gate} Misalignment in the last round and total cost: ${
      last.join("; ")
    }.`;
}

function columns(rows: readonly HoldoutRow[]): Column[] {
  const band = (name: "misalignment" | "variance" | "cost", meaning: string) =>
    bandColumns<HoldoutRow>(
      name,
      (part) => `${meaning}, ${part} over replicates`,
      (row) => row[name],
    );
  return columnsOf(rows, {
    mechanism: ["none, correction, holdout, both or transparency", ({ mechanism }) => mechanism],
    t: ["round, from 0", ({ t }) => t],
    ...band("misalignment", "strategic misalignment Δ_t (in units of the score, 0 … 1)"),
    ...band("variance", "variance of the published score (in its units squared)"),
    alarm: ["mean probability that the developer sees the scored tasks", ({ alarm }) => alarm],
    misalignment_mean_field: ["Δ_t in the mean-field limit", (row) => row.misalignmentMeanField],
    variance_mean_field: ["the variance in that limit", (row) => row.varianceMeanField],
    ...band("cost", "total cost of all rounds, the same in each"),
    cost_of_variance: ["part of the mean cost that is variance", (row) => row.varianceCost],
  });
}
