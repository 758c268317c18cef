import assert from "node:assert/strict";
import { firstCrossing, gram, parallelAnalysis } from "../../lib/estimation/parallel_analysis.ts";
import { standardiseItems } from "../../lib/estimation/standardised_items.ts";
import { quantile } from "../../lib/numeric/quantile.ts";
import { filterItems } from "../../lib/responses/filter_items.ts";
import { indexResponses } from "../../lib/responses/index_responses.ts";
import { readParquet } from "../../lib/responses/read_parquet.ts";
import { simulateResponses } from "../../lib/responses/simulate_responses.ts";
import { allowed, shared, sharedPath } from "../support.ts";
import { tableFromRows } from "../table_from_rows.ts";

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

Deno.test("gram() has the trace p, and throws for an item that does not vary", () => {
  const items = standardiseItems(tableFromRows([[1, 0, 2], [0, null, 1], [4, 1, 7], [1, 1, null]]));
  const { data, rows } = gram(items);
  const trace = Array.from({ length: rows }, (_, s) => data[s * rows + s]!)
    .reduce((sum, x) => sum + x, 0);
  assert.ok(Math.abs(trace - 3) < 1e-12);
  assert.throws(() => standardiseItems(tableFromRows([[1], [1]])), /item i0: it is constant/);
});

const file = "oracles/parallel_analysis.json";
Deno.test({
  name: "parallelAnalysis() gives the oracle's eigenvalues within 1e-8 and number of factors",
  ignore: !shared(file),
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
  ignore: !shared(table),
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
  name: "parallelAnalysis() finds 8 factors in simulated responses, for several seeds",
  ignore: !allowed("read"),
  fn: async () => {
    for (const seed of ["0", "1", "2"]) {
      const { responses } = filterItems(simulateResponses(seed), {
        minSubjects: 3,
        minMinority: 3,
      });
      assert.equal((await parallelAnalysis(responses, OPTIONS)).nFactors, 8);
    }
  },
});
