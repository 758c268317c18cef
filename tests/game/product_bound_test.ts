import assert from "node:assert/strict";
import fc from "fast-check";
import { productBound } from "../../lib/game/bounds.ts";
import type { Correction } from "../../lib/game/correction.ts";
import { evaluatorPaths } from "../../lib/game/evaluator_path.ts";
import { playMeanField } from "../../lib/game/mean_field.ts";
import { makePool, type Pool } from "../../lib/game/pool.ts";
import { playRepeated } from "../../lib/game/repeated.ts";
import { matrix } from "../../lib/stats/matrix.ts";
import { stream } from "../../lib/stats/random/stream.ts";
import { plainProduct as product } from "../../lib/stats/plain_product.ts";

const T = 25;
const SLACK = 1e-12;
const CORRECTIONS: readonly Correction[] = [
  { kind: "uniform" },
  { kind: "gap_gaussian", bandwidth: 0 },
  { kind: "gap_gaussian", bandwidth: 0.1 },
  { kind: "gap_gaussian", bandwidth: 2 },
];
const RHOS = [0, 0.01, 0.3, 1];
const KS = [1, 7, 200];

/** A pool of N tasks of d skills; `sharp` above 0 leaves most entries near 0. */
function poolOf(N: number, d: number, seed: number, sharp: number): Pool {
  const uniform = stream(seed, "pool");
  const z = matrix(N, d);
  for (let i = 0; i < N; i++) {
    const row = Array.from({ length: d }, () => (1e-9 + uniform()) ** (1 + sharp));
    const scale = uniform() / Math.hypot(...row);
    row.forEach((x, j) => z.data[i * d + j] = x * scale);
  }
  return makePool(z);
}

/** The largest excess of Δ_t over the bound, of all corrections, rates and sizes, and the largest ratio. */
async function worst(
  pool: Pool,
  initial: Float64Array,
  forgetting: number | null,
  priorMass: number,
): Promise<{ readonly excess: number; readonly ratio: number }> {
  let [excess, ratio] = [-Infinity, 0];
  for (const correction of CORRECTIONS) {
    for await (const path of evaluatorPaths(pool, initial, correction, RHOS, T, product)) {
      const developer = { forgetting: forgetting ?? path.rho, priorMass };
      const bounds = KS.map((k) => productBound(pool, path, { k, ...developer }));
      const see = (t: number, kIndex: number, misalignment: number): void => {
        const bound = bounds[kIndex]![t]!;
        excess = Math.max(excess, misalignment - bound);
        if (bound > SLACK) ratio = Math.max(ratio, misalignment / bound);
      };
      const options = { ks: KS, ...developer, replicates: 2, seed: "bound" };
      playRepeated(pool, path, options, (_, t, k, measures) => see(t, k, measures.misalignment));
      playMeanField(pool, path, options, (t, k, measures) => see(t, k, measures.misalignment));
    }
  }
  return { excess, ratio };
}

function normalised(weights: readonly number[]): Float64Array {
  const total = weights.reduce((sum, w) => sum + w, 0);
  return Float64Array.from(weights, (w) => w / total);
}

Deno.test("productBound() holds in every replicate and in the mean field (property)", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 60 }),
      fc.integer({ min: 1, max: 8 }),
      fc.nat(),
      fc.constantFrom(0, 3, 20),
      fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
      async (N, d, seed, sharp, forgetting, priorMass) => {
        const uniform = stream(seed, "initial");
        const initial = normalised(Array.from({ length: N }, () => uniform() ** 8 + 1e-300));
        const { excess } = await worst(poolOf(N, d, seed, sharp), initial, forgetting, priorMass);
        assert.ok(excess <= SLACK, `Δ_t exceeds the bound by ${excess}`);
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("productBound() holds on pools made to break it, and is nearly reached by one", async () => {
  const axes = (d: number): Pool => {
    const z = matrix(d, d);
    for (let j = 0; j < d; j++) z.data[j * (d + 1)] = 1;
    return makePool(z);
  };
  // All of π_0 on one of d skills; a rare skill; a tiny task; two tasks almost alike; one skill.
  const rare = makePool(
    matrix(60, 2, Float64Array.from({ length: 120 }, (_, n) => n < 118 ? 1 - (n % 2) : n % 2)),
  );
  const tiny = makePool(matrix(2, 2, Float64Array.of(1, 0, 0, 1e-6)));
  const alike = makePool(matrix(2, 2, Float64Array.of(1, 0, 1 - 1e-9, 1e-9)));
  const line = makePool(matrix(3, 1, Float64Array.of(1, 0.5, 0.1)));
  const pools = [axes(2), axes(8), rare, tiny, alike, line];
  let highest = 0;
  for (const pool of pools) {
    const N = pool.z.rows;
    for (const place of [0, N - 1]) {
      const initial = normalised(Array.from({ length: N }, (_, i) => i === place ? 1 : 1e-12));
      for (const priorMass of [1e-6, 1, N]) {
        const { excess, ratio } = await worst(pool, initial, 0, priorMass);
        assert.ok(excess <= SLACK, `Δ_t exceeds the bound by ${excess}`);
        highest = Math.max(highest, ratio);
      }
    }
  }
  assert.ok(highest > 0.6 && highest <= 1 + SLACK, `the largest ratio is ${highest}`);
});

Deno.test("productBound() is the hand-computed one: 0 at first, √2 ‖g_t‖ once all is learned", async () => {
  // Two axes: μ = (1/2, 1/2), H = 1/√2 = ‖μ‖, and g_0 = (1/2, −1/2) of length 1/√2 at π_0 = (1, 0).
  const pool = makePool(matrix(2, 2, Float64Array.of(1, 0, 0, 1)));
  const paths = evaluatorPaths(pool, Float64Array.of(1, 0), { kind: "uniform" }, [0.5], 3, product);
  for await (const path of paths) {
    const bound = productBound(pool, path, { k: 6, forgetting: 0.5, priorMass: 2 });
    // m = 0, 6, 9; ‖g_t‖ halves each round.
    [0, (6 / 8) / 2, (9 / 11) / 4].forEach((x, t) => assert.ok(Math.abs(bound[t]! - x) < 1e-15));
  }
});
