import { z } from "zod";
import { costResults } from "../lib/figure/cost_results.ts";
import { figureTask } from "./_figure_task.ts";

export default figureTask({
  description: "Draws misalignment or total cost over correction rates and sample sizes",
  input: "total_cost",
  params: { of: z.enum(["misalignment", "cost"]) },
  draw: async (artifact, { of }, page) => {
    const { rhoKColormapFigure } = await import("../lib/figure/rho_k_colormap_figure.ts");
    return rhoKColormapFigure({ results: costResults(artifact), of }, page);
  },
});
