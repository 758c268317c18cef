import assert from "node:assert/strict";
import { correctionPath, initialDistribution } from "../../lib/game/evaluator.ts";
import { bestResponse, dot, makePool, type Pool, weightedSum } from "../../lib/game/pool.ts";
import { evaluatorPath, playRepeated } from "../../lib/game/repeated.ts";
import { matrix } from "../../lib/numeric/matrix.ts";
import { aliasTable, drawAlias } from "../../lib/random/alias_table.ts";
import { normal } from "../../lib/random/normal.ts";
import { stream } from "../../lib/random/stream.ts";

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

Deno.test("correctionPath() conserves mass, and h = 0 is the uniform rule (1 − ρ) π + ρ/N", () => {
  const { z } = randomPool(40, 4, 2);
  const initial = initialDistribution(z, 0.3);
  const gaussian = correctionPath(z, initial, { kind: "gap_gaussian", bandwidth: 0.1 }, 0.05, 50);
  for (const pi of gaussian) {
    near(pi.reduce((sum, x) => sum + x, 0), 1);
    assert.ok(pi.every((x) => x >= 0));
  }
  const zero = correctionPath(z, initial, { kind: "gap_gaussian", bandwidth: 0 }, 0.05, 50);
  const uniform = correctionPath(z, initial, { kind: "uniform" }, 0.05, 50);
  zero.forEach((pi, t) =>
    pi.forEach((x, i) => {
      near(x, uniform[t]![i]!);
      near(x, 0.95 ** t * initial[i]! + (1 - 0.95 ** t) / 40, 1e-10);
    })
  );
});

Deno.test("correctionPath() without correction stays where it is", () => {
  const initial = initialDistribution(SMALL.z, 0.3);
  const path = correctionPath(SMALL.z, initial, { kind: "gap_gaussian", bandwidth: 0.1 }, 0, 3);
  path.forEach((pi) => pi.forEach((x, i) => near(x, initial[i]!)));
});

Deno.test("aliasTable() draws with the given probabilities", () => {
  const p = Float64Array.of(0.1, 0.2, 0.3, 0.4);
  const table = aliasTable(p);
  const uniform = stream("alias");
  const counts = new Float64Array(4);
  for (let n = 0; n < 100_000; n++) counts[drawAlias(table, uniform)]! += 1;
  // Five standard errors of a binomial share.
  counts.forEach((c, i) => near(c / 100_000, p[i]!, 5 * Math.sqrt(p[i]! * (1 - p[i]!) / 100_000)));
});

Deno.test("playRepeated() agrees with keeping all N counts, draw for draw", () => {
  const pool = randomPool(30, 3, 3);
  const [k, rho, T, seed] = [4, 0.1, 25, "naive"];
  const N = pool.z.rows;
  const initial = initialDistribution(pool.z, 0.3);
  const correction = { kind: "gap_gaussian", bandwidth: 0.1 } as const;
  const path = evaluatorPath(pool, initial, correction, rho, T);
  const played = playRepeated(pool, path, {
    k,
    forgetting: rho,
    gamma: 0.05,
    replicates: 1,
    seed,
  });
  const pis = correctionPath(pool.z, initial, correction, rho, T);
  const uniform = stream(seed, "replicate", 0);
  const counts = new Float64Array(N);
  for (let t = 0; t < T; t++) {
    const theta = bestResponse(weightedSum(pool.z, (i) => 1 + counts[i]!));
    const scores = Array.from(
      { length: N },
      (_, i) => dot(pool.z.data.subarray(i * 3, i * 3 + 3), theta),
    );
    const expected = scores.reduce((sum, x, i) => sum + pis[t]![i]! * x, 0);
    const utility = scores.reduce((sum, x) => sum + x, 0) / N;
    const variance = scores.reduce((sum, x, i) => sum + pis[t]![i]! * (x - expected) ** 2, 0);
    const g = weightedSum(pool.z, (i) => pis[t]![i]! - 1 / N);
    const misalignment = expected - utility - dot(g, pool.thetaBest);
    near(played.exploitation_gap.mean[t]!, expected - utility, 1e-10);
    near(played.misalignment.mean[t]!, misalignment, 1e-10);
    near(played.regret.mean[t]!, pool.muNorm - utility, 1e-10);
    near(played.loss.mean[t]!, variance / k + 0.05 * misalignment, 1e-10);
    counts.forEach((c, i) => counts[i] = (1 - rho) * c);
    for (let n = 0; n < k; n++) counts[drawAlias(path.tables[t]!, uniform)]! += 1;
  }
});

Deno.test("playRepeated() has no misalignment in round 0, regret ≥ 0, and bands about the mean", () => {
  const pool = randomPool(60, 5, 4);
  const path = evaluatorPath(pool, initialDistribution(pool.z, 0.3), { kind: "uniform" }, 0.05, 40);
  const options = { k: 5, forgetting: 0.05, gamma: 0.05, replicates: 40, seed: "x" };
  const { misalignment, regret } = playRepeated(pool, path, options);
  near(misalignment.mean[0]!, 0);
  assert.ok(misalignment.mean[10]! > 0);
  assert.ok(regret.p10.every((x) => x >= 0));
  misalignment.mean.forEach((x, t) => {
    assert.ok(misalignment.p10[t]! <= x + 1e-12 && x <= misalignment.p90[t]! + 1e-12);
  });
  assert.deepEqual(playRepeated(pool, path, options).misalignment, misalignment);
});
