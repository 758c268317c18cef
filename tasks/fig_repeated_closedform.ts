import { z } from "zod";
import { closedFormFigure } from "../lib/figure/closed_form_figure.ts";
import { costResults } from "../lib/figure/cost_results.ts";
import { figureTask } from "../lib/figure/figure_task.ts";

export default figureTask({
  description: "Draws cumulative loss against sample size, by Monte Carlo and in closed form",
  input: "total_cost",
  params: { rho: z.number().positive().max(1) },
  draw: (totalCost, { rho, width }) => closedFormFigure(costResults(totalCost), rho, width),
});
