import { z } from "zod";
import { lineageOf, readArtifact, writeArtifact } from "../lib/artifact/artifact.ts";
import { matrix } from "../lib/stats/matrix.ts";
import { numbers, strings } from "../lib/artifact/npz.ts";
import { sampleWithoutReplacement } from "../lib/stats/random/sample.ts";
import { stream } from "../lib/stats/random/stream.ts";
import { defineTask } from "../lib/runner/task.ts";

export default defineTask({
  description: "Takes a subsample of the tasks: the semisynthetic pool",
  params: z.object({ n_pool: z.int().positive().nullable() }),
  inputs: { tasks: { kind: "npz" } },
  outputs: { pool: { kind: "npz" } },
  seeded: true,
  async run({ params, seed, inputs, outputs, provenance }): Promise<void> {
    const tasks = await readArtifact(inputs.tasks);
    const { shape, data } = numbers(tasks.arrays, "sparsified", Float64Array);
    const [all = 0, d = 0] = shape;
    const N = Math.min(params.n_pool ?? all, all);
    const chosen = sampleWithoutReplacement(all, N, stream(seed, "subsample"));
    const pool = matrix(N, d);
    chosen.forEach((i, n) => pool.data.set(data.subarray(i * d, (i + 1) * d), n * d));
    const ids = strings(tasks.arrays, "item_id").data;
    const facts = { pool: "semisynthetic", n_pool: N, n_tasks: all, n_skills: d, seed };
    await writeArtifact(outputs.pool, {
      z: { shape: [N, d], data: pool.data },
      item_id: { shape: [N], data: Array.from(chosen, (i) => ids[i] ?? "") },
      axis_mass: numbers(tasks.arrays, "axis_mass", Float64Array),
    }, lineageOf({ params, provenance }, { tasks }, facts));
  },
});
