import { z } from "zod";
import { lineageOf, readArtifact, writeArtifact } from "../lib/artifact/artifact.ts";
import { parallelAnalysis } from "../lib/estimation/parallel_analysis.ts";
import { responsesFromArrays } from "../lib/responses/responses.ts";
import { defineTask } from "../lib/runner/task.ts";

export default defineTask({
  description: "Finds the number of skills by Horn's parallel analysis",
  params: z.object({
    n_replications: z.int().positive(),
    percentile: z.number().min(0).max(100),
  }),
  inputs: { items: { kind: "npz" } },
  outputs: { parallel_analysis: { kind: "npz" } },
  native: true,
  seeded: true,
  async run({ params, seed, inputs, outputs, provenance, progress, log, warn }): Promise<void> {
    const items = await readArtifact(inputs.items);
    const responses = responsesFromArrays(items.arrays);
    const { eigenvalues, replications, thresholds, nFactors } = await parallelAnalysis(
      responses,
      { nReplications: params.n_replications, percentile: params.percentile, seed },
      (share) => progress(share, `${Math.round(100 * share)} % of the items`),
    );
    const p = responses.itemIds.length;
    const shares = Array.from(eigenvalues.subarray(0, nFactors), (v) => (v / p).toFixed(3));
    log(
      `${nFactors} ${nFactors === 1 ? "factor" : "factors"}; their shares of the variance: ${
        shares.join(", ")
      }`,
    );
    if (!(eigenvalues[0]! > thresholds[0]!)) {
      warn("no eigenvalue exceeds its threshold; taking 1 factor, the least");
    }
    const facts = {
      n_factors: nFactors,
      n_subjects: responses.subjectIds.length,
      n_items: p,
      percentile: params.percentile,
      n_replications: params.n_replications,
      seed,
    };
    await writeArtifact(outputs.parallel_analysis, {
      eigenvalues: { shape: [eigenvalues.length], data: eigenvalues },
      replications: { shape: [replications.rows, replications.cols], data: replications.data },
      thresholds: { shape: [thresholds.length], data: thresholds },
      n_factors: { shape: [], data: Int32Array.of(nFactors) },
    }, lineageOf({ params, provenance }, { items }, facts));
  },
});
