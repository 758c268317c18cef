import { z } from "zod";
import { figureTask } from "../lib/figure/figure_task.ts";
import { loadingsFigure } from "../lib/figure/loadings_figure.ts";
import { numbers } from "../lib/artifact/npz.ts";
import { matrix } from "../lib/stats/matrix.ts";

export default figureTask({
  description: "Draws the loadings of one stage as a heatmap",
  input: "loadings",
  params: { stage: z.enum(["raw", "rotated", "projected", "sparsified"]) },
  draw: ({ arrays }, { stage, width }) => {
    const { shape: [p = 0, d = 0], data } = numbers(arrays, stage, Float64Array);
    return loadingsFigure(matrix(p, d, data), stage, width);
  },
});
