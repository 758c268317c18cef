import { z } from "zod";
import { lineageOf, readArtifact, writeArtifact } from "../lib/artifact/artifact.ts";
import { InputError } from "../lib/base/errors.ts";
import { matrix } from "../lib/stats/matrix.ts";
import { numbers, strings } from "../lib/artifact/npz.ts";
import { loadingsToTasks } from "../lib/pool/loadings_to_tasks.ts";
import { defineTask } from "../lib/runner/task.ts";

export default defineTask({
  description: "Projects, sparsifies and mass-sorts the loadings: all tasks",
  params: z.object({ tau: z.number().min(0).lt(1) }),
  inputs: { loadings: { kind: "npz" } },
  outputs: { tasks: { kind: "npz" } },
  async run({ params, inputs, outputs, provenance, log }): Promise<void> {
    const loadings = await readArtifact(inputs.loadings);
    const { shape, data } = numbers(loadings.arrays, "rotated", Float64Array);
    const [p = 0, d = 0] = shape;
    const tasks = await loadingsToTasks(matrix(p, d, data), params.tau);
    const N = tasks.kept.length;
    if (N === 0) throw new InputError("Cannot make tasks: no item has a positive loading.");
    const ids = strings(loadings.arrays, "item_id").data;
    const facts = { n_tasks: N, n_dropped_without_positive_loading: p - N };
    log(JSON.stringify(facts));
    await writeArtifact(outputs.tasks, {
      projected: { shape: [N, d], data: tasks.projected.data },
      sparsified: { shape: [N, d], data: tasks.sparsified.data },
      axis_mass: { shape: [d], data: tasks.axisMass },
      item_id: { shape: [N], data: tasks.kept.map((i) => ids[i] ?? "") },
    }, lineageOf({ params, provenance }, { loadings }, facts));
  },
});
