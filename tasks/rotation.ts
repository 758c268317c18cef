import { z } from "zod";
import { lineageOf, readArtifact, writeArtifact } from "../lib/artifact/artifact.ts";
import { correlationMetric } from "../lib/estimation/correlation_metric.ts";
import { rotate } from "../lib/estimation/rotation/rotate.ts";
import { matrix } from "../lib/stats/matrix.ts";
import { numbers, strings } from "../lib/artifact/npz.ts";
import { defineTask } from "../lib/runner/task.ts";

export default defineTask({
  description: "Rotates the loadings, in the correlation metric and with Kaiser weights",
  params: z.object({
    method: z.enum(["quartimin", "varimax"]),
    n_starts: z.int().positive(),
  }),
  inputs: { fiml: { kind: "npz" } },
  outputs: { loadings: { kind: "npz" } },
  seeded: true,
  async run({ params, seed, inputs, outputs, provenance, log, warn }): Promise<void> {
    const fiml = await readArtifact(inputs.fiml);
    const { shape, data } = numbers(fiml.arrays, "loadings", Float64Array);
    const [p = 0, d = 0] = shape;
    const uniqueness = numbers(fiml.arrays, "uniqueness", Float64Array).data;
    const raw = correlationMetric(matrix(p, d, data), uniqueness);
    const rotation = await rotate(raw, {
      method: params.method,
      nStarts: params.n_starts,
      kaiser: true,
      seed,
    });
    if (rotation.fallback !== undefined) warn(`varimax instead: ${rotation.fallback}`);
    const facts = {
      method: rotation.method,
      fallback: rotation.fallback ?? null,
      criterion: rotation.criterion,
      n_starts_converged: rotation.nConverged,
      criterion_spread: rotation.spread,
      condition_phi: rotation.conditionPhi,
      seed,
    };
    log(JSON.stringify(facts));
    await writeArtifact(outputs.loadings, {
      raw: { shape: [p, d], data: raw.data },
      rotated: { shape: [p, d], data: rotation.loadings.data },
      phi: { shape: [d, d], data: rotation.phi.data },
      item_id: strings(fiml.arrays, "item_id"),
    }, lineageOf({ params, provenance }, { fiml }, facts));
  },
});
