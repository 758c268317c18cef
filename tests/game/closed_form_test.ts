import assert from "node:assert/strict";
import { misalignmentBounds } from "../../lib/game/bounds.ts";
import {
  closedFormConstants,
  finiteHorizonForm,
  steadyStateForm,
} from "../../lib/game/closed_form.ts";
import { type EvaluatorPath, evaluatorPaths } from "../../lib/game/evaluator_path.ts";
import { linearlySpaced, logSpaced, logSpacedIntegers } from "../../lib/game/grids.ts";
import { initialDistribution } from "../../lib/game/initial_distribution.ts";
import { leastCost } from "../../lib/game/least_cost.ts";
import { playMeanField } from "../../lib/game/mean_field.ts";
import { makePool, type Pool } from "../../lib/game/pool.ts";
import { totalCost, totalCostMeanField } from "../../lib/game/total_cost.ts";
import { meanWithError } from "../../lib/stats/band.ts";
import { matrix } from "../../lib/stats/matrix.ts";
import { plainProduct as product } from "../../lib/stats/plain_product.ts";
import { syntheticPool } from "../../lib/pool/synthetic_pool.ts";
import { allowed } from "../support.ts";

/** numjs, which sorts by mass, reads the environment. */
const ignore = !allowed("read", "env");

const near = (a: number, b: number, within = 1e-12): void =>
  assert.ok(Math.abs(a - b) <= within, `${a} is not ${b}`);

const SMALL = makePool(matrix(3, 2, Float64Array.of(1, 0, 0.6, 0.8, 0, 1)));
const INITIAL = Float64Array.of(0.5, 0.3, 0.2);

/** Misalignment and regret of each round in the mean-field limit, φ = ρ. */
function series(
  pool: Pool,
  path: EvaluatorPath,
  k: number,
): { readonly misalignment: number[]; readonly regret: number[] } {
  const [misalignment, regret]: [number[], number[]] = [[], []];
  playMeanField(pool, path, { ks: [k], forgetting: path.rho }, (_t, _kIndex, measures) => {
    misalignment.push(measures.misalignment);
    regret.push(measures.regret);
  });
  return { misalignment, regret };
}

Deno.test("closedFormConstants() are the hand-computed variance at θ° and ‖P g_0‖²/‖μ‖", () => {
  const { variance, exploitation } = closedFormConstants(SMALL, INITIAL);
  // μ = (1.6, 1.8)/3, so θ° = (8, 9)/√145 and the scores at θ° are (8, 12, 9)/√145.
  near(variance, (0.5 * 64 + 0.3 * 144 + 0.2 * 81 - (4 + 3.6 + 1.8) ** 2) / 145);
  // g_0 = (0.68, 0.44) − μ; its part across θ° is (9 g_0x − 8 g_0y)/√145.
  const across = (9 * (0.68 - 1.6 / 3) - 8 * (0.44 - 0.6)) / Math.sqrt(145);
  near(exploitation, across ** 2 / (Math.sqrt(145) / 15));
});

Deno.test("steadyStateForm() is least at k* = σ√(ρ/(γκ)), where a round's loss is 2σ√(γκ/ρ)", () => {
  const options = {
    variance: 0.04,
    exploitation: 2,
    priorMass: 50,
    gamma: 0.05,
    rho: 0.1,
    rounds: 7,
  };
  const { loss, kStar } = steadyStateForm(options);
  const kappa = 2 / 50;
  near(kStar, 0.2 * Math.sqrt(0.1 / (0.05 * kappa)));
  near(loss(kStar), 7 * 2 * 0.2 * Math.sqrt((0.05 * kappa) / 0.1));
  near(loss(3), 7 * (0.04 / 3 + (0.05 * kappa * 3) / 0.1));
});

Deno.test("finiteHorizonForm() sums t (1 − ρ)^{2t−1}: by hand for T = 3", () => {
  const options = {
    variance: 0.04,
    exploitation: 2,
    priorMass: 50,
    gamma: 0.05,
    rho: 0.1,
    rounds: 3,
  };
  const { loss, kStar } = finiteHorizonForm(options);
  const sum = 0.9 + 2 * 0.9 ** 3;
  near(loss(4), (3 * 0.04) / 4 + (0.05 * 2 * 4 * sum) / 50);
  near(kStar, 0.2 * Math.sqrt((3 * 50) / (0.05 * 2 * sum)));
});

Deno.test({
  name: "finiteHorizonForm() is the mean field's misalignment as k/(Nρ) → 0, uniform correction",
  ignore,
  fn: async () => {
    const pool = makePool((await syntheticPool(4, 500, "limit")).z);
    const initial = initialDistribution(pool.z, 0.5);
    const { exploitation } = closedFormConstants(pool, initial);
    const [rho, T, k] = [0.1, 80, 0.05];
    for await (
      const path of evaluatorPaths(pool, initial, { kind: "uniform" }, [rho], T, product)
    ) {
      const { misalignment } = series(pool, path, k);
      const options = {
        variance: 0,
        exploitation,
        priorMass: pool.z.rows,
        gamma: 1,
        rho,
        rounds: T,
      };
      const sum = misalignment.reduce((total, x) => total + x, 0);
      near(finiteHorizonForm(options).loss(k) / sum, 1, 0.01);
    }
  },
});

Deno.test({
  name:
    "playMeanField() agrees with Monte Carlo within the trial's figures, as the noise of sampling vanishes",
  ignore,
  fn: async () => {
    // The trial of model section 6.3: N = 640, b = 0.5, uniform correction.
    const pool = makePool((await syntheticPool(8, 80, "trial")).z);
    const initial = initialDistribution(pool.z, 0.5);
    const options = { ks: [5, 20, 100], replicates: 200, seed: "trial" };
    for await (
      const path of evaluatorPaths(pool, initial, { kind: "uniform" }, [0.01, 0.05], 200, product)
    ) {
      const how = { ...options, forgetting: path.rho };
      const played = totalCost(pool, path, how, 0.05);
      const limit = totalCostMeanField(pool, path, how, 0.05);
      options.ks.forEach((k, b) => {
        const row = played.misalignment.data.subarray(b * 200, (b + 1) * 200);
        const ratio = limit.misalignment.data[b]! / (row.reduce((sum, x) => sum + x, 0) / 200);
        assert.ok(ratio > 0.98 && ratio < 1.02, `k = ${k}, ρ = ${path.rho}: ${ratio}`);
      });
    }
  },
});

Deno.test({
  name: "totalCost() has the same means with control variates as without, and a smaller error",
  ignore,
  fn: async () => {
    const pool = makePool((await syntheticPool(4, 15, "control")).z);
    const initial = initialDistribution(pool.z, 0.5);
    const correction = { kind: "gap_gaussian", bandwidth: 0.1 } as const;
    for await (const path of evaluatorPaths(pool, initial, correction, [0.02, 0.4], 60, product)) {
      const options = { ks: [1, 7, 60], forgetting: path.rho, replicates: 300, seed: "control" };
      const { controlled, ...plain } = totalCost(pool, path, { ...options, priorMass: 20 }, 0.05);
      for (const what of ["cost", "misalignment"] as const) {
        const chance = meanWithError(matrix(
          3,
          300,
          plain[what].data.map((x, n) => x - controlled[what].data[n]!),
        ));
        const [before, after] = [meanWithError(plain[what]), meanWithError(controlled[what])];
        options.ks.forEach((k, n) => {
          const errors = chance.mean[n]! / chance.error[n]!;
          assert.ok(Math.abs(errors) < 4, `${what}, k = ${k}: ${errors} standard errors`);
          const share = after.error[n]! / before.error[n]!;
          // The cost of one task a round is far from quadratic in what chance adds.
          const most = what === "misalignment" ? 0.04 : k === 1 ? 0.1 : 0.05;
          assert.ok(share < most, `${what}, k = ${k}: ${share} of the error`);
        });
      }
    }
  },
});

Deno.test("playMeanField() is 0 in round 0, and for a developer who forgets all of it at once stays small", async () => {
  for await (const path of evaluatorPaths(SMALL, INITIAL, { kind: "uniform" }, [0.1], 3, product)) {
    const { misalignment, regret } = series(SMALL, path, 6);
    near(misalignment[0]!, 0);
    near(regret[0]!, 0);
    // By hand: D_1 = 6 g_0, m_1 = 6, θ_1 ∝ 9 μ + 6 g_0 with g_0 = (0.68, 0.44) − μ.
    const theta = [3 * (1.6 / 3) + 6 * 0.68, 3 * 0.6 + 6 * 0.44];
    const length = Math.hypot(...theta);
    const g = [0.9 * (0.68 - 1.6 / 3), 0.9 * (0.44 - 0.6)];
    const best = [8 / Math.sqrt(145), 9 / Math.sqrt(145)];
    const expected = g.reduce((sum, x, j) => sum + x * (theta[j]! / length - best[j]!), 0);
    near(misalignment[1]!, expected);
  }
});

Deno.test("misalignmentBounds() are the hand-computed terms", () => {
  const { knowledge, correction } = misalignmentBounds(Float64Array.of(0.75, 0.25), 3, 0.5, 4);
  // m_t = 3 min(t, 2) and N = 2.
  assert.deepEqual([...knowledge], [0, 3 / 5, 6 / 8, 6 / 8]);
  const divergence = 0.75 * Math.log(1.5) + 0.25 * Math.log(0.5);
  correction.forEach((x, t) => near(x, 0.5 ** t * Math.sqrt(divergence / 2)));
});

Deno.test("leastCost() finds the k of least mean, and a wide range where replicates disagree", () => {
  const clear = matrix(3, 2, Float64Array.of(3, 3, 1, 1.1, 2, 2));
  assert.deepEqual(leastCost(clear, [1, 4, 9], 50, "x"), { k: 4, p10: 4, p90: 4 });
  const torn = matrix(2, 2, Float64Array.of(0, 1, 1, 0.1));
  const { k, p10, p90 } = leastCost(torn, [1, 4], 200, "x");
  assert.deepEqual([k, p10, p90], [1, 1, 4]);
});

Deno.test("logSpacedIntegers() has n different whole numbers from end to end, near equal ratios", () => {
  const ks = logSpacedIntegers(1, 400, 24);
  assert.equal(new Set(ks).size, 24);
  assert.deepEqual([ks[0], ks[1], ks[23]], [1, 2, 400]);
  for (let n = 12; n < 24; n++) near(ks[n]! / ks[n - 1]!, ks[23]! / ks[22]!, 0.1);
  assert.deepEqual([...logSpacedIntegers(1, 4, 4)], [1, 2, 3, 4]);
  assert.throws(() => logSpacedIntegers(1, 4, 5), RangeError);
});

Deno.test("logSpaced() and linearlySpaced() hit both ends", () => {
  assert.deepEqual([logSpaced(0.005, 0.5, 24)[0], logSpaced(0.005, 0.5, 24)[23]], [0.005, 0.5]);
  assert.deepEqual([...linearlySpaced(0, 1, 3)], [0, 0.5, 1]);
});
