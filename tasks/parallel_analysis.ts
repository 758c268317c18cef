import { z } from "zod";
import * as kinds from "../lib/artifact/kinds.ts";
import { parallelAnalysis } from "../lib/estimation/parallel_analysis.ts";
import { responsesOf } from "../lib/responses/responses.ts";
import { artifactTask } from "./_artifact_task.ts";

export default artifactTask({
  description: "Finds the number of skills by Horn's parallel analysis",
  params: z.object({
    n_replications: z.int().positive(),
    percentile: z.number().min(0).max(100),
  }),
  inputs: { items: kinds.items },
  output: ["parallel_analysis", kinds.parallelAnalysis],
  native: true,
  seeded: true,
  make: async ({ params, seed, inputs: { items: { arrays, dims } }, progress, log, warn }) => {
    const { n_replications, percentile } = params;
    const { eigenvalues, replications, thresholds, nFactors } = await parallelAnalysis(
      responsesOf(arrays),
      { nReplications: n_replications, percentile, seed },
      (share) => progress(share, `${Math.round(100 * share)} % of the items`),
    );
    const shares = Array.from(eigenvalues.subarray(0, nFactors), (v) => (v / dims.p).toFixed(3));
    log(
      `${nFactors} ${nFactors === 1 ? "factor" : "factors"}; their shares of the variance: ${
        shares.join(", ")
      }`,
    );
    if (!(eigenvalues[0]! > thresholds[0]!)) {
      warn("no eigenvalue exceeds its threshold; taking 1 factor, the least");
    }
    return {
      arrays: { eigenvalues, replications, thresholds, n_factors: nFactors },
      facts: {
        n_factors: nFactors,
        n_subjects: dims.S,
        n_items: dims.p,
        percentile,
        n_replications,
        seed,
      },
    };
  },
});
