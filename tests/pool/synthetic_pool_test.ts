import assert from "node:assert/strict";
import { syntheticPool } from "../../lib/pool/synthetic_pool.ts";
import { allowed } from "../support.ts";

/** numjs, which sorts by mass, reads the environment. */
const ignore = !allowed("read", "env");

Deno.test({
  name:
    "syntheticPool() has n tasks a layer, of unit norm and as many skills as the layer, mass-sorted",
  ignore,
  fn: async () => {
    const { z, layer, axisMass } = await syntheticPool(5, 40, "a");
    assert.deepEqual([z.rows, z.cols], [200, 5]);
    for (let i = 0; i < z.rows; i++) {
      const row = z.data.subarray(i * 5, (i + 1) * 5);
      assert.equal(layer[i], 1 + Math.floor(i / 40));
      assert.equal(row.filter((x) => x > 0).length, layer[i]);
      assert.ok(Math.abs(Math.hypot(...row) - 1) < 1e-12);
    }
    assert.ok(axisMass.every((mass, j) => j === 0 || mass <= axisMass[j - 1]!));
    assert.deepEqual((await syntheticPool(5, 40, "a")).z, z);
    assert.notDeepEqual((await syntheticPool(5, 40, "b")).z, z);
  },
});
