import { z } from "zod";
import * as kinds from "../lib/artifact/kinds.ts";
import { syntheticPool } from "../lib/pool/synthetic_pool.ts";
import { artifactTask } from "./_artifact_task.ts";

export default artifactTask({
  description: "Draws the synthetic stratified task pool",
  params: z.object({ d: z.int().positive(), n_per_layer: z.int().positive() }),
  inputs: {},
  output: ["pool", kinds.syntheticPool],
  seeded: true,
  make: async ({ params, seed }) => {
    const { z, layer, axisMass } = await syntheticPool(params.d, params.n_per_layer, seed);
    return {
      arrays: { z, layer, axis_mass: axisMass },
      facts: { pool: "synthetic" as const, n_pool: z.rows, n_skills: z.cols, seed },
    };
  },
});
