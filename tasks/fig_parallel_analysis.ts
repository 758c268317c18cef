import * as kinds from "../lib/artifact/kinds.ts";
import { figureTask } from "../lib/figure/figure_task.ts";
import { parallelAnalysisFigure } from "../lib/figure/parallel_analysis_figure.ts";

export default figureTask({
  description: "Draws the scree of parallel analysis",
  input: ["parallel_analysis", kinds.parallelAnalysis],
  params: {},
  draw: ({ arrays, dims, facts }, { width }) =>
    parallelAnalysisFigure({ ...arrays, nFactors: arrays.n_factors }, {
      percentile: facts.percentile,
      replications: dims.R,
      width,
    }),
});
