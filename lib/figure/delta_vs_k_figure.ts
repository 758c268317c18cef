import type { Results } from "../artifact/artifact.ts";
import type { repeated } from "../artifact/kinds.ts";
import { bandIn } from "../artifact/kind.ts";
import { curves } from "../game/summaries/curves.ts";
import { poolHeading, poolPhrase } from "../game/summaries/pool_phrase.ts";
import { plotDeltaVsK } from "./delta_vs_k_plot.ts";
import { figure } from "./figure.ts";
import { bandColumns, type BandPoint, bandPoint } from "./kit/band_point.ts";
import { type Column, columnsOf } from "./kit/csv.ts";
import { ROUNDING, signed } from "./kit/format.ts";

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
export const deltaVsKFigure = figure<Results<typeof repeated>, DeltaRow[]>({
  title: () => "Strategic misalignment over rounds",
  rows: (series) => {
    const { arrays, dims: { T } } = series;
    const misalignment = bandIn(arrays, "misalignment");
    const gap = bandIn(arrays, "exploitation_gap");
    const regret = bandIn(arrays, "regret");
    return curves(series).flatMap(({ rho, rhoIndex, k }, game) =>
      Array.from(arrays.t, (t, n) => ({
        rho,
        k,
        t,
        misalignment: bandPoint(misalignment, game * T + n),
        exploitation_gap: bandPoint(gap, game * T + n),
        regret: bandPoint(regret, game * T + n),
        measurementBias: arrays.measurement_bias.data[rhoIndex * T + n]!,
      }))
    );
  },
  plot: (rows, page, series) => plotDeltaVsK(rows, page, poolHeading(series)),
  caption,
  columns,
});

function caption(_rows: readonly DeltaRow[], series: Results<typeof repeated>): string {
  const { arrays, dims: { T }, facts } = series;
  const games = curves(series);
  const corrected = Math.max(...arrays.rho);
  const peaks = games.filter(({ rho }) => rho === corrected).map(({ k, peak, peakRound }) =>
    peak < ROUNDING ? `none for k = ${k}` : `${signed(peak, 3)} in round ${peakRound} for k = ${k}`
  );
  const ends = games.filter(({ rho }) => rho === 0).map(({ k, end }) =>
    `${signed(end, 3)} for k = ${k}`
  );
  const said = games.every(({ peak }) => peak < ROUNDING) ? " There is none in any round." : [
    corrected > 0
      ? ` With correction at rate ρ = ${corrected} it peaks at ${peaks.join(", ")}.`
      : "",
    ends.length > 0 ? ` Without correction it ends at ${ends.join(", ")}.` : "",
  ].join("");
  return `Strategic misalignment Δ_t = g_t·(θ_t − θ°) over ${T} rounds on the ${
    poolPhrase(series)
  }, k tasks a round drawn with replacement; means and 10–90 % bands of ${facts.n_replicates} ` +
    `replicates.${said}`;
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
