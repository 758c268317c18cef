import { plotDeltaVsK } from "./delta_vs_k_plot.ts";
import { figure } from "./figure.ts";
import { bandColumns, type BandPoint } from "./kit/band_point.ts";
import { type Column, columnsOf } from "./kit/csv.ts";
import type { RepeatedSeries } from "./repeated_series.ts";
import { seriesBand } from "./series_band.ts";

/** What the CSV holds as bands. */
const MEASURES = {
  misalignment: "strategic misalignment Δ_t = g_t·(θ_t − θ°)",
  exploitation_gap: "exploitation gap g_t·θ_t",
  regret: "regret R_t = μ·(θ° − θ_t)",
} as const;

/** A round of the game, in units of the score. */
export interface DeltaRow extends Readonly<Record<keyof typeof MEASURES, BandPoint>> {
  /** Correction rate; 0: without correction. */
  readonly rho: number;
  readonly k: number;
  readonly t: number;
  readonly measurementBias: number;
}

/** Strategic misalignment over the rounds, for several k: a panel with correction and one without. */
export const deltaVsKFigure = figure<RepeatedSeries, DeltaRow[]>({
  title: () => "Strategic misalignment over rounds",
  rows: (series) =>
    Array.from(
      series.rho,
      (rho, r) =>
        Array.from(series.k, (k, a) =>
          Array.from(series.t, (t, n) => ({
            rho,
            k,
            t,
            misalignment: seriesBand(series, "misalignment", r, a, n),
            exploitation_gap: seriesBand(series, "exploitation_gap", r, a, n),
            regret: seriesBand(series, "regret", r, a, n),
            measurementBias: series.values["measurement_bias"]?.[r * series.t.length + n] ?? NaN,
          }))),
    ).flat(2),
  plot: plotDeltaVsK,
  caption,
  columns,
});

function caption(
  rows: readonly DeltaRow[],
  { k, rho, replicates, pool, t }: RepeatedSeries,
): string {
  const curve = (ofRho: number, ofK: number): number[] =>
    rows.filter(({ rho, k }) => rho === ofRho && k === ofK).map(({ misalignment }) =>
      misalignment.mean
    );
  const corrected = Math.max(...Array.from(rho));
  const peaks = Array.from(k, (k) => {
    const means = curve(corrected, k);
    const peak = Math.max(...means);
    return `${peak.toFixed(3)} in round ${means.indexOf(peak)} for k = ${k}`;
  });
  const ends = Array.from(
    k,
    (k) => `${curve(rho[rho.length - 1]!, k).at(-1)!.toFixed(3)} for k = ${k}`,
  );
  return `Strategic misalignment Δ_t = g_t·(θ_t − θ°) over ${t.length} rounds on the ${pool}, k tasks a ` +
    `round drawn with replacement; means and 10–90 % bands of ${replicates} replicates. With ` +
    `correction at rate ρ = ${corrected} it peaks at ${
      peaks.join(", ")
    }. Without correction it ends ` +
    `at ${ends.join(", ")}.`;
}

function columns(rows: readonly DeltaRow[]): Column[] {
  const bands = Object.entries(MEASURES).map(([name, meaning]) =>
    bandColumns<DeltaRow>(
      name,
      (part) => `${meaning}, ${part} over replicates (in units of the score, 0 … 1)`,
      (row) => row[name as keyof typeof MEASURES],
    )
  );
  return columnsOf<DeltaRow>(rows, {
    rho: ["correction rate; 0: without correction", ({ rho }) => rho],
    k: ["tasks scored a round", ({ k }) => k],
    t: ["round, from 0", ({ t }) => t],
    ...Object.assign({}, ...bands),
    measurement_bias: [
      "measurement bias g_t·θ° (in units of the score)",
      ({ measurementBias }) => measurementBias,
    ],
  });
}
