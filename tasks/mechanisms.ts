import { z } from "zod";
import * as kinds from "../lib/artifact/kinds.ts";
import { compareMechanisms } from "../lib/game/mechanisms.ts";
import { gameFacts, gameTask } from "./_game_task.ts";

export default gameTask({
  description: "Plays the game without a remedy, with correction, with a holdout, and openly",
  params: {
    gamma: z.number().nonnegative(),
    k: z.int().positive(),
    rho: z.number().positive().max(1),
    n_0: z.int().positive().nullable(), // null: no holdout
    epsilon: z.number().positive(),
    eta: z.number().nonnegative(),
    n_replicates: z.int().min(2),
  },
  output: ["mechanisms", kinds.mechanisms],
  play: async (game, { n_replicates, n_0, epsilon, eta, ...rest }, { seed }) => ({
    arrays: await compareMechanisms(game, {
      ...{ k: rest.k, rho: rest.rho, gamma: rest.gamma, replicates: n_replicates, seed },
      holdout: n_0 === null ? undefined : { n0: n_0, epsilon, eta },
    }),
    facts: {
      ...{ ...gameFacts(game, seed), n_replicates, n_0, epsilon, eta },
      ...{ k: rest.k, rho: rest.rho, gamma: rest.gamma },
    },
  }),
});
