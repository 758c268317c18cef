import assert from "node:assert/strict";
import { firstCrossing, parallelAnalysis } from "../../lib/estimation/parallel_analysis.ts";
import { standardisedItems } from "../../lib/estimation/standardised_items.ts";
import { quantile } from "../../lib/stats/quantile.ts";
import { filterItems } from "../../lib/responses/filter_items.ts";
import { indexResponses } from "../../lib/responses/index_responses.ts";
import { readParquet } from "../../lib/responses/read_parquet.ts";
import { simulateResponses } from "../../lib/responses/simulate_responses.ts";
import { allowed, shared, sharedPath } from "../support.ts";
import { tableFromRows } from "../table_from_rows.ts";

const native = { ignore: !allowed("read", "ffi", "env", "sys") };
const OPTIONS = { nReplications: 20, percentile: 95, seed: "0" };

Deno.test("quantile() uses linear interpolation, as numpy's default", () => {
  assert.equal(quantile([1, 2, 3, 4], 0.5), 2.5);
  assert.equal(quantile([0, 10], 0.95), 9.5);
  assert.equal(quantile([3], 0.1), 3);
  assert.throws(() => quantile([], 0.5), RangeError);
});

Deno.test("firstCrossing() stops at the first rank below its threshold, and gives at least 1", () => {
  assert.equal(firstCrossing(Float64Array.of(5, 3, 1, 2), Float64Array.of(2, 2, 2, 1)), 2);
  assert.equal(firstCrossing(Float64Array.of(1, 3), Float64Array.of(2, 2)), 1);
});

/** A table with an item each of two and of many values, and missing cells. */
const SMALL = [[1, 0, 2], [0, null, 1], [4, 1, 7], [1, 1, null]];

Deno.test("standardisedItems() gives the same items in blocks of any size", () => {
  const table = tableFromRows(SMALL);
  const cells = (itemsPerBlock: number): string[][] =>
    [...standardisedItems(table, itemsPerBlock)].flatMap(({ start, subject, z }) =>
      Array.from({ length: start.length - 1 }, (_, i) =>
        Array.from(
          subject.subarray(start[i], start[i + 1]),
          (s, c) => `${s} ${z[start[i]! + c]}`,
        ).sort())
    );
  assert.deepEqual(cells(1), cells(3));
  assert.deepEqual(cells(2), cells(3));
  const second = cells(3)[1]!.map((cell) => cell.split(" ").map(Number));
  // 0, 1 and 1 of four subjects: mean 2/3, variance (4/9 + 1/9 + 1/9) / 4 = 1/6.
  const expected = [[0, -2 / 3], [2, 1 / 3], [3, 1 / 3]].map(([s, y]) => [s!, y! * Math.sqrt(6)]);
  second.forEach(([s, z], n) => {
    assert.equal(s, expected[n]![0]);
    assert.ok(Math.abs(z! - expected[n]![1]!) < 1e-12);
  });
});

Deno.test("standardisedItems() throws for an item that does not vary", () => {
  const read = (): unknown => [...standardisedItems(tableFromRows([[0, 1], [1, 1]]), 5)];
  assert.throws(read, /item i1: it is constant/);
});

Deno.test("parallelAnalysis() has eigenvalues that sum to p, permuted or not", native, async () => {
  const { eigenvalues, replications } = await parallelAnalysis(tableFromRows(SMALL), OPTIONS);
  const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
  assert.ok(Math.abs(sum(eigenvalues) - 3) < 1e-12);
  for (let r = 0; r < replications.rows; r++) {
    const row = replications.data.subarray(r * replications.cols, (r + 1) * replications.cols);
    assert.ok(Math.abs(sum(row) - 3) < 1e-12);
  }
});

Deno.test("parallelAnalysis() deals values out every way alike", native, async () => {
  // Two items of one rare value each: they fall on one subject in a quarter of the replications, and
  // then correlate wholly; else by −1/3. A third item of three values has six orders.
  const rows = [[1, 1, 0], [0, 0, 0.5], [0, 0, 1], [0, 0, null]];
  const nReplications = 4000;
  const first = tableFromRows(rows.map((row) => row.slice(0, 2)));
  const { replications } = await parallelAnalysis(first, { ...OPTIONS, nReplications });
  const together = Array.from({ length: nReplications }, (_, r) => replications.data[r * 4]!)
    .filter((value) => value > 1.9).length;
  const error = Math.sqrt(nReplications * 0.25 * 0.75);
  assert.ok(Math.abs(together - nReplications / 4) < 4 * error, `${together}`);
  const second = tableFromRows(rows.map((row) => row.slice(1)));
  const orders = await parallelAnalysis(second, { ...OPTIONS, nReplications });
  // The rare 1 meets 0, 0.5, 1 or the missing cell: correlations −c, 0, c, 0.
  const largest = Array.from({ length: nReplications }, (_, r) => orders.replications.data[r * 4]!);
  const apart = largest.filter((value) => value > 1.01).length;
  assert.ok(Math.abs(apart - nReplications / 2) < 4 * Math.sqrt(nReplications / 4), `${apart}`);
});

const file = "oracles/parallel_analysis.json";
Deno.test({
  name: "parallelAnalysis() gives the oracle's eigenvalues within 1e-8 and number of factors",
  ignore: native.ignore || !shared(file),
  fn: async (t) => {
    const oracle = JSON.parse(await Deno.readTextFile(sharedPath(file)));
    for (
      const { name, data, eigenvalues, n_factors } of Array.isArray(oracle) ? oracle : oracle.cases
    ) {
      await t.step(name, async () => {
        const found = await parallelAnalysis(tableFromRows(data), OPTIONS);
        found.eigenvalues.forEach((value, rank) => {
          const expected = eigenvalues[rank] ?? 0;
          assert.ok(Math.abs(value - expected) < 1e-8, `rank ${rank}: ${value} ${expected}`);
        });
        assert.equal(found.nFactors, n_factors);
      });
    }
  },
});

const table = "data/mmlupro_responses.parquet";
Deno.test({
  name: "parallelAnalysis() finds 5 factors in the real table, with and without the filter",
  ignore: native.ignore || !shared(table),
  fn: async () => {
    const long = await readParquet(await Deno.readFile(sharedPath(table)), table);
    const { responses } = indexResponses(long, table);
    const expected = [
      { minMinority: 3, items: 9304, shares: [0.190, 0.054, 0.044, 0.043, 0.040] },
      { minMinority: 0, items: 11020, shares: [0.172, 0.056, 0.043, 0.041, 0.040] },
    ];
    for (const { minMinority, items, shares } of expected) {
      const { responses: kept } = filterItems(responses, { minSubjects: 3, minMinority });
      assert.equal(kept.itemIds.length, items);
      const { eigenvalues, nFactors } = await parallelAnalysis(kept, OPTIONS);
      assert.equal(nFactors, 5);
      shares.forEach((share, rank) =>
        assert.ok(Math.abs(eigenvalues[rank]! / items - share) < 0.001)
      );
    }
  },
});

Deno.test({
  name:
    "parallelAnalysis() finds 5 factors in simulated responses, whose leading eigenvalues are as the real ones",
  ...native,
  fn: async () => {
    for (const seed of ["0", "1", "2"]) {
      const { responses } = filterItems(simulateResponses(seed), {
        minSubjects: 3,
        minMinority: 3,
      });
      const { nFactors, eigenvalues } = await parallelAnalysis(responses, OPTIONS);
      assert.equal(nFactors, 5);
      [0.1722, 0.0562, 0.0429, 0.0413, 0.0397].forEach((share, rank) => {
        const found = eigenvalues[rank]! / responses.itemIds.length;
        assert.ok(Math.abs(found / share - 1) < 0.15, `seed ${seed}, rank ${rank}: ${found}`);
      });
    }
  },
});
