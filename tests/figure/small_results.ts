/**
 * Results of a small game, made by the project's own tasks in a temporary folder.
 *
 * @module
 */
import { join } from "@std/path";
import type { z } from "zod";
import { type Artifact, readArtifact } from "../../lib/artifact/artifact.ts";
import * as kinds from "../../lib/artifact/kinds.ts";
import { digestOf } from "../../lib/base/digest.ts";
import type { InputFile, Task } from "../../lib/runner/task.ts";
import mechanisms from "../../tasks/mechanisms.ts";
import oneShot from "../../tasks/one_shot.ts";
import repeated from "../../tasks/repeated.ts";
import syntheticPool from "../../tasks/synthetic_pool.ts";
import totalCost from "../../tasks/total_cost.ts";

/** The artifacts that the figures of games are drawn from. */
export interface SmallResults {
  readonly oneShot: Artifact<typeof kinds.oneShot>;
  readonly repeated: Artifact<typeof kinds.repeated>;
  /** Over a grid of ρ and k. */
  readonly map: Artifact<typeof kinds.totalCost>;
  /** At a few ρ, the mean field on a finer grid of k. */
  readonly curves: Artifact<typeof kinds.totalCost>;
  readonly mechanisms: Artifact<typeof kinds.mechanisms>;
}

const GAME = {
  bias_bandwidth: 0.4,
  correction: "gap_gaussian",
  correction_bandwidth: 0.1,
  n_rounds: 24,
  forgetting: null,
  prior_mass: null,
} as const;

const GRID = {
  ...GAME,
  gamma: 0.05,
  rhos: { min: 0.02, max: 0.5, n: 4 },
  n_ks: 6,
  n_replicates: 5,
  n_bootstrap: 20,
};

const HOLDOUT = {
  ...{ gamma: 0.05, k: 5, rho: 0.1, n_0: 5, epsilon: 20, eta: 0.15, n_replicates: 5 },
};

/** Plays everything on a synthetic pool of 24 tasks, of 4 skills by default. */
export async function smallResults(d = 4): Promise<SmallResults> {
  const folder = await Deno.makeTempDir({ prefix: "small-results-" });
  try {
    const pool = await run(syntheticPool, { d, n_per_layer: 24 / d }, {}, folder);
    return {
      oneShot: await readArtifact(
        kinds.oneShot,
        await run(
          oneShot,
          {
            bias_bandwidth: 0.4,
            n_draws: 20,
            n_ks: 8,
            awareness: [0.05, 0.25, 1],
            asymmetry: { k: 3, bandwidth: 0.4, min_alpha: 0.05, n_alphas: 5, n_betas: 4 },
          },
          { pool },
          folder,
        ),
      ),
      repeated: await readArtifact(
        kinds.repeated,
        await run(
          repeated,
          { ...GAME, ks: [1, 10], rhos: [0.1, 0.3], n_replicates: 5 },
          { pool },
          folder,
        ),
      ),
      map: await readArtifact(
        kinds.totalCost,
        await run(totalCost, { ...GRID, n_ks_mean_field: null }, { pool }, folder),
      ),
      curves: await readArtifact(
        kinds.totalCost,
        await run(totalCost, { ...GRID, rhos: [0.1], n_ks_mean_field: 12 }, { pool }, folder),
      ),
      mechanisms: await readArtifact(
        kinds.mechanisms,
        await run(mechanisms, { ...GAME, ...HOLDOUT }, { pool }, folder),
      ),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run<Schema extends z.ZodObject, Input extends string, Output extends string>(
  task: Task<Schema, Input, Output>,
  params: z.input<Schema>,
  inputs: Readonly<Partial<Record<Input, InputFile>>>,
  folder: string,
): Promise<InputFile> {
  const name = Object.keys(task.outputs)[0] as Output;
  const path = join(folder, `${name}.npz`);
  await task.run({
    params: task.params!.parse(params),
    seed: "small",
    inputs,
    outputs: { [name]: path } as Record<Output, string>,
    provenance: { target: name, task: name, key: "" as InputFile["digest"], software: {} },
    downloads: undefined,
    secrets: {},
    progress: () => {},
    log: () => {},
    warn: () => {},
  });
  return { path, name, digest: await digestOf(await Deno.readFile(path)) };
}
