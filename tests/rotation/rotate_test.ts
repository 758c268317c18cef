import assert from "node:assert/strict";
import { rotate } from "../../lib/estimation/rotation/rotate.ts";
import { randomOrthogonal } from "../../lib/estimation/rotation/small_matrix.ts";
import { matrix } from "../../lib/stats/matrix.ts";
import { normal } from "../../lib/stats/random/normal.ts";
import { stream } from "../../lib/stats/random/stream.ts";
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

Deno.test({
  name: "rotate() gives the same columns in the same order, however the factors were turned",
  ignore: !allowed("read"),
  fn: async () => {
    const gauss = normal(stream("turned test"));
    const [p, d] = [60, 3];
    const loadings = matrix(p, d);
    loadings.data.forEach((_, n) =>
      loadings.data[n] = (n % d === Math.floor(n / d) % d ? 0.5 : 0) + 0.1 * gauss()
    );
    const turn = randomOrthogonal(d, gauss);
    const turned = matrix(
      p,
      d,
      loadings.data.map((_, n) => {
        const row = loadings.data.subarray(n - (n % d), n - (n % d) + d);
        return row.reduce((sum, x, k) => sum + x * turn[k * d + (n % d)]!, 0);
      }),
    );
    const options = { method: "quartimin", kaiser: true, nStarts: 4, seed: "1" } as const;
    const [a, b] = [await rotate(loadings, options), await rotate(turned, options)];
    a.loadings.data.forEach((x, n) => assert.ok(Math.abs(x - b.loadings.data[n]!) < 1e-6));
    a.phi.data.forEach((x, n) => assert.ok(Math.abs(x - b.phi.data[n]!) < 1e-6));
    const mass = [0, 1, 2].map((j) =>
      a.loadings.data.reduce((sum, x, n) => sum + (n % d === j ? x * x : 0), 0)
    );
    assert.deepEqual(mass, mass.toSorted((x, y) => y - x));
  },
});

Deno.test({
  name: "rotate() falls back on varimax, and says why, where quartimin does not converge",
  ignore: !allowed("read"),
  fn: async () => {
    // As many factors as items, of very different sizes: nothing holds the factors apart.
    const sizes = [-2.6, -0.1, -0.1, -0.3, -2.4, -0.1, 10.9, 0, -5.9, 0, 0, -5.4, -0.1, -1, 0.3, 0];
    const loadings = matrix(4, 4, Float64Array.from(sizes));
    const options = { kaiser: false, nStarts: 3, seed: "0" } as const;
    const found = await rotate(loadings, { ...options, method: "quartimin" });
    assert.equal(found.fallback, "quartimin converged from no start");
    assert.equal(found.method, "varimax");
    assert.equal(found.conditionPhi, 1);
    assert.deepEqual(
      found.loadings,
      (await rotate(loadings, { ...options, method: "varimax" })).loadings,
    );
  },
});

Deno.test({
  name: "rotate() leaves one factor as it is, but for its sign",
  ignore: !allowed("read"),
  fn: async () => {
    for (const method of ["quartimin", "varimax"] as const) {
      const loadings = matrix(3, 1, Float64Array.of(-0.5, 0.1, -0.3));
      const found = await rotate(loadings, { method, kaiser: true, nStarts: 2, seed: "0" });
      [0.5, -0.1, 0.3].forEach((x, i) => assert.ok(Math.abs(found.loadings.data[i]! - x) < 1e-12));
      assert.equal(found.fallback, undefined);
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
