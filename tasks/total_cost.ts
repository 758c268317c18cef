import { z } from "zod";
import { lineageOf, writeArtifact } from "../lib/artifact/artifact.ts";
import { COST_GRID_SHAPES, costGrid, MAY_BE_MISSING } from "../lib/game/cost_grid.ts";
import { logSpaced, logSpacedIntegers } from "../lib/game/grids.ts";
import type { NpyArray } from "../lib/artifact/npy.ts";
import { nativeProduct } from "../lib/onnx/native_product.ts";
import { defineTask } from "../lib/runner/task.ts";
import { gameFacts, gameParams, readGame } from "./_game.ts";

/**
 * Makes `rho` (R), `k` (K), `k_mean_field` (L, real numbers), and the arrays of
 * {@linkcode COST_GRID_SHAPES}.
 */
export default defineTask({
  description: "Total cost of the repeated game over correction rates and sample sizes",
  params: z.object({
    ...gameParams,
    gamma: z.number().nonnegative(),
    rhos: z.union([
      z.array(z.number().positive().max(1)).min(1),
      z.object({
        min: z.number().positive().max(1),
        max: z.number().positive().max(1),
        n: z.int().min(2),
      }),
    ]),
    n_ks: z.int().min(2),
    n_ks_mean_field: z.int().min(2).nullable(),
    n_replicates: z.int().min(2), // two: for the standard error
    n_bootstrap: z.int().positive(),
  }),
  inputs: { pool: { kind: "npz" } },
  outputs: { total_cost: { kind: "npz" } },
  seeded: true,
  native: true,
  async run({ params, seed, inputs, outputs, provenance, progress, log }): Promise<void> {
    const game = await readGame(inputs.pool, params);
    const N = game.pool.z.rows;
    const rhos = Array.isArray(params.rhos)
      ? Float64Array.from(params.rhos)
      : logSpaced(params.rhos.min, params.rhos.max, params.rhos.n);
    const ks = logSpacedIntegers(1, N, Math.min(params.n_ks, N));
    const ksMeanField = params.n_ks_mean_field === null
      ? Float64Array.from(ks)
      : logSpaced(1, N, params.n_ks_mean_field);
    await using native = await nativeProduct();
    const grid = await costGrid(
      game.pool,
      game.initial,
      {
        ...{ rhos, ks, ksMeanField, seed, correction: game.correction, gamma: params.gamma },
        rounds: params.n_rounds,
        forgetting: params.forgetting,
        replicates: params.n_replicates,
        bootstrap: params.n_bootstrap,
      },
      native.multiply,
      (done, rho) => progress(done / rhos.length, `ρ = ${rho.toPrecision(2)}`),
    );
    log(`closed forms: σ² = ${grid.variance[0]}, c = ${grid.exploitation[0]}`);
    const sizes = { R: rhos.length, K: ks.length, L: ksMeanField.length, 1: 1 };
    const arrays: Record<string, NpyArray> = {
      rho: { shape: [rhos.length], data: rhos },
      k: { shape: [ks.length], data: ks },
      k_mean_field: { shape: [ksMeanField.length], data: ksMeanField },
    };
    for (const [name, axes] of Object.entries(COST_GRID_SHAPES)) {
      const shape = Array.from(axes, (axis) => sizes[axis as keyof typeof sizes]);
      const data = grid[name as keyof typeof grid];
      arrays[name] = { shape, data, ...(MAY_BE_MISSING.has(name) && { mayBeMissing: true }) };
    }
    const facts = {
      ...gameFacts(game, seed),
      n_replicates: params.n_replicates,
      n_rounds: params.n_rounds,
      gamma: params.gamma,
    };
    const lineage = lineageOf({ params, provenance }, { pool: game.file }, facts);
    await writeArtifact(outputs.total_cost, arrays, lineage);
  },
});
