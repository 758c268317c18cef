import { z } from "zod";
import { numbers } from "../lib/artifact/npz.ts";
import { matrix } from "../lib/stats/matrix.ts";
import { figureTask } from "./_figure_task.ts";

export default figureTask({
  description: "Draws the loadings of one stage as a heatmap",
  input: "loadings",
  params: { stage: z.enum(["raw", "rotated", "projected", "sparsified"]) },
  draw: async ({ arrays }, { stage }, page) => {
    const { loadingsFigure } = await import("../lib/figure/loadings_figure.ts");
    const { shape: [p = 0, d = 0], data } = numbers(arrays, stage, Float64Array);
    return loadingsFigure({ loadings: matrix(p, d, data), stage }, page);
  },
});
