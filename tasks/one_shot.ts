import { z } from "zod";
import { lineageOf, readArtifact, writeArtifact } from "../lib/artifact/artifact.ts";
import { linearlySpaced, logSpaced, logSpacedIntegers } from "../lib/game/grids.ts";
import { initialDistribution } from "../lib/game/initial_distribution.ts";
import { developerWeights, empiricalRisk, knownTasks, transparency } from "../lib/game/one_shot.ts";
import { makePool } from "../lib/game/pool.ts";
import type { NpyArray } from "../lib/artifact/npy.ts";
import { type Band, bandOf, meanWithError } from "../lib/stats/band.ts";
import { type Matrix, matrix, transpose } from "../lib/stats/matrix.ts";
import { readPool } from "../lib/pool/read_pool.ts";
import { defineTask } from "../lib/runner/task.ts";

/**
 * Makes, over draws, `_mean`, `_p10` and `_p90` of `published_score` and `transparency` (utility) over
 * `k` (K), `gap_change` with its standard error `gap_change_se` (K: of published score less utility, from
 * the k before), of `erm` over `awareness` (A), and the means `asymmetry_erm` over `alpha` × `beta` (rows α)
 * with `asymmetry_transparency` at `asymmetry_k`. Utilities are shares u(θ)/‖μ‖ of the best.
 */
export default defineTask({
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
  inputs: { pool: { kind: "npz" } },
  outputs: { one_shot: { kind: "npz" } },
  seeded: true,
  async run({ params, seed, inputs, outputs, provenance, progress }): Promise<void> {
    const file = await readArtifact(inputs.pool);
    const pool = makePool(readPool(file.arrays, file.file.name));
    const N = pool.z.rows;
    const how = (name: string): { draws: number; seed: string } => ({
      draws: params.n_draws,
      seed: `${seed} ${name}`,
    });
    const initial = initialDistribution(pool.z, params.bias_bandwidth);
    const ks = logSpacedIntegers(1, N, Math.min(params.n_ks, N));
    const { publishedScore, utility } = transparency(pool, initial, ks, how("transparency"));
    // The published sets of a draw are nested, so that a change from one k to the next is sharp.
    const gap = publishedScore.data.map((score, n) => score / pool.muNorm - utility.data[n]!);
    const change = matrix(ks.length, params.n_draws);
    for (let b = 1; b < ks.length; b++) {
      for (let r = 0; r < params.n_draws; r++) {
        const at = r * ks.length + b;
        change.data[b * params.n_draws + r] = gap[at]! - gap[at - 1]!;
      }
    }
    const gapChange = meanWithError(change);
    const even = new Float64Array(N).fill(1 / N);
    const erm = empiricalRisk(pool, even, params.awareness, how("erm"));
    progress(0.2, "transparency and ERM");

    const { k, bandwidth, min_alpha, n_alphas, n_betas } = params.asymmetry;
    const alphas = logSpaced(min_alpha, 1, n_alphas);
    const betas = linearlySpaced(0, 1, n_betas);
    const published = Math.min(k, N);
    const asymmetryErm = new Float64Array(n_alphas * n_betas);
    betas.forEach((beta, b) => {
      const weights = developerWeights(pool.z, bandwidth, beta);
      const { mean } = overDraws(empiricalRisk(pool, weights, alphas, how("asymmetry")));
      mean.forEach((value, a) => asymmetryErm[a * n_betas + b] = value);
      progress(0.2 + (0.8 * (b + 1)) / n_betas, `β = ${beta.toFixed(2)}`);
    });
    const asymmetryTransparency = overDraws(
      transparency(pool, initial, [published], how("transparency")).utility,
    ).mean;

    const vector = (data: Float64Array | Int32Array): NpyArray => ({ shape: [data.length], data });
    const bands = { published_score: publishedScore, transparency: utility, erm };
    await writeArtifact(
      outputs.one_shot,
      {
        k: vector(ks),
        awareness: vector(Float64Array.from(params.awareness)),
        n_known: vector(Int32Array.from(params.awareness, (alpha) => knownTasks(alpha, N))),
        ...Object.fromEntries(
          Object.entries(bands).flatMap(([name, draws]) =>
            Object.entries(overDraws(draws)).map((
              [part, data],
            ) => [`${name}_${part}`, vector(data)])
          ),
        ),
        gap_change: vector(gapChange.mean),
        gap_change_se: vector(gapChange.error),
        alpha: vector(alphas),
        beta: vector(betas),
        asymmetry_k: vector(Int32Array.of(published)),
        asymmetry_erm: { shape: [n_alphas, n_betas], data: asymmetryErm },
        asymmetry_transparency: vector(asymmetryTransparency),
      },
      lineageOf({ params, provenance }, { pool: file }, {
        n_pool: N,
        n_skills: pool.z.cols,
        best_utility: pool.muNorm,
        n_draws: params.n_draws,
        bias_bandwidth: params.bias_bandwidth,
        asymmetry_bandwidth: bandwidth,
        seed,
      }),
    );
  },
});

/** The band of each column over draws. */
function overDraws(draws: Matrix): Band {
  return bandOf(transpose(draws).data, draws.cols, draws.rows);
}
