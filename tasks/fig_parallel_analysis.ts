import { findFact } from "../lib/artifact/artifact.ts";
import { figureTask } from "../lib/figure/figure_task.ts";
import { parallelAnalysisFigure } from "../lib/figure/parallel_analysis_figure.ts";
import { numbers } from "../lib/artifact/npz.ts";

export default figureTask({
  description: "Draws the scree of parallel analysis",
  input: "parallel_analysis",
  params: {},
  draw: ({ arrays, lineage }, { width }) =>
    parallelAnalysisFigure({
      eigenvalues: numbers(arrays, "eigenvalues", Float64Array).data,
      thresholds: numbers(arrays, "thresholds", Float64Array).data,
      nFactors: numbers(arrays, "n_factors", Int32Array).data[0] ?? 1,
    }, {
      percentile: Number(findFact(lineage, "percentile")),
      replications: numbers(arrays, "replications", Float64Array).shape[0] ?? 0,
      width,
    }),
});
