import { z } from "zod";
import { readArtifact } from "../lib/artifact/artifact.ts";
import { costResults } from "../lib/figure/cost_results.ts";
import { rhoKColormapFigure } from "../lib/figure/rho_k_colormap_figure.ts";
import { writeFigure } from "../lib/figure/write_figure.ts";
import { defineTask } from "../lib/workflow/task.ts";

export default defineTask({
  description: "Draws misalignment or total cost over correction rates and sample sizes",
  params: z.object({ of: z.enum(["misalignment", "cost"]), width: z.number().min(2).max(12) }),
  inputs: { total_cost: { kind: "npz" } },
  outputs: { pdf: { kind: "pdf" }, csv: { kind: "csv" } },
  async run(context): Promise<void> {
    const totalCost = await readArtifact(context.inputs.total_cost);
    const { of, width } = context.params;
    const figure = await rhoKColormapFigure(costResults(totalCost), of, width);
    await writeFigure(context, { total_cost: totalCost }, figure);
  },
});
