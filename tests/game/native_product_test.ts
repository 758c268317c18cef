import assert from "node:assert/strict";
import type { Correction } from "../../lib/game/correction.ts";
import { evaluatorPaths } from "../../lib/game/evaluator_path.ts";
import { initialDistribution } from "../../lib/game/initial_distribution.ts";
import { playMeanField } from "../../lib/game/mean_field.ts";
import { makePool } from "../../lib/game/pool.ts";
import { nativeProduct } from "../../lib/onnx/native_matrix.ts";
import { syntheticPool } from "../../lib/pool/synthetic_pool.ts";
import type { Multiply } from "../../lib/stats/matrix.ts";
import { plainProduct } from "../../lib/stats/plain_product.ts";
import { allowed } from "../support.ts";

Deno.test({
  name: "the page's plain product and the command line's native one give the same curves to 1e-12",
  ignore: !allowed("read", "env", "ffi", "sys"),
  fn: async () => {
    const pool = makePool((await syntheticPool(6, 30, "products")).z);
    const initial = initialDistribution(pool.z, 0.3);
    await using native = await nativeProduct();
    const curves = async (multiply: Multiply): Promise<number[]> => {
      const found: number[] = [];
      const corrections: Correction[] = [
        { kind: "gap_gaussian", bandwidth: 0.1 },
        { kind: "uniform" },
      ];
      for (const correction of corrections) {
        for await (
          const path of evaluatorPaths(pool, initial, correction, [0.01, 0.2], 120, multiply)
        ) {
          const options = { ks: [1, 20, 150], forgetting: path.rho };
          playMeanField(pool, path, options, (_t, _k, measures) => {
            found.push(measures.misalignment, measures.regret, measures.variance);
          });
        }
      }
      return found;
    };
    const [plain, fast] = [await curves(plainProduct), await curves(native.multiply)];
    assert.equal(plain.length, 2 * 2 * 120 * 3 * 3);
    const apart = plain.map((value, n) => Math.abs(value - fast[n]!));
    assert.ok(Math.max(...apart) < 1e-12, `${Math.max(...apart)}`);
  },
});
