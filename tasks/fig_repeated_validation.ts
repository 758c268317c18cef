import { z } from "zod";
import { readArtifact } from "../lib/artifact/artifact.ts";
import { repeatedSeries } from "../lib/figure/repeated_series.ts";
import { validationFigure } from "../lib/figure/validation_figure.ts";
import { writeFigure } from "../lib/figure/write_figure.ts";
import { numbers } from "../lib/npz/npz.ts";
import { defineTask } from "../lib/workflow/task.ts";

export default defineTask({
  description: "Draws strategic misalignment against the two terms of its bound",
  params: z.object({ width: z.number().min(2).max(12) }),
  inputs: { repeated: { kind: "npz" } },
  outputs: { pdf: { kind: "pdf" }, csv: { kind: "csv" } },
  async run(context): Promise<void> {
    const repeated = await readArtifact(context.inputs.repeated);
    const initial = numbers(repeated.arrays, "initial", Float64Array).data;
    const figure = await validationFigure(
      repeatedSeries(repeated),
      initial,
      context.params.width,
    );
    await writeFigure(context, { repeated }, figure);
  },
});
