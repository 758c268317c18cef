import { z } from "zod";
import * as kinds from "../lib/artifact/kinds.ts";
import { takeRows } from "../lib/stats/matrix.ts";
import { sampleWithoutReplacement } from "../lib/stats/random/sample.ts";
import { stream } from "../lib/stats/random/stream.ts";
import { artifactTask } from "./_artifact_task.ts";

export default artifactTask({
  description: "Takes a subsample of the tasks: the semisynthetic pool",
  params: z.object({ n_pool: z.int().positive().nullable() }),
  inputs: { tasks: kinds.tasks },
  output: ["pool", kinds.semisyntheticPool],
  seeded: true,
  make: ({ params, seed, inputs: { tasks: { arrays, dims: { N: all, d } } } }) => {
    const N = Math.min(params.n_pool ?? all, all);
    const chosen = sampleWithoutReplacement(all, N, stream(seed, "subsample"));
    const isChosen = new Set(chosen);
    return {
      arrays: {
        z: takeRows(arrays.sparsified, chosen),
        item_id: arrays.item_id.filter((_, i) => isChosen.has(i)),
        axis_mass: arrays.axis_mass,
      },
      facts: { pool: "semisynthetic" as const, n_pool: N, n_tasks: all, n_skills: d, seed },
    };
  },
});
