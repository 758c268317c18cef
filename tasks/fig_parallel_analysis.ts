import { z } from "zod";
import { findFact, readArtifact } from "../lib/artifact/artifact.ts";
import { parallelAnalysisFigure } from "../lib/figure/parallel_analysis_figure.ts";
import { writeFigure } from "../lib/figure/write_figure.ts";
import { numbers } from "../lib/npz/npz.ts";
import { defineTask } from "../lib/workflow/task.ts";

export default defineTask({
  description: "Draws the scree of parallel analysis",
  params: z.object({ width: z.number().min(2).max(12) }),
  inputs: { parallel_analysis: { kind: "npz" } },
  outputs: { pdf: { kind: "pdf" }, csv: { kind: "csv" } },
  async run(context): Promise<void> {
    const analysis = await readArtifact(context.inputs.parallel_analysis);
    const replications = numbers(analysis.arrays, "replications", Float64Array);
    const figure = await parallelAnalysisFigure({
      eigenvalues: numbers(analysis.arrays, "eigenvalues", Float64Array).data,
      thresholds: numbers(analysis.arrays, "thresholds", Float64Array).data,
      nFactors: numbers(analysis.arrays, "n_factors", Int32Array).data[0] ?? 1,
    }, {
      percentile: Number(findFact(analysis.lineage, "percentile")),
      replications: replications.shape[0] ?? 0,
      width: context.params.width,
    });
    await writeFigure(context, { parallel_analysis: analysis }, figure);
  },
});
