import { z } from "zod";
import { readArtifact } from "../lib/artifact/artifact.ts";
import { closedFormFigure } from "../lib/figure/closed_form_figure.ts";
import { costResults } from "../lib/figure/cost_results.ts";
import { writeFigure } from "../lib/figure/write_figure.ts";
import { defineTask } from "../lib/workflow/task.ts";

export default defineTask({
  description: "Draws cumulative loss against sample size, by Monte Carlo and in closed form",
  params: z.object({ rho: z.number().positive().max(1), width: z.number().min(2).max(12) }),
  inputs: { total_cost: { kind: "npz" } },
  outputs: { pdf: { kind: "pdf" }, csv: { kind: "csv" } },
  async run(context): Promise<void> {
    const totalCost = await readArtifact(context.inputs.total_cost);
    const { rho, width } = context.params;
    const figure = await closedFormFigure(costResults(totalCost), rho, width);
    await writeFigure(context, { total_cost: totalCost }, figure);
  },
});
