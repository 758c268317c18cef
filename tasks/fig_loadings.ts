import { z } from "zod";
import * as kinds from "../lib/artifact/kinds.ts";
import { InputError } from "../lib/base/errors.ts";
import { figureTask } from "../lib/figure/figure_task.ts";
import { loadingsFigure } from "../lib/figure/loadings_figure.ts";

export default figureTask({
  description: "Draws the loadings of one stage as a heatmap",
  input: ["loadings", kinds.loadingStages],
  params: { stage: z.enum(["raw", "rotated", "projected", "sparsified"]) },
  draw: ({ arrays, file }, { stage, width }) => {
    const loadings = arrays[stage];
    if (loadings === undefined) {
      throw new InputError(`Cannot draw ${file.name}: it has no ${stage}`);
    }
    return loadingsFigure(loadings, stage, width);
  },
});
