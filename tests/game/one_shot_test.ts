import assert from "node:assert/strict";
import { initialDistribution } from "../../lib/game/initial_distribution.ts";
import {
  developerWeights,
  empiricalRisk,
  knownTasks,
  transparency,
} from "../../lib/game/one_shot.ts";
import { makePool } from "../../lib/game/pool.ts";
import { weightedOrder } from "../../lib/game/sampling.ts";
import { matrix } from "../../lib/stats/matrix.ts";
import { syntheticPool } from "../../lib/pool/synthetic_pool.ts";
import { stream } from "../../lib/stats/random/stream.ts";
import { allowed } from "../support.ts";

/** numjs, which sorts by mass, reads the environment. */
const ignore = !allowed("read", "env");

const near = (a: number, b: number, within = 1e-12): void =>
  assert.ok(Math.abs(a - b) <= within, `${a} is not ${b}`);

const SMALL = makePool(matrix(3, 2, Float64Array.of(1, 0, 0.6, 0.8, 0, 1)));

Deno.test("transparency() of a single task is that task: its score its norm, its utility by hand", () => {
  // All of π_0 on the second task, z = (0.6, 0.8): θ = z, u = (1.6 · 0.6 + 1.8 · 0.8)/3 = 0.8.
  const how = { draws: 5, seed: "one" };
  const { publishedScore, utility } = transparency(SMALL, Float64Array.of(0, 1, 0), [1], how);
  publishedScore.data.forEach((x) => near(x, 1));
  utility.data.forEach((x) => near(x, 0.8 / (Math.sqrt(145) / 15)));
});

Deno.test("transparency() of all tasks publishes ‖μ‖ and is worth the best", () => {
  const { publishedScore, utility } = transparency(SMALL, Float64Array.of(0.6, 0.3, 0.1), [2, 3], {
    draws: 20,
    seed: "all",
  });
  for (let r = 0; r < 20; r++) {
    near(publishedScore.data[2 * r + 1]!, SMALL.muNorm);
    near(utility.data[2 * r + 1]!, 1);
  }
  assert.throws(
    () => transparency(SMALL, Float64Array.of(1, 0, 0), [4], { draws: 1, seed: "" }),
    /4 of 3/,
  );
});

Deno.test({
  name: "empiricalRisk() of full awareness is worth the best, and more awareness is worth more",
  ignore,
  fn: async () => {
    const pool = makePool((await syntheticPool(6, 30, "erm")).z);
    const even = new Float64Array(180).fill(1 / 180);
    const utility = empiricalRisk(pool, even, [0.02, 0.1, 0.5, 1], { draws: 100, seed: "erm" });
    const means = [0, 1, 2, 3].map((a) => {
      let sum = 0;
      for (let r = 0; r < 100; r++) sum += utility.data[4 * r + a]!;
      return sum / 100;
    });
    near(means[3]!, 1);
    assert.ok(means[0]! < means[1]! && means[1]! < means[2]! && means[2]! < 1);
  },
});

Deno.test("developerWeights() interpolates from uniform to the developer's bias", () => {
  const bias = initialDistribution(SMALL.z, 0.4);
  developerWeights(SMALL.z, 0.4, 0).forEach((w) => near(w, 1 / 3));
  developerWeights(SMALL.z, 0.4, 1).forEach((w, i) => near(w, bias[i]!));
  developerWeights(SMALL.z, 0.4, 0.25).forEach((w, i) => near(w, 0.25 + 0.25 * bias[i]!));
});

Deno.test("knownTasks() rounds α N, and is one at the least", () => {
  assert.deepEqual([knownTasks(0.001, 40), knownTasks(0.06, 40), knownTasks(1, 40)], [1, 2, 40]);
});

Deno.test("weightedOrder() draws one by one in proportion to the weights, zero weights last", () => {
  const weights = Float64Array.of(0.5, 0, 0.3, 0.2);
  const first = new Float64Array(4);
  let pairs = 0;
  const R = 20_000;
  for (let r = 0; r < R; r++) {
    const order = weightedOrder(weights, stream("order", r));
    assert.equal(order[3], 1);
    first[order[0]!]! += 1 / R;
    if (order[0] === 0 && order[1] === 2) pairs += 1 / R;
  }
  // Five standard errors of a share of one half are 0.018.
  [0.5, 0, 0.3, 0.2].forEach((w, i) => near(first[i]!, w, 0.018));
  // 0.5 · 0.3/(0.3 + 0.2).
  near(pairs, 0.3, 0.018);
});
