import { z } from "zod";
import * as kinds from "../lib/artifact/kinds.ts";
import { figureTask } from "./_figure_task.ts";

export default figureTask({
  description: "Draws cumulative loss against sample size, by Monte Carlo and in closed form",
  input: ["total_cost", kinds.totalCost],
  params: { rho: z.number().positive().max(1) },
  draw: async (artifact, { rho }, page) => {
    const { closedFormFigure } = await import("../lib/figure/closed_form_figure.ts");
    return closedFormFigure({ results: artifact, rho }, page);
  },
});
