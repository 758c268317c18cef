import type { ArraysOf, Contents, DimsOf } from "../artifact/kind.ts";
import * as kinds from "../artifact/kinds.ts";
import type { Claim } from "../claims/claim.ts";
import { costClaims } from "../claims/cost_claims.ts";
import { holdoutClaims } from "../claims/holdout_claims.ts";
import { ermClaims, transparencyClaims } from "../claims/one_shot_claims.ts";
import { boundClaims, deltaClaims } from "../claims/repeated_claims.ts";
import { costGrid } from "../game/cost_grid.ts";
import type { Game } from "../game/game.ts";
import { logSpaced, logSpacedIntegers } from "../game/grids.ts";
import type { Holdout } from "../game/holdout.ts";
import { compareMechanisms } from "../game/mechanisms.ts";
import { oneShotCurves } from "../game/one_shot_game.ts";
import { repeatedGrid } from "../game/repeated_grid.ts";

/** Where claims are judged: as in the workflow, the map of ρ and k on a coarser grid. */
export interface ClaimGrids {
  readonly delta: { readonly ks: readonly number[]; readonly rhos: readonly number[] };
  readonly validation: { readonly ks: readonly number[]; readonly rhos: readonly number[] };
  readonly map: {
    readonly rhos: { readonly min: number; readonly max: number; readonly n: number };
    readonly nKs: number;
  };
  readonly oneShot: { readonly nKs: number; readonly awareness: readonly number[] };
  readonly holdout: {
    readonly k: number;
    readonly rho: number;
    readonly gate: Holdout | undefined;
  };
}

const rhosOf = ({ map: { rhos: { min, max, n } } }: ClaimGrids): Float64Array =>
  logSpaced(min, max, n);

/** The correction rates of all of them. */
export function ratesOf(grids: ClaimGrids): number[] {
  const { delta, validation, holdout } = grids;
  return [...delta.rhos, ...validation.rhos, ...rhosOf(grids), 0, holdout.rho];
}

/**
 * The claims about a pool, with the mean-field limit in place of Monte Carlo; without those that hold the one
 * against the other.
 */
export async function limitClaims(
  game: Game,
  grids: ClaimGrids,
  { gamma, draws, seed }: {
    readonly gamma: number;
    readonly draws: number;
    readonly seed: string;
  },
): Promise<Claim[]> {
  const { delta, validation, map, oneShot, holdout } = grids;
  const { pool, initial, rounds: T } = game;
  const { rows: N, cols: n_skills } = pool.z;
  const limit = { replicates: 0, seed };
  const repeated = async ({ ks, rhos }: ClaimGrids["delta"]): Promise<Repeated> => ({
    arrays: await repeatedGrid(game, { ks, rhos, ...limit }),
    dims: { K: ks.length, R: rhos.length, T, N },
    facts: { n_skills } as Contents<typeof kinds.repeated>["facts"],
  });
  const ks = logSpacedIntegers(1, N, Math.min(map.nKs, N));
  const cost = await costGrid(game, {
    ...{ rhos: rhosOf(grids), ks, ksMeanField: Float64Array.from(ks), gamma, bootstrap: 1 },
    ...limit,
  });
  const { k, rho, gate } = holdout;
  const mechanisms = await compareMechanisms(game, { k, rho, gamma, holdout: gate, ...limit });
  const open = {
    arrays: oneShotCurves(pool, initial, { draws, seed, ...oneShot }) as ArraysOf<
      typeof kinds.oneShot
    >,
    facts: { best_utility: pool.muNorm, n_skills } as Contents<typeof kinds.oneShot>["facts"],
  };
  const { n0: n_0 = null, epsilon = NaN, eta = NaN } = gate ?? {};
  const facts = { n_0, epsilon, eta, n_skills } as Contents<typeof kinds.mechanisms>["facts"];
  return [
    ...transparencyClaims(open),
    ...ermClaims(open),
    ...deltaClaims(await repeated(delta)),
    ...costClaims({
      arrays: cost,
      facts: { n_skills } as Contents<typeof kinds.totalCost>["facts"],
    }),
    ...boundClaims(await repeated(validation)),
    ...holdoutClaims({ arrays: mechanisms, facts }),
  ].filter(({ source }) => !source.startsWith("mean field"));
}

interface Repeated {
  readonly arrays: ArraysOf<typeof kinds.repeated>;
  readonly dims: DimsOf<typeof kinds.repeated>;
  readonly facts: Contents<typeof kinds.repeated>["facts"];
}
