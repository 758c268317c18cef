import { z } from "zod";
import { costResults } from "../lib/figure/cost_results.ts";
import { figureTask } from "../lib/figure/figure_task.ts";
import { rhoKColormapFigure } from "../lib/figure/rho_k_colormap_figure.ts";

export default figureTask({
  description: "Draws misalignment or total cost over correction rates and sample sizes",
  input: "total_cost",
  params: { of: z.enum(["misalignment", "cost"]) },
  draw: (totalCost, { of, width }) => rhoKColormapFigure(costResults(totalCost), of, width),
});
