import { z } from "zod";
import * as kinds from "../lib/artifact/kinds.ts";
import { InputError } from "../lib/base/errors.ts";
import { figureTask } from "./_figure_task.ts";

export default figureTask({
  description: "Draws the loadings of one stage as a heatmap",
  input: ["loadings", kinds.loadingStages],
  params: { stage: z.enum(["raw", "rotated", "projected", "sparsified"]) },
  draw: async ({ arrays, file }, { stage }, page) => {
    const { loadingsFigure } = await import("../lib/figure/loadings_figure.ts");
    const loadings = arrays[stage];
    if (loadings === undefined) {
      throw new InputError(`Cannot draw ${file.name}: it has no ${stage}`);
    }
    return loadingsFigure({ loadings, stage }, page);
  },
});
