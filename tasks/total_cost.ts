import { z } from "zod";
import * as kinds from "../lib/artifact/kinds.ts";
import { costGrid } from "../lib/game/cost_grid.ts";
import { logSpaced, logSpacedIntegers } from "../lib/game/grids.ts";
import { gameFacts, gameTask } from "./_game_task.ts";

const rate = z.number().positive().max(1);

export default gameTask({
  description: "Total cost of the repeated game over correction rates and sample sizes",
  params: {
    gamma: z.number().nonnegative(),
    rhos: z.union([
      z.array(rate).min(1),
      z.object({ min: rate, max: rate, n: z.int().min(2) }),
    ]),
    n_ks: z.int().min(2),
    n_ks_mean_field: z.int().min(2).nullable(),
    n_replicates: z.int().min(2), // two: for the standard error
    n_bootstrap: z.int().positive(),
  },
  output: ["total_cost", kinds.totalCost],
  play: async (game, params, { seed, progress, log }) => {
    const { gamma, n_replicates, n_rounds } = params;
    const N = game.pool.z.rows;
    const rhos = Array.isArray(params.rhos)
      ? Float64Array.from(params.rhos)
      : logSpaced(params.rhos.min, params.rhos.max, params.rhos.n);
    const ks = logSpacedIntegers(1, N, Math.min(params.n_ks, N));
    const ksMeanField = params.n_ks_mean_field === null
      ? Float64Array.from(ks)
      : logSpaced(1, N, params.n_ks_mean_field);
    const arrays = await costGrid(
      game,
      {
        ...{ rhos, ks, ksMeanField, gamma, seed },
        ...{ replicates: n_replicates, bootstrap: params.n_bootstrap },
      },
      (done, rho) => progress(done / rhos.length, `ρ = ${rho.toPrecision(2)}`),
    );
    log(`closed forms: σ² = ${arrays.variance}, c = ${arrays.exploitation}`);
    return { arrays, facts: { ...gameFacts(game, seed), n_replicates, n_rounds, gamma } };
  },
});
