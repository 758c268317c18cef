import { type ArraysOf, zeros } from "../artifact/kind.ts";
import { mechanisms as kind } from "../artifact/kinds.ts";
import { type Band, bandOf } from "../stats/band.ts";
import { row } from "../stats/matrix.ts";
import { developerOf, type Game, pathsOf } from "./game.ts";
import { type Holdout, type HoldoutRound, honestAlarm } from "./holdout.ts";
import { type Mechanism, mechanismLimit, playMechanism } from "./mechanism_rounds.ts";
import { roundLoss } from "./measures.ts";

/** What is compared. */
export interface MechanismOptions {
  /** Correction rate of the mechanisms that correct. */
  readonly rho: number;
  readonly k: number;
  /** Undefined: the mechanisms with a holdout are left out. */
  readonly holdout: Holdout | undefined;
  readonly gamma: number;
  /** Of the Monte Carlo games; 0: the mean-field limit stands for them, in one replicate. */
  readonly replicates: number;
  readonly seed: string;
}

/**
 * Compares what an evaluator can do (model section 9): nothing, correction, a noise-gated holdout, holdout and
 * correction, and transparency; each by Monte Carlo and in the mean-field limit. A developer that is not
 * told how fast to forget forgets at the correction rate, and so nothing where there is no correction.
 */
export async function compareMechanisms(
  game: Game,
  options: MechanismOptions,
): Promise<ArraysOf<typeof kind>> {
  const { pool, rounds: T } = game;
  const { rho, k, holdout, gamma, replicates } = options;
  const R = Math.max(1, replicates);
  const [free, corrected] = await Array.fromAsync(pathsOf(game, [0, rho]));
  if (free === undefined || corrected === undefined) throw new TypeError("Two rates, two paths");
  const of = (path: typeof free, gate: Mechanism["gate"]): Mechanism => ({
    ...{ path, gate, k },
    developer: developerOf(game, path.rho),
  });
  const compared: Readonly<Record<string, Mechanism>> = {
    none: of(free, "nothing"),
    correction: of(corrected, "nothing"),
    ...holdout && { holdout: of(free, holdout), both: of(corrected, holdout) },
    transparency: of(free, "transparency"),
  };
  const M = Object.keys(compared).length;
  const grid = zeros(kind, { M, T });
  for (const [m, mechanism] of Object.values(compared).entries()) {
    const [misalignment, variance] = [new Float64Array(T * R), new Float64Array(T * R)];
    const cost = new Float64Array(R);
    const limit = mechanismLimit(pool, mechanism);
    const visit = (r: number, t: number, round: HoldoutRound): void => {
      misalignment[t * R + r] = round.misalignment;
      variance[t * R + r] = round.variance;
      // The variance is that of the published score already.
      cost[r]! += roundLoss(round, 1, gamma);
      row(grid.alarm, m)[t]! += round.alarm / R;
    };
    if (replicates === 0) limit.forEach((round, t) => visit(0, t, round));
    else playMechanism(pool, mechanism, options, visit);
    store("misalignment", bandOf(misalignment, T, R), m);
    store("variance", bandOf(variance, T, R), m);
    const total = bandOf(cost, 1, R);
    for (const part of PARTS) grid[`cost_${part}`][m] = total[part][0]!;
    limit.forEach((round, t) => {
      row(grid.misalignment_mean_field, m)[t] = round.misalignment;
      row(grid.variance_mean_field, m)[t] = round.variance;
      grid.cost_mean_field[m]! += roundLoss(round, 1, gamma);
    });
  }
  const honest = holdout === undefined ? NaN : honestAlarm(pool, free, k, holdout);
  return { ...grid, mechanism: Object.keys(compared), honest_alarm: honest };

  function store(name: "misalignment" | "variance", band: Band, m: number): void {
    for (const part of PARTS) row(grid[`${name}_${part}`], m).set(band[part]);
  }
}

const PARTS = ["mean", "p10", "p90"] as const;
