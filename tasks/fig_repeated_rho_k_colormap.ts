import { z } from "zod";
import * as kinds from "../lib/artifact/kinds.ts";
import { figureTask } from "../lib/figure/figure_task.ts";
import { rhoKColormapFigure } from "../lib/figure/rho_k_colormap_figure.ts";

export default figureTask({
  description: "Draws misalignment or total cost over correction rates and sample sizes",
  input: ["total_cost", kinds.totalCost],
  params: { of: z.enum(["misalignment", "cost"]) },
  draw: (totalCost, { of, width }) => rhoKColormapFigure(totalCost, of, width),
});
