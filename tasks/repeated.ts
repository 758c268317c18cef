import { z } from "zod";
import { lineageOf, readArtifact, writeArtifact } from "../lib/artifact/artifact.ts";
import { initialDistribution } from "../lib/game/evaluator.ts";
import { dot, makePool } from "../lib/game/pool.ts";
import { evaluatorPath, MEASURES, playRepeated } from "../lib/game/repeated.ts";
import type { NpyArray } from "../lib/npz/npy.ts";
import { readPool } from "../lib/pool/read_pool.ts";
import { defineTask } from "../lib/workflow/task.ts";

/**
 * Makes `k` (K), `rho` (2: the rate, and 0 for no correction), `t` (T), `measurement_bias` (2 × T),
 * and of each measure `_mean`, `_p10` and `_p90` (2 × K × T).
 */
export default defineTask({
  description: "Plays the repeated game for several k, with correction and without",
  params: z.object({
    ks: z.array(z.int().positive()).min(1),
    rho: z.number().min(0).max(1),
    bias_bandwidth: z.number().positive(),
    correction: z.enum(["gap_gaussian", "uniform"]),
    correction_bandwidth: z.number().nonnegative(),
    n_rounds: z.int().positive(),
    n_replicates: z.int().positive(),
    gamma: z.number().nonnegative(),
  }),
  inputs: { pool: { kind: "npz" } },
  outputs: { repeated: { kind: "npz" } },
  seeded: true,
  async run({ params, seed, inputs, outputs, provenance, progress }): Promise<void> {
    const file = await readArtifact(inputs.pool);
    const pool = makePool(readPool(file.arrays, file.file.name));
    const initial = initialDistribution(pool.z, params.bias_bandwidth);
    const correction = params.correction === "uniform"
      ? { kind: "uniform" } as const
      : { kind: "gap_gaussian", bandwidth: params.correction_bandwidth } as const;
    const rhos = [params.rho, 0];
    const [R, K, T] = [rhos.length, params.ks.length, params.n_rounds];
    const arrays: Record<string, NpyArray> = {
      k: { shape: [K], data: Int32Array.from(params.ks) },
      rho: { shape: [R], data: Float64Array.from(rhos) },
      t: { shape: [T], data: Int32Array.from({ length: T }, (_, t) => t) },
    };
    const bias = new Float64Array(R * T);
    const bands = new Map<string, Float64Array>();
    rhos.forEach((rho, a) => {
      const path = evaluatorPath(pool, initial, correction, rho, T);
      path.bias.forEach((g, t) => bias[a * T + t] = dot(g, pool.thetaBest));
      params.ks.forEach((k, b) => {
        // Without correction nothing is forgotten either: φ = ρ = 0.
        const played = playRepeated(pool, path, {
          k,
          forgetting: rho,
          gamma: params.gamma,
          replicates: params.n_replicates,
          seed,
        });
        for (const name of MEASURES) {
          for (const part of ["mean", "p10", "p90"] as const) {
            const all = bands.get(`${name}_${part}`) ?? new Float64Array(R * K * T);
            all.set(played[name][part], (a * K + b) * T);
            bands.set(`${name}_${part}`, all);
          }
        }
        progress((a * K + b + 1) / (R * K), `ρ = ${rho}, k = ${k}`);
      });
    });
    arrays["measurement_bias"] = { shape: [R, T], data: bias };
    for (const [name, data] of bands) arrays[name] = { shape: [R, K, T], data };
    const facts = {
      n_pool: pool.z.rows,
      n_skills: pool.z.cols,
      n_replicates: params.n_replicates,
      seed,
    };
    await writeArtifact(
      outputs.repeated,
      arrays,
      lineageOf({ params, provenance }, { pool: file }, facts),
    );
  },
});
