import { z } from "zod";
import { readArtifact } from "../lib/artifact/artifact.ts";
import { deltaVsKFigure } from "../lib/figure/delta_vs_k_figure.ts";
import { repeatedSeries } from "../lib/figure/repeated_series.ts";
import { writeFigure } from "../lib/figure/write_figure.ts";
import { defineTask } from "../lib/workflow/task.ts";

export default defineTask({
  description: "Draws strategic misalignment over the rounds, for several k",
  params: z.object({ width: z.number().min(2).max(12) }),
  inputs: { repeated: { kind: "npz" } },
  outputs: { pdf: { kind: "pdf" }, csv: { kind: "csv" } },
  async run(context): Promise<void> {
    const repeated = await readArtifact(context.inputs.repeated);
    const figure = await deltaVsKFigure(repeatedSeries(repeated), context.params.width);
    await writeFigure(context, { repeated }, figure);
  },
});
