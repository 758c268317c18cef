import { z } from "zod";
import * as kinds from "../lib/artifact/kinds.ts";
import { figureTask } from "./_figure_task.ts";

export default figureTask({
  description: "Draws misalignment or total cost over correction rates and sample sizes",
  input: ["total_cost", kinds.totalCost],
  params: { of: z.enum(["misalignment", "cost"]) },
  draw: async (artifact, { of }, page) => {
    const { rhoKColormapFigure } = await import("../lib/figure/rho_k_colormap_figure.ts");
    return rhoKColormapFigure({ results: artifact, of }, page);
  },
});
