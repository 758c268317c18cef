import { findFact } from "../lib/artifact/artifact.ts";
import { numbers } from "../lib/artifact/npz.ts";
import { figureTask } from "./_figure_task.ts";

export default figureTask({
  description: "Draws the scree of parallel analysis",
  input: "parallel_analysis",
  params: {},
  draw: async ({ arrays, lineage }, _params, page) => {
    const { parallelAnalysisFigure } = await import("../lib/figure/parallel_analysis_figure.ts");
    return parallelAnalysisFigure({
      eigenvalues: numbers(arrays, "eigenvalues", Float64Array).data,
      thresholds: numbers(arrays, "thresholds", Float64Array).data,
      nFactors: numbers(arrays, "n_factors", Int32Array).data[0] ?? 1,
      percentile: Number(findFact(lineage, "percentile")),
      replications: numbers(arrays, "replications", Float64Array).shape[0] ?? 0,
    }, page);
  },
});
