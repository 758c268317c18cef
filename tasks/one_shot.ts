import { z } from "zod";
import * as kinds from "../lib/artifact/kinds.ts";
import { initialDistribution } from "../lib/game/initial_distribution.ts";
import { oneShotGame } from "../lib/game/one_shot_game.ts";
import { makePool } from "../lib/game/pool.ts";
import { readPool } from "../lib/pool/read_pool.ts";
import { artifactTask } from "./_artifact_task.ts";

export default artifactTask({
  description: "Plays the one-shot game: transparency, and a private sample by awareness",
  params: z.object({
    bias_bandwidth: z.number().positive(),
    n_draws: z.int().min(2), // two: for the standard error
    n_ks: z.int().min(2),
    awareness: z.array(z.number().positive().max(1)).min(1),
    asymmetry: z.object({
      k: z.int().positive(),
      bandwidth: z.number().positive(),
      min_alpha: z.number().positive().lt(1),
      n_alphas: z.int().min(2),
      n_betas: z.int().min(2),
    }),
  }),
  inputs: { pool: kinds.pool },
  output: ["one_shot", kinds.oneShot],
  seeded: true,
  make: ({ params, seed, inputs, progress }) => {
    const { bias_bandwidth, n_draws, awareness, asymmetry } = params;
    const pool = makePool(readPool(inputs.pool.arrays.z, inputs.pool.file.name));
    const arrays = oneShotGame(pool, initialDistribution(pool.z, bias_bandwidth), {
      ...{ draws: n_draws, nKs: params.n_ks, awareness, seed },
      asymmetry: {
        ...asymmetry,
        minAlpha: asymmetry.min_alpha,
        nAlphas: asymmetry.n_alphas,
        nBetas: asymmetry.n_betas,
      },
    }, progress);
    return {
      arrays,
      facts: {
        n_pool: pool.z.rows,
        n_skills: pool.z.cols,
        best_utility: pool.muNorm,
        n_draws,
        bias_bandwidth,
        asymmetry_bandwidth: asymmetry.bandwidth,
        seed,
      },
    };
  },
});
