import { z } from "zod";
import { lineageOf, writeArtifact } from "../lib/artifact/artifact.ts";
import { closedFormConstants, finiteHorizonForm, textbookForm } from "../lib/game/closed_form.ts";
import { evaluatorPaths } from "../lib/game/evaluator_path.ts";
import { logSpaced, logSpacedIntegers } from "../lib/game/grids.ts";
import { leastCost, lowestAt } from "../lib/game/least_cost.ts";
import { totalCost, totalCostMeanField } from "../lib/game/total_cost.ts";
import { nativeProduct } from "../lib/numeric/native_product.ts";
import { bandOf, meanWithError } from "../lib/numeric/band.ts";
import { defineTask } from "../lib/workflow/task.ts";
import { gameFacts, gameParams, readGame } from "./_game.ts";

/**
 * Over `rho` (R) and `k` (K), or the real numbers `k_mean_field` (L): `misalignment` (mean over rounds and
 * replicates, R × K, with its standard error `misalignment_se`), `cost_mean`, `cost_p10` and `cost_p90` (R × K), both `_mean_field` (R × L),
 * and `cost_textbook` and `cost_finite_horizon` (R × L). For each ρ the k of least cost: `k_star`,
 * `k_star_p10` and `k_star_p90` (bootstrap), `k_star_mean_field`, `k_star_textbook`,
 * `k_star_finite_horizon` (R). `variance` and `exploitation` are σ² and c of the closed forms.
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
    n_replicates: z.int().positive(),
    n_bootstrap: z.int().positive(),
  }),
  inputs: { pool: { kind: "npz" } },
  outputs: { total_cost: { kind: "npz" } },
  seeded: true,
  native: true,
  async run({ params, seed, inputs, outputs, provenance, progress, log }): Promise<void> {
    const game = await readGame(inputs.pool, params);
    const { pool, initial, correction } = game;
    const { gamma, n_rounds: rounds, n_replicates: replicates } = params;
    const N = pool.z.rows;
    const rhos = Array.isArray(params.rhos)
      ? Float64Array.from(params.rhos)
      : logSpaced(params.rhos.min, params.rhos.max, params.rhos.n);
    const ks = logSpacedIntegers(1, N, Math.min(params.n_ks, N));
    const fine = params.n_ks_mean_field === null
      ? Float64Array.from(ks)
      : logSpaced(1, N, params.n_ks_mean_field);
    const constants = closedFormConstants(pool, initial);
    const [R, K, L] = [rhos.length, ks.length, fine.length];
    const grids = {
      misalignment: new Float64Array(R * K),
      misalignment_se: new Float64Array(R * K),
      cost_mean: new Float64Array(R * K),
      cost_p10: new Float64Array(R * K),
      cost_p90: new Float64Array(R * K),
    };
    const curves = {
      misalignment_mean_field: new Float64Array(R * L),
      cost_mean_field: new Float64Array(R * L),
      cost_textbook: new Float64Array(R * L),
      cost_finite_horizon: new Float64Array(R * L),
    };
    const stars = {
      k_star: new Float64Array(R),
      k_star_p10: new Float64Array(R),
      k_star_p90: new Float64Array(R),
      k_star_mean_field: new Float64Array(R),
      k_star_textbook: new Float64Array(R),
      k_star_finite_horizon: new Float64Array(R),
    };
    await using native = await nativeProduct();
    let r = 0;
    for await (
      const path of evaluatorPaths(pool, initial, correction, rhos, rounds, native.multiply)
    ) {
      const how = { ks, forgetting: path.rho, replicates, seed };
      const played = totalCost(pool, path, how, gamma);
      const { mean, p10, p90 } = bandOf(played.cost.data, K, replicates);
      const level = meanWithError(played.misalignment);
      grids.misalignment.set(level.mean, r * K);
      grids.misalignment_se.set(level.error, r * K);
      grids.cost_mean.set(mean, r * K);
      grids.cost_p10.set(p10, r * K);
      grids.cost_p90.set(p90, r * K);
      const star = leastCost(played.cost, ks, params.n_bootstrap, `${seed} ${r}`);
      stars.k_star[r] = star.k;
      stars.k_star_p10[r] = star.p10;
      stars.k_star_p90[r] = star.p90;

      const limit = totalCostMeanField(pool, path, { ks: fine, forgetting: path.rho }, gamma);
      curves.misalignment_mean_field.set(limit.misalignment.data, r * L);
      curves.cost_mean_field.set(limit.cost.data, r * L);
      stars.k_star_mean_field[r] = fine[lowestAt(limit.cost.data)]!;

      const form = { ...constants, tasks: N, gamma, rho: path.rho, rounds };
      const [textbook, horizon] = [textbookForm(form), finiteHorizonForm(form)];
      curves.cost_textbook.set(fine.map(textbook.loss), r * L);
      curves.cost_finite_horizon.set(fine.map(horizon.loss), r * L);
      stars.k_star_textbook[r] = textbook.kStar;
      stars.k_star_finite_horizon[r] = horizon.kStar;
      progress(++r / R, `ρ = ${path.rho.toPrecision(2)}`);
    }
    log(`closed forms: σ² = ${constants.variance}, c = ${constants.exploitation}`);
    const shaped = (all: Record<string, Float64Array>, shape: number[]) =>
      Object.fromEntries(Object.entries(all).map(([name, data]) => [name, { shape, data }]));
    await writeArtifact(
      outputs.total_cost,
      {
        rho: { shape: [R], data: rhos },
        k: { shape: [K], data: ks },
        k_mean_field: { shape: [L], data: fine },
        ...shaped(grids, [R, K]),
        ...shaped(curves, [R, L]),
        ...shaped(stars, [R]),
        variance: { shape: [1], data: Float64Array.of(constants.variance) },
        exploitation: { shape: [1], data: Float64Array.of(constants.exploitation) },
      },
      lineageOf({ params, provenance }, { pool: game.file }, {
        ...gameFacts(game, seed),
        n_replicates: replicates,
        n_rounds: rounds,
        gamma,
      }),
    );
  },
});
