import { z } from "zod";
import * as kinds from "../lib/artifact/kinds.ts";
import { repeatedGrid } from "../lib/game/repeated_grid.ts";
import { gameFacts, gameTask } from "./_game_task.ts";

export default gameTask({
  description: "Plays the repeated game for several k and correction rates",
  params: {
    ks: z.array(z.int().positive()).min(1),
    rhos: z.array(z.number().min(0).max(1)).min(1),
    n_replicates: z.int().positive(),
  },
  output: ["repeated", kinds.repeated],
  play: async (game, { ks, rhos, n_replicates }, { seed, progress }) => ({
    arrays: await repeatedGrid(
      game,
      { ks, rhos, replicates: n_replicates, seed },
      (done, rho) => progress(done / rhos.length, `ρ = ${rho}`),
    ),
    facts: { ...gameFacts(game, seed), n_replicates },
  }),
});
