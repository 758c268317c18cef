import assert from "node:assert/strict";
import { type Correction, correctionPaths } from "../../lib/game/correction.ts";
import {
  type EvaluatorPath,
  evaluatorPaths,
  totalVariation,
} from "../../lib/game/evaluator_path.ts";
import { initialDistribution } from "../../lib/game/initial_distribution.ts";
import { roundLoss } from "../../lib/game/measures.ts";
import { bestResponse, dot, makePool, type Pool, weightedSum } from "../../lib/game/pool.ts";
import { playRepeated } from "../../lib/game/repeated.ts";
import { repeatedBands } from "../../lib/game/repeated_bands.ts";
import { matrix } from "../../lib/stats/matrix.ts";
import { plainProduct as product } from "../../lib/stats/plain_product.ts";
import { type AliasTable, aliasTable } from "../../lib/stats/random/alias_table.ts";
import { normal } from "../../lib/stats/random/normal.ts";
import { stream, type Uniform } from "../../lib/stats/random/stream.ts";

const near = (a: number, b: number, within = 1e-12): void =>
  assert.ok(Math.abs(a - b) <= within, `${a} is not ${b}`);

/** Three tasks of two skills: μ = (1.6, 1.8)/3. */
const SMALL = makePool(matrix(3, 2, Float64Array.of(1, 0, 0.6, 0.8, 0, 1)));

function randomPool(N: number, d: number, seed: number): Pool {
  const gauss = normal(stream(seed, "pool"));
  const z = matrix(N, d);
  for (let i = 0; i < N; i++) {
    const row = Array.from({ length: d }, (_, j) => (j === i % d ? 1 : 0.3) * Math.abs(gauss()));
    row.forEach((x, j) => z.data[i * d + j] = x / Math.max(1, Math.hypot(...row)));
  }
  return makePool(z);
}

Deno.test("makePool() has the hand-computed mean, norm and best choice", () => {
  near(SMALL.mu[0]!, 1.6 / 3);
  near(SMALL.mu[1]!, 0.6);
  near(SMALL.muNorm, Math.hypot(1.6, 1.8) / 3);
  near(SMALL.thetaBest[0]!, 1.6 / Math.hypot(1.6, 1.8));
});

Deno.test("bestResponse() is the hand-computed one, and throws for zero weights", () => {
  const theta = bestResponse(weightedSum(SMALL.z, (i) => [0.5, 0, 0.5][i]!));
  near(theta[0]!, Math.SQRT1_2);
  near(theta[1]!, Math.SQRT1_2);
  assert.throws(() => bestResponse(new Float64Array(2)), RangeError);
});

Deno.test("bestResponse() beats 1000 random choices in the positive ball", () => {
  const pool = randomPool(50, 6, 1);
  const uniform = stream("best response");
  const gauss = normal(uniform);
  const weighted = weightedSum(pool.z, () => uniform());
  const best = dot(weighted, bestResponse(weighted));
  for (let n = 0; n < 1000; n++) {
    const theta = Array.from({ length: 6 }, () => Math.abs(gauss()));
    const length = Math.hypot(...theta) / uniform();
    assert.ok(dot(weighted, theta.map((x) => x / length)) <= best);
  }
});

Deno.test("initialDistribution() falls with the distance from the first skill", () => {
  const pi = initialDistribution(SMALL.z, 0.3);
  near(pi.reduce((sum, x) => sum + x, 0), 1);
  // ‖(0.6, 0.8) − (1, 0)‖² = 0.8 and ‖(0, 1) − (1, 0)‖² = 2.
  near(pi[1]! / pi[0]!, Math.exp(-0.8 / 0.18));
  near(pi[2]! / pi[0]!, Math.exp(-2 / 0.18));
});

Deno.test("correctionPaths() conserves mass, and h = 0 is the uniform rule (1 − ρ) π + ρ/N", async () => {
  const { z } = randomPool(40, 4, 2);
  const initial = initialDistribution(z, 0.3);
  const rhos = [0.05, 0.3];
  const gaussian = await correctionPaths(z, initial, 0.1, rhos, 50, product);
  for (const { data } of gaussian) {
    near(data.reduce((sum, x) => sum + x, 0), rhos.length);
    assert.ok(data.every((x) => x >= 0));
  }
  const zero = await correctionPaths(z, initial, 0, rhos, 50, product);
  zero.forEach(({ data }, t) =>
    data.forEach((x, n) => {
      const left = (1 - rhos[n % 2]!) ** t;
      near(x, left * initial[Math.floor(n / 2)]! + (1 - left) / 40, 1e-10);
    })
  );
});

Deno.test("correctionPaths() is the hand-computed step, and the same for one rate as among several", async () => {
  // Two tasks at distance √2: with h = 1 the kernel's columns are (1, e^{−1})/(1 + e^{−1}).
  const z = matrix(2, 2, Float64Array.of(1, 0, 0, 1));
  const initial = Float64Array.of(0.8, 0.2);
  const one = await correctionPaths(z, initial, 1, [0.5], 2, product);
  const there = 0.3 / (1 + Math.exp(-1));
  near(one[1]!.data[0]!, 0.8 - 0.5 * 0.3 + 0.5 * there * Math.exp(-1));
  near(one[1]!.data[1]!, 0.2 + 0.5 * there);
  const among = await correctionPaths(z, initial, 1, [0.1, 0.5, 0], 2, product);
  one.forEach(({ data }, t) => data.forEach((x, i) => near(x, among[t]!.data[3 * i + 1]!, 0)));
});

Deno.test("correctionPaths() without correction stays where it is", async () => {
  const initial = initialDistribution(SMALL.z, 0.3);
  const path = await correctionPaths(SMALL.z, initial, 0.1, [0], 3, product);
  path.forEach(({ data }) => data.forEach((x, i) => near(x, initial[i]!)));
});

Deno.test("evaluatorPaths() by the mixture of uniform correction is that of h = 0", async () => {
  const pool = randomPool(30, 3, 8);
  const initial = initialDistribution(pool.z, 0.3);
  const mixture = await path(pool, initial, { kind: "uniform" }, 0.1, 20);
  const general = await path(pool, initial, { kind: "gap_gaussian", bandwidth: 0 }, 0.1, 20);
  mixture.bias.forEach((x, n) => near(x, general.bias[n]!));
  mixture.moments.forEach((x, n) => near(x, general.moments[n]!));
  const [one, other] = [totalVariation(mixture), totalVariation(general)];
  for (let t = 0; t < 20; t++) {
    near(one[t]!, other[t]!);
    const share = mixture.evenShare[t]!;
    const exact = general.distribution(t);
    mixture.distribution(t).forEach((p, i) => near(share / 30 + (1 - share) * p, exact[i]!));
  }
});

/** One draw, 0 … N − 1, from one uniform number. */
function drawAlias({ threshold, alias }: AliasTable, uniform: Uniform): number {
  const x = uniform() * threshold.length;
  const i = Math.floor(x);
  return x - i < threshold[i]! ? i : alias[i]!;
}

Deno.test("aliasTable() draws with the given probabilities", () => {
  const p = Float64Array.of(0.1, 0.2, 0.3, 0.4);
  const table = aliasTable(p);
  const uniform = stream("alias");
  const counts = new Float64Array(4);
  for (let n = 0; n < 100_000; n++) counts[drawAlias(table, uniform)]! += 1;
  // Five standard errors of a binomial share.
  counts.forEach((c, i) => near(c / 100_000, p[i]!, 5 * Math.sqrt(p[i]! * (1 - p[i]!) / 100_000)));
});

/** The evaluator's side for one rate. */
async function path(
  pool: Pool,
  initial: Float64Array,
  correction: Correction,
  rho: number,
  rounds: number,
): Promise<EvaluatorPath> {
  const paths = evaluatorPaths(pool, initial, correction, [rho], rounds, product);
  for await (const only of paths) return only;
  throw new Error("no path");
}

Deno.test("playRepeated() agrees with keeping all N counts, draw for draw", async () => {
  const pool = randomPool(30, 3, 3);
  const [k, rho, T, seed] = [4, 0.1, 25, "naive"];
  const N = pool.z.rows;
  const initial = initialDistribution(pool.z, 0.3);
  const evaluator = await path(pool, initial, { kind: "gap_gaussian", bandwidth: 0.1 }, rho, T);
  const [played] = repeatedBands(pool, evaluator, {
    ks: [k],
    forgetting: rho,
    replicates: 1,
    seed,
  });
  const uniform = stream(seed, "replicate", 0);
  const counts = new Float64Array(N);
  for (let t = 0; t < T; t++) {
    const pi = evaluator.distribution(t);
    const theta = bestResponse(weightedSum(pool.z, (i) => 1 + counts[i]!));
    const scores = Array.from(
      { length: N },
      (_, i) => dot(pool.z.data.subarray(i * 3, i * 3 + 3), theta),
    );
    const expected = scores.reduce((sum, x, i) => sum + pi[i]! * x, 0);
    const utility = scores.reduce((sum, x) => sum + x, 0) / N;
    const variance = scores.reduce((sum, x, i) => sum + pi[i]! * (x - expected) ** 2, 0);
    const g = weightedSum(pool.z, (i) => pi[i]! - 1 / N);
    near(played!.exploitationGap.mean[t]!, expected - utility, 1e-10);
    near(played!.misalignment.mean[t]!, expected - utility - dot(g, pool.thetaBest), 1e-10);
    near(played!.regret.mean[t]!, pool.muNorm - utility, 1e-10);
    near(played!.variance.mean[t]!, variance, 1e-10);
    counts.forEach((c, i) => counts[i] = (1 - rho) * c);
    const table = aliasTable(pi);
    for (let n = 0; n < k; n++) counts[drawAlias(table, uniform)]! += 1;
  }
});

Deno.test("playRepeated() plays a game alike alone and beside games with other k", async () => {
  const pool = randomPool(40, 4, 5);
  const initial = initialDistribution(pool.z, 0.3);
  for (
    const correction of [{ kind: "uniform" }, { kind: "gap_gaussian", bandwidth: 0.1 }] as const
  ) {
    const evaluator = await path(pool, initial, correction, 0.2, 12);
    const how = { forgetting: 0.2, replicates: 3, seed: "nested" };
    // The largest k draws as if alone; a smaller one plays with the first of its tasks.
    const [alone] = repeatedBands(pool, evaluator, { ...how, ks: [9] });
    const [, among] = repeatedBands(pool, evaluator, { ...how, ks: [2, 9, 5] });
    assert.deepEqual(among, alone);
  }
});

Deno.test("playRepeated() has no misalignment in round 0, regret ≥ 0, and bands about the mean", async () => {
  const pool = randomPool(60, 5, 4);
  const initial = initialDistribution(pool.z, 0.3);
  const evaluator = await path(pool, initial, { kind: "uniform" }, 0.05, 40);
  const options = { ks: [5], forgetting: 0.05, replicates: 40, seed: "x" };
  const [played] = repeatedBands(pool, evaluator, options);
  const { misalignment, regret } = played!;
  // Not what rounding leaves of two equal gaps.
  for (let seed = 0; seed < 8; seed++) {
    const other = randomPool(20, 8, seed);
    const start = initialDistribution(other.z, 0.3);
    const one = await path(other, start, { kind: "uniform" }, 0.05, 1);
    const [first] = repeatedBands(other, one, { ...options, replicates: 2 });
    assert.equal(first!.misalignment.mean[0], 0);
  }
  assert.equal(misalignment.mean[0], 0);
  assert.ok(misalignment.mean[10]! > 0);
  assert.ok(regret.p10.every((x) => x >= 0));
  misalignment.mean.forEach((x, t) => {
    assert.ok(misalignment.p10[t]! <= x + 1e-12 && x <= misalignment.p90[t]! + 1e-12);
  });
  assert.deepEqual(repeatedBands(pool, evaluator, options)[0], played);
});

Deno.test("playRepeated() draws from π_t: the developer's counts have its mean", async () => {
  // Without forgetting and with one skill a task, known skills are counts, and θ_1 shows them.
  const pool = makePool(matrix(3, 3, Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1)));
  const initial = Float64Array.of(0.6, 0.3, 0.1);
  for (
    const correction of [{ kind: "uniform" }, { kind: "gap_gaussian", bandwidth: 0.1 }] as const
  ) {
    const evaluator = await path(pool, initial, correction, 0.5, 3);
    const [k, R] = [50, 400];
    const sum = new Float64Array(3);
    playRepeated(
      pool,
      evaluator,
      { ks: [k], forgetting: 1, replicates: R, seed: "pi" },
      (_r, t, _b, m) => {
        // Forgetting all but the last round's: θ_t ∝ 1 + counts of round t − 1.
        sum[t]! += m.misalignment / R;
      },
    );
    for (const t of [1, 2]) {
      const pi = evaluator.distribution(t - 1);
      const share = evaluator.evenShare[t - 1]!;
      const known = Float64Array.from(pi, (p) => 1 + k * (share / 3 + (1 - share) * p));
      const theta = bestResponse(known);
      const g = evaluator.bias.subarray(t * 3, (t + 1) * 3);
      near(sum[t]!, dot(g, theta) - dot(g, pool.thetaBest), 0.01);
    }
  }
});

Deno.test("roundLoss() is σ²/k + γ Δ", () =>
  near(roundLoss({ variance: 0.2, misalignment: 0.1 }, 4, 0.05), 0.055));
