import assert from "node:assert/strict";
import { evaluatorPaths } from "../../lib/game/evaluator_path.ts";
import { logSpaced } from "../../lib/game/grids.ts";
import { argmin } from "../../lib/game/least_cost.ts";
import { meanFieldOptimum, NEAR_LEAST } from "../../lib/game/mean_field_optimum.ts";
import { makePool } from "../../lib/game/pool.ts";
import { totalCostMeanField } from "../../lib/game/total_cost.ts";
import { matrix } from "../../lib/stats/matrix.ts";
import { plainProduct as product } from "../../lib/stats/plain_product.ts";

const POOL = makePool(matrix(3, 2, Float64Array.of(1, 0, 0.6, 0.8, 0, 1)));
const INITIAL = Float64Array.of(0.9, 0.08, 0.02);

Deno.test("meanFieldOptimum() is the least of a dense grid, and its interval is where cost is within 2 %", async () => {
  const developer = { forgetting: 0.1, priorMass: 100 };
  for await (
    const path of evaluatorPaths(POOL, INITIAL, { kind: "uniform" }, [0.1], 60, product)
  ) {
    const found = meanFieldOptimum(POOL, path, developer, 0.5, 300);
    const ks = logSpaced(1, 300, 20001);
    const cost = totalCostMeanField(POOL, path, { ks, ...developer }, 0.5).cost.data;
    const best = argmin(cost);
    assert.ok(best > 0 && best < ks.length - 1 && !found.isAtEdge);
    assert.ok(Math.abs(Math.log(found.k / ks[best]!)) < 1e-3);
    assert.ok(found.cost <= cost[best]!);
    const near = ks.filter((_, n) => cost[n]! <= (1 + NEAR_LEAST) * cost[best]!);
    assert.ok(Math.abs(Math.log(found.low / near[0]!)) < 1e-3);
    assert.ok(Math.abs(Math.log(found.high / near.at(-1)!)) < 1e-3);
  }
});

Deno.test("meanFieldOptimum() says that it is at the edge, where nothing is lost by more tasks", async () => {
  for await (
    const path of evaluatorPaths(POOL, INITIAL, { kind: "uniform" }, [0.1], 20, product)
  ) {
    const developer = { forgetting: 0.1, priorMass: 100 };
    const { k, high, isAtEdge } = meanFieldOptimum(POOL, path, developer, 0, 50);
    assert.deepEqual([k, high, isAtEdge], [50, 50, true].map((x) => x === 50 ? k : x));
    assert.ok(Math.abs(k - 50) < 1e-9);
  }
});
