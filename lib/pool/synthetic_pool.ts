import { type Matrix, matrix } from "../stats/matrix.ts";
import { normal } from "../stats/random/normal.ts";
import { sampleWithoutReplacement } from "../stats/random/sample.ts";
import { stream } from "../stats/random/stream.ts";
import { sortByMass } from "./loadings_to_tasks.ts";

/** A pool of tasks with the mass of its axes. */
export interface SyntheticPool {
  /** N × d, N = d · nPerLayer; unit rows. */
  readonly z: Matrix;
  /** The layer of each task: how many skills it has, 1 … d. */
  readonly layer: Int32Array;
  /** Σ_i z_ij², descending. */
  readonly axisMass: Float64Array;
}

/**
 * The synthetic stratified pool (model section 5): in layer ℓ = 1 … d each task has ℓ skills, drawn
 * uniformly without replacement, with weights |N(0, 1)|, scaled to unit norm; then mass-sort.
 *
 * @param d Number of skills.
 * @param nPerLayer Tasks a layer.
 * @param seed Names the random stream.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { syntheticPool } from "./synthetic_pool.ts";
 * const { z, layer } = await syntheticPool(3, 10, "a seed");
 * assert.deepEqual([z.rows, z.cols], [30, 3]);
 * assert.deepEqual([Math.min(...layer), Math.max(...layer)], [1, 3]);
 * ```
 */
export async function syntheticPool(
  d: number,
  nPerLayer: number,
  seed: string,
): Promise<SyntheticPool> {
  const z = matrix(d * nPerLayer, d);
  const layer = new Int32Array(z.rows);
  for (let i = 0; i < z.rows; i++) {
    const uniform = stream(seed, "task", i);
    const gauss = normal(uniform);
    layer[i] = 1 + Math.floor(i / nPerLayer);
    const skills = sampleWithoutReplacement(d, layer[i]!, uniform);
    const weights = Array.from(skills, () => Math.abs(gauss()));
    const length = Math.hypot(...weights);
    skills.forEach((j, n) => z.data[i * d + j] = weights[n]! / length);
  }
  const { sorted, axisMass } = await sortByMass(z);
  return { z: sorted, layer, axisMass };
}
