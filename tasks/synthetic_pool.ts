import { z } from "zod";
import { lineageOf, writeArtifact } from "../lib/artifact/artifact.ts";
import { syntheticPool } from "../lib/pool/synthetic_pool.ts";
import { defineTask } from "../lib/runner/task.ts";

/** Makes `z` (N × d), `layer` (N: skills of the task) and `axis_mass` (d). */
export default defineTask({
  description: "Draws the synthetic stratified task pool",
  params: z.object({ d: z.int().positive(), n_per_layer: z.int().positive() }),
  inputs: {},
  outputs: { pool: { kind: "npz" } },
  seeded: true,
  async run({ params, seed, outputs, provenance }): Promise<void> {
    const { z, layer, axisMass } = await syntheticPool(params.d, params.n_per_layer, seed);
    await writeArtifact(
      outputs.pool,
      {
        z: { shape: [z.rows, z.cols], data: z.data },
        layer: { shape: [z.rows], data: layer },
        axis_mass: { shape: [z.cols], data: axisMass },
      },
      lineageOf({ params, provenance }, {}, {
        pool: "synthetic",
        n_pool: z.rows,
        n_skills: z.cols,
        seed,
      }),
    );
  },
});
