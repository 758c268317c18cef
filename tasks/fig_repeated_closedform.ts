import { z } from "zod";
import { closedFormFigure } from "../lib/figure/closed_form_figure.ts";
import * as kinds from "../lib/artifact/kinds.ts";
import { figureTask } from "../lib/figure/figure_task.ts";

export default figureTask({
  description: "Draws cumulative loss against sample size, by Monte Carlo and in closed form",
  input: ["total_cost", kinds.totalCost],
  params: { rho: z.number().positive().max(1) },
  draw: (totalCost, { rho, width }) => closedFormFigure(totalCost, rho, width),
});
