import { z } from "zod";
import { readArtifact } from "../lib/artifact/artifact.ts";
import { asymmetryFigure } from "../lib/figure/asymmetry_figure.ts";
import { oneShotResults } from "../lib/figure/one_shot_results.ts";
import { writeFigure } from "../lib/figure/write_figure.ts";
import { defineTask } from "../lib/workflow/task.ts";

export default defineTask({
  description: "Draws the utility of ERM minus that of transparency, by awareness and bias",
  params: z.object({ width: z.number().min(2).max(12) }),
  inputs: { one_shot: { kind: "npz" } },
  outputs: { pdf: { kind: "pdf" }, csv: { kind: "csv" } },
  async run(context): Promise<void> {
    const oneShot = await readArtifact(context.inputs.one_shot);
    const figure = await asymmetryFigure(oneShotResults(oneShot), context.params.width);
    await writeFigure(context, { one_shot: oneShot }, figure);
  },
});
