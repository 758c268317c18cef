import assert from "node:assert/strict";
import { rotate } from "../../lib/estimation/rotation/rotate.ts";
import { matrix } from "../../lib/numeric/matrix.ts";
import { normal } from "../../lib/random/normal.ts";
import { stream } from "../../lib/random/stream.ts";
import { allowed, shared, sharedPath } from "../support.ts";

const file = "oracles/rotation_gpa.json";

Deno.test({
  name: "rotate() reaches GPArotation's best criterion within 1e-6, and its loadings",
  ignore: !shared(file),
  fn: async (t) => {
    const { cases } = JSON.parse(await Deno.readTextFile(sharedPath(file)));
    for (const oracle of cases) {
      for (const method of ["varimax", "quartimin"] as const) {
        for (const kaiser of [false, true]) {
          const name = `${method}_${kaiser ? "kaiser" : "raw"}`;
          await t.step(`${oracle.name} ${name}`, async () => {
            const loadings = matrix(oracle.p, oracle.d, Float64Array.from(oracle.loadings.flat()));
            const found = await rotate(loadings, { method, kaiser, nStarts: 60, seed: "0" });
            const { criterion, loadings: expected } = oracle[name];
            assert.equal(found.fallback, undefined);
            assert.ok(
              Math.abs(found.criterion - criterion) < 1e-6,
              `${found.criterion} against ${criterion}`,
            );
            assert.ok(distance(found.loadings.data, expected) < 1e-3);
          });
        }
      }
    }
  },
});

Deno.test({
  name: "rotate() gives columns of positive sum and, with quartimin, loadings that imply the same",
  ignore: !allowed("read"),
  fn: async () => {
    const gauss = normal(stream("rotate test"));
    const [p, d] = [30, 3];
    const loadings = matrix(p, d, Float64Array.from({ length: p * d }, gauss));
    const { loadings: L, phi } = await rotate(loadings, {
      method: "quartimin",
      kaiser: true,
      nStarts: 4,
      seed: "1",
    });
    for (let j = 0; j < d; j++) {
      let sum = 0;
      for (let i = 0; i < p; i++) sum += L.data[i * d + j]!;
      assert.ok(sum > 0);
    }
    // L Φ Lᵀ = A Aᵀ
    for (let i = 0; i < p; i++) {
      for (let h = 0; h < p; h++) {
        let [before, after] = [0, 0];
        for (let j = 0; j < d; j++) {
          before += loadings.data[i * d + j]! * loadings.data[h * d + j]!;
          for (let k = 0; k < d; k++) {
            after += L.data[i * d + j]! * phi.data[j * d + k]! * L.data[h * d + k]!;
          }
        }
        assert.ok(Math.abs(before - after) < 1e-9);
      }
    }
  },
});

/** Largest difference of entries, the columns matched in order and sign by their best congruence. */
function distance(found: Float64Array, expected: readonly (readonly number[])[]): number {
  const d = expected[0]!.length;
  let worst = 0;
  for (let j = 0; j < d; j++) {
    const candidates = Array.from(
      { length: d },
      (_, k) =>
        [1, -1].map((sign) =>
          Math.max(...expected.map((row, i) => Math.abs(row[j]! - sign * found[i * d + k]!)))
        ),
    ).flat();
    worst = Math.max(worst, Math.min(...candidates));
  }
  return worst;
}
