import * as kinds from "../lib/artifact/kinds.ts";
import { figureTask } from "./_figure_task.ts";

export default figureTask({
  description: "Draws the scree of parallel analysis",
  input: ["parallel_analysis", kinds.parallelAnalysis],
  params: {},
  draw: async ({ arrays, dims, facts }, _params, page) => {
    const { parallelAnalysisFigure } = await import("../lib/figure/parallel_analysis_figure.ts");
    return parallelAnalysisFigure({
      ...arrays,
      nFactors: arrays.n_factors,
      percentile: facts.percentile,
      replications: dims.R,
    }, page);
  },
});
