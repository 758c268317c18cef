import { z } from "zod";
import { lineageOf, writeArtifact } from "../lib/artifact/artifact.ts";
import { evaluatorPaths, totalVariation } from "../lib/game/evaluator_path.ts";
import { MEASURES, RoundMeasures } from "../lib/game/measures.ts";
import { repeatedBands } from "../lib/game/repeated_bands.ts";
import { nativeProduct } from "../lib/onnx/native_product.ts";
import type { NpyArray } from "../lib/artifact/npy.ts";
import { defineTask } from "../lib/runner/task.ts";
import { gameFacts, gameParams, readGame } from "./_game.ts";

/**
 * Makes `k` (K), `rho` (R), `t` (T), π_0 as `initial` (N), `measurement_bias` and `total_variation` (R × T),
 * and of each measure `_mean`, `_p10` and `_p90` (R × K × T).
 */
export default defineTask({
  description: "Plays the repeated game for several k and correction rates",
  params: z.object({
    ...gameParams,
    ks: z.array(z.int().positive()).min(1),
    rhos: z.array(z.number().min(0).max(1)).min(1),
    n_replicates: z.int().positive(),
  }),
  inputs: { pool: { kind: "npz" } },
  outputs: { repeated: { kind: "npz" } },
  seeded: true,
  native: true,
  async run({ params, seed, inputs, outputs, provenance, progress }): Promise<void> {
    const game = await readGame(inputs.pool, params);
    const { pool, initial, correction } = game;
    const { ks, rhos, n_rounds: T, n_replicates } = params;
    const [R, K] = [rhos.length, ks.length];
    const bias = new Float64Array(R * T);
    const variation = new Float64Array(R * T);
    const bands = new Map<string, Float64Array>();
    await using native = await nativeProduct();
    let r = 0;
    for await (const path of evaluatorPaths(pool, initial, correction, rhos, T, native.multiply)) {
      bias.set(new RoundMeasures(pool, path).measurementBias, r * T);
      variation.set(totalVariation(path), r * T);
      const forgetting = params.forgetting ?? path.rho;
      const how = { ks, forgetting, replicates: n_replicates, seed };
      repeatedBands(pool, path, how).forEach((played, b) => {
        for (const name of MEASURES) {
          for (const [part, data] of Object.entries(played[name])) {
            const all = bands.get(`${name}_${part}`) ?? new Float64Array(R * K * T);
            all.set(data, (r * K + b) * T);
            bands.set(`${name}_${part}`, all);
          }
        }
      });
      progress(++r / R, `ρ = ${path.rho}`);
    }
    const arrays: Record<string, NpyArray> = {
      k: { shape: [K], data: Int32Array.from(ks) },
      rho: { shape: [R], data: Float64Array.from(rhos) },
      t: { shape: [T], data: Int32Array.from({ length: T }, (_, t) => t) },
      initial: { shape: [initial.length], data: initial },
      measurement_bias: { shape: [R, T], data: bias },
      total_variation: { shape: [R, T], data: variation },
    };
    for (const [name, data] of bands) arrays[name] = { shape: [R, K, T], data };
    const facts = { ...gameFacts(game, seed), n_replicates };
    await writeArtifact(
      outputs.repeated,
      arrays,
      lineageOf({ params, provenance }, { pool: game.file }, facts),
    );
  },
});
