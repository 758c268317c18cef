import assert from "node:assert/strict";
import { correlationMetric } from "../../lib/estimation/correlation_metric.ts";
import { fimlGraph } from "../../lib/estimation/fiml/fiml_graph.ts";
import type { Precision } from "../../lib/estimation/fiml/precision.ts";
import { fitFiml } from "../../lib/estimation/fiml/fit_fiml.ts";
import { type BestRotation, rotate } from "../../lib/estimation/rotation/rotate.ts";
import { encodeModel } from "../../lib/onnx/encode_model.ts";
import { filterItems } from "../../lib/responses/filter_items.ts";
import { indexResponses } from "../../lib/responses/index_responses.ts";
import { readParquet } from "../../lib/responses/read_parquet.ts";
import { matchColumns } from "../match_columns.ts";
import { allowed, shared, sharedPath } from "../support.ts";

const FILE = "data/mmlupro_responses.parquet";

Deno.test({
  name: "rotate() takes the real table's loadings from every start to one criterion, in float32 " +
    "within 1e-3 of float64",
  ignore: !allowed("read", "ffi", "env", "sys") || !shared(FILE),
  fn: async () => {
    const long = await readParquet(await Deno.readFile(sharedPath(FILE)), FILE);
    const { responses } = filterItems(indexResponses(long, FILE).responses, {
      minSubjects: 3,
      minMinority: 3,
    });
    const rotated = async (precision: Precision): Promise<BestRotation> => {
      const nFactors = 5;
      const { model, converged } = await fitFiml(responses, {
        graph: await encodeModel(fimlGraph({ nFactors, precision, depth: 6 }), {}),
        nFactors,
        precision,
        device: "cpu",
        maxEpochs: 3000,
        tolerance: 1e-12,
        psiFloor: 0.2,
        threads: 2,
      });
      assert.ok(converged);
      return await rotate(correlationMetric(model.loadings, model.uniqueness), {
        method: "quartimin",
        nStarts: 8,
        kaiser: true,
        seed: "0",
      });
    };
    const wide = await rotated("float64");
    assert.equal(wide.fallback, undefined);
    assert.equal(wide.nConverged, 8);
    assert.ok(wide.spread < 1e-9 * wide.criterion, `${wide.spread}`);
    assert.ok(wide.conditionPhi < 10, `${wide.conditionPhi}`);
    const { matched } = matchColumns(wide.loadings, (await rotated("float32")).loadings);
    const apart = wide.loadings.data.map((x, n) => Math.abs(x - matched.data[n]!));
    const worst = apart.reduce((most, x) => Math.max(most, x), 0);
    assert.ok(worst < 1e-3, `${worst}`);
  },
});
