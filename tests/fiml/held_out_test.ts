import assert from "node:assert/strict";
import { additiveModel } from "../../lib/estimation/fiml/additive_model.ts";
import { fimlGraph } from "../../lib/estimation/fiml/fiml_graph.ts";
import { type Fit, fitFiml } from "../../lib/estimation/fiml/fit_fiml.ts";
import { heldOutByFactors, heldOutScore } from "../../lib/estimation/fiml/held_out.ts";
import { encodeModel } from "../../lib/onnx/encode_model.ts";
import { filterItems } from "../../lib/responses/filter_items.ts";
import { indexResponses } from "../../lib/responses/index_responses.ts";
import { readParquet } from "../../lib/responses/read_parquet.ts";
import type { Responses } from "../../lib/responses/responses.ts";
import { allowed, shared, sharedPath } from "../support.ts";
import { tableFromRows } from "../table_from_rows.ts";

const FILE = "data/mmlupro_responses.parquet";

async function fit(table: Responses, nFactors: number): Promise<Fit> {
  return await fitFiml(table, {
    graph: await encodeModel(fimlGraph({ nFactors, precision: "float64", depth: 4 }), {}),
    ...{ nFactors, precision: "float64", device: "cpu", threads: 2 },
    ...{ maxEpochs: 3000, tolerance: 1e-9, psiFloor: 0.2 },
  });
}

Deno.test("additiveModel() is exact where responses are, missing cells and all", () => {
  // a = (0, 0.2, 0.4) and b = (0.1, 0.3), of which two cells are missing.
  const table = tableFromRows([[0.1, 0.3], [0.3, null], [null, 0.7]]);
  const { subject, item } = additiveModel(table);
  table.response.forEach((y, n) => {
    assert.ok(Math.abs(subject[table.subject[n]!]! + item[table.item[n]!]! - y) < 1e-7);
  });
  assert.ok(Math.abs(subject[1]! + item[1]! - 0.5) < 1e-6);
});

Deno.test({
  name:
    "heldOutByFactors() of the real table: one skill predicts better than five (model sections 1 and 3)",
  ignore: !allowed("read", "ffi", "env", "sys") || !shared(FILE),
  fn: async () => {
    const long = await readParquet(await Deno.readFile(sharedPath(FILE)), FILE);
    const { responses } = filterItems(indexResponses(long, FILE).responses, {
      minSubjects: 3,
      minMinority: 3,
    });
    const found = await heldOutByFactors(responses, 0.1, "0", [1, 2, 5], fit);
    const near = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 0.003, `${a}, ${b}`);
    near(found.brierOfMean, 0.2026);
    [0.1713, 0.1738, 0.1858].forEach((brier, n) => near(found.brier[n]!, brier));
    assert.ok(found.brierOfAdditive < found.brierOfMean && found.brier[0]! < found.brier[2]!);
    const one = await heldOutScore(responses, 0.1, "0", (seen) => fit(seen, 2));
    assert.deepEqual(one, {
      brier: found.brier[1],
      brierOfMean: found.brierOfMean,
      nHidden: found.nHidden,
    });
  },
});
