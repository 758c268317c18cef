import assert from "node:assert/strict";
import fc from "fast-check";
import { correlationMetric } from "../../lib/estimation/correlation_metric.ts";
import { columnSums, type Matrix, matrix } from "../../lib/stats/matrix.ts";
import { columnMass, positivePart } from "../../lib/stats/ndarray.ts";
import { intoUnitBall, loadingsToTasks, sparsify } from "../../lib/pool/loadings_to_tasks.ts";
import { readPool } from "../../lib/pool/read_pool.ts";
import { sampleWithoutReplacement } from "../../lib/stats/random/sample.ts";
import { stream } from "../../lib/stats/random/stream.ts";
import { allowed } from "../support.ts";

Deno.test("correlationMetric() makes a row's squared length the communality", () => {
  const { data } = correlationMetric(matrix(1, 2, Float64Array.of(3, 4)), Float64Array.of(75));
  assert.deepEqual(data, Float64Array.of(0.3, 0.4));
});

Deno.test("intoUnitBall() shortens only what is too long", () => {
  assert.deepEqual(intoUnitBall(Float64Array.of(0.6, 0)), Float64Array.of(0.6, 0));
  assert.deepEqual(intoUnitBall(Float64Array.of(3, 4, 0)), Float64Array.of(0.6, 0.8, 0));
});

Deno.test({
  name: "positivePart() and columnMass() are the plain loops' numbers",
  ignore: !allowed("read", "env"),
  fn: async () => {
    const uniform = stream("whole arrays");
    const m = matrix(50, 3, Float64Array.from({ length: 150 }, () => 2 * uniform() - 1));
    const before = m.data.slice();
    const positive = await positivePart(m);
    assert.deepEqual(positive, matrix(50, 3, m.data.map((x) => Math.max(x, 0))));
    const mass = columnSums(matrix(50, 3, m.data.map((x) => x * x)));
    (await columnMass(m)).forEach((x, j) => assert.ok(Math.abs(x - mass[j]!) < 1e-12));
    assert.deepEqual(m.data, before);
  },
});

Deno.test("sparsify() drops entries of a small share and restores the norm", () => {
  // Shares 0.09 and 0.91 of a squared norm of 1: the first goes at tau = 0.1.
  const z = Float64Array.of(0.3, Math.sqrt(0.91));
  const sparse = sparsify(z, 0.1);
  assert.equal(sparse[0], 0);
  assert.ok(Math.abs(sparse[1]! - 1) < 1e-12);
  assert.deepEqual(sparsify(z, 0.05), z);
});

Deno.test("sparsify() keeps the norm and the positive ball (property)", () => {
  const vectors = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
    minLength: 1,
    maxLength: 9,
  });
  fc.assert(fc.property(vectors, fc.double({ min: 0, max: 0.9, noNaN: true }), (values, tau) => {
    const z = intoUnitBall(Float64Array.from(values, (x) => Math.max(x, 0)));
    const sparse = sparsify(z, tau);
    assert.ok(Math.abs(Math.hypot(...sparse) - Math.hypot(...z)) < 1e-9);
    assert.ok(Math.hypot(...sparse) <= 1 + 1e-9);
    assert.ok(sparse.every((x, j) => x >= 0 && (z[j]! > 0 || x === 0)));
  }));
});

Deno.test({
  name: "loadingsToTasks() sorts axes by mass and drops rows without a positive loading",
  ignore: !allowed("read"),
  fn: async () => {
    const rows = [[0.1, 0.8, 0], [-0.5, -0.1, -0.2], [0, 0.5, 0.6], [0, 0.6, 0.5]];
    const loadings = matrix(4, 3, Float64Array.from(rows.flat()));
    const { sparsified, axisOrder, axisMass, kept } = await loadingsToTasks(loadings, 0.1);
    assert.deepEqual(kept, [0, 2, 3]);
    assert.deepEqual(axisOrder, [1, 2, 0]);
    assert.ok(axisMass[0]! > axisMass[1]! && axisMass[1]! > axisMass[2]!);
    assert.ok(Math.abs(axisMass[0]! - (0.65 + 0.25 + 0.36)) < 1e-12);
    assert.deepEqual(Array.from(sparsified.data.subarray(3)), [0.5, 0.6, 0, 0.6, 0.5, 0]);
  },
});

Deno.test("readPool() gives what a game can be played on, and names the row that is wrong", () => {
  const pool = (...z: number[]): Matrix => matrix(z.length / 2, 2, Float64Array.from(z));
  const given = pool(0.6, 0.8, 1, 0);
  assert.equal(readPool(given, "p.npz"), given);
  const cases: readonly (readonly [Matrix, RegExp])[] = [
    [pool(0.6, 0.8, 1, 1), /p\.npz: row 2 of z has norm 1\.4142/],
    [pool(0.6, -0.1), /row 1 of z has a negative entry/],
    [pool(0, 0), /row 1 of z is zero/],
    [pool(0.6, 0.8), /z has one row/],
    [pool(), /z is empty/],
  ];
  for (const [z, message] of cases) assert.throws(() => readPool(z, "p.npz"), message);
});

Deno.test("sampleWithoutReplacement() gives distinct numbers in order, and all of them at k = n", () => {
  const sample = sampleWithoutReplacement(100, 20, stream("sample test"));
  assert.equal(new Set(sample).size, 20);
  assert.deepEqual(sample.toSorted(), sample);
  assert.deepEqual(sampleWithoutReplacement(3, 3, stream(0)), Int32Array.of(0, 1, 2));
});
