import { z } from "zod";
import * as kinds from "../lib/artifact/kinds.ts";
import { InputError } from "../lib/base/errors.ts";
import { loadingsToTasks } from "../lib/pool/loadings_to_tasks.ts";
import { artifactTask } from "./_artifact_task.ts";

export default artifactTask({
  description: "Projects, sparsifies and mass-sorts the loadings: all tasks",
  params: z.object({ tau: z.number().min(0).lt(1) }),
  inputs: { loadings: kinds.loadings },
  output: ["tasks", kinds.tasks],
  make: async ({ params, inputs: { loadings: { arrays, dims } } }) => {
    const { projected, sparsified, axisMass, kept } = await loadingsToTasks(
      arrays.rotated,
      params.tau,
    );
    const N = kept.length;
    const isKept = new Set(kept);
    if (N === 0) throw new InputError("Cannot make tasks: no item has a positive loading.");
    return {
      arrays: {
        projected,
        sparsified,
        axis_mass: axisMass,
        item_id: arrays.item_id.filter((_, i) => isKept.has(i)),
      },
      facts: { n_tasks: N, n_dropped_without_positive_loading: dims.p - N },
    };
  },
});
