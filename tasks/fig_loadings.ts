import { z } from "zod";
import { readArtifact } from "../lib/artifact/artifact.ts";
import { loadingsFigure } from "../lib/figure/loadings_figure.ts";
import { writeFigure } from "../lib/figure/write_figure.ts";
import { matrix } from "../lib/numeric/matrix.ts";
import { numbers } from "../lib/npz/npz.ts";
import { defineTask } from "../lib/workflow/task.ts";

export default defineTask({
  description: "Draws the loadings of one stage as a heatmap",
  params: z.object({
    stage: z.enum(["raw", "rotated", "projected", "sparsified"]),
    width: z.number().min(2).max(12),
  }),
  inputs: { loadings: { kind: "npz" } },
  outputs: { pdf: { kind: "pdf" }, csv: { kind: "csv" } },
  async run(context): Promise<void> {
    const { stage, width } = context.params;
    const loadings = await readArtifact(context.inputs.loadings);
    const { shape: [p = 0, d = 0], data } = numbers(loadings.arrays, stage, Float64Array);
    const figure = await loadingsFigure(matrix(p, d, data), stage, width);
    await writeFigure(context, { loadings }, figure);
  },
});
