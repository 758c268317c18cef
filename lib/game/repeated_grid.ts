import { type ArraysOf, zeros } from "../artifact/kind.ts";
import { repeated } from "../artifact/kinds.ts";
import { row } from "../stats/matrix.ts";
import { productBound } from "./bounds.ts";
import { totalVariation } from "./evaluator_path.ts";
import { developerOf, type Game, pathsOf } from "./game.ts";
import { playMeanField } from "./mean_field.ts";
import { RoundMeasures } from "./measures.ts";
import { type MeasureBands, repeatedBands } from "./repeated_bands.ts";

const PARTS = ["mean", "p10", "p90"] as const;

/** What is played. */
export interface RepeatedGridOptions {
  /** K sample sizes and R correction rates: a game for each pair. */
  readonly ks: readonly number[];
  readonly rhos: readonly number[];
  /** 0: the mean-field limit stands for Monte Carlo. */
  readonly replicates: number;
  /** Names the random streams. */
  readonly seed: string;
}

/**
 * Plays the repeated game for several sample sizes k and correction rates ρ (model section 6.2).
 *
 * @param progress Called after each ρ with the number of rates done.
 */
export async function repeatedGrid(
  game: Game,
  { ks, rhos, replicates, seed }: RepeatedGridOptions,
  progress: (done: number, rho: number) => void = () => {},
): Promise<ArraysOf<typeof repeated>> {
  const [K, R, T, N] = [ks.length, rhos.length, game.rounds, game.initial.length];
  const grid = zeros(repeated, { K, R, T, N });
  grid.k.set(ks);
  grid.rho.set(rhos);
  grid.t.forEach((_, t) => grid.t[t] = t);
  grid.initial.set(game.initial);
  let rhoIndex = 0;
  for await (const path of pathsOf(game, rhos)) {
    row(grid.measurement_bias, rhoIndex).set(new RoundMeasures(game.pool, path).measurementBias);
    row(grid.total_variation, rhoIndex).set(totalVariation(path));
    const developer = developerOf(game, path.rho);
    playMeanField(game.pool, path, { ks, ...developer }, (t, kIndex, measures) => {
      const at = (rhoIndex * K + kIndex) * T + t;
      grid.misalignment_mean_field[at] = measures.misalignment;
      for (const part of replicates === 0 ? PARTS : []) {
        grid[`misalignment_${part}`][at] = measures.misalignment;
        grid[`exploitation_gap_${part}`][at] = measures.exploitationGap;
        grid[`regret_${part}`][at] = measures.regret;
        grid[`variance_${part}`][at] = measures.variance;
      }
    });
    const options = { ks, ...developer, replicates, seed };
    const played = replicates === 0 ? [] : repeatedBands(game.pool, path, options);
    ks.forEach((k, kIndex) => {
      const at = (rhoIndex * K + kIndex) * T;
      grid.product_bound.set(productBound(game.pool, path, { k, ...developer }), at);
    });
    played.forEach((bands, kIndex) => {
      store(bands, (rhoIndex * K + kIndex) * T);
    });
    progress(++rhoIndex, path.rho);
  }
  return grid;

  function store(bands: MeasureBands, at: number): void {
    for (const part of PARTS) {
      grid[`misalignment_${part}`].set(bands.misalignment[part], at);
      grid[`exploitation_gap_${part}`].set(bands.exploitationGap[part], at);
      grid[`regret_${part}`].set(bands.regret[part], at);
      grid[`variance_${part}`].set(bands.variance[part], at);
    }
  }
}
