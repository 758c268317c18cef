import { z } from "zod";
import { findFact, readArtifact } from "../lib/artifact/artifact.ts";
import { deltaVsKFigure } from "../lib/figure/delta_vs_k_figure.ts";
import { writeFigure } from "../lib/figure/write_figure.ts";
import { numbers } from "../lib/npz/npz.ts";
import { defineTask } from "../lib/workflow/task.ts";

export default defineTask({
  description: "Draws strategic misalignment over the rounds, for several k",
  params: z.object({ width: z.number().min(2).max(12) }),
  inputs: { repeated: { kind: "npz" } },
  outputs: { pdf: { kind: "pdf" }, csv: { kind: "csv" } },
  async run(context): Promise<void> {
    const repeated = await readArtifact(context.inputs.repeated);
    const { arrays, lineage } = repeated;
    const real = Object.keys(arrays).filter((name) => arrays[name]?.data instanceof Float64Array);
    const figure = await deltaVsKFigure({
      k: numbers(arrays, "k", Int32Array).data,
      rho: numbers(arrays, "rho", Float64Array).data,
      t: numbers(arrays, "t", Int32Array).data,
      replicates: Number(findFact(lineage, "n_replicates")),
      values: Object.fromEntries(
        real.map((name) => [name, numbers(arrays, name, Float64Array).data]),
      ),
    }, context.params.width);
    await writeFigure(context, { repeated }, figure);
  },
});
