import { z } from "zod";
import * as kinds from "../lib/artifact/kinds.ts";
import { correlationMetric } from "../lib/estimation/correlation_metric.ts";
import { rotate } from "../lib/estimation/rotation/rotate.ts";
import { artifactTask } from "./_artifact_task.ts";

export default artifactTask({
  description: "Rotates the loadings, in the correlation metric and with Kaiser weights",
  params: z.object({
    method: z.enum(["quartimin", "varimax"]),
    n_starts: z.int().positive(),
  }),
  inputs: { fiml: kinds.factorModel },
  output: ["loadings", kinds.loadings],
  seeded: true,
  make: async ({ params: { method, n_starts }, seed, inputs: { fiml: { arrays } }, warn }) => {
    const raw = correlationMetric(arrays.loadings, arrays.uniqueness);
    const rotation = await rotate(raw, { method, nStarts: n_starts, kaiser: true, seed });
    if (rotation.fallback !== undefined) warn(`varimax instead: ${rotation.fallback}`);
    return {
      arrays: {
        raw,
        rotated: rotation.loadings,
        phi: rotation.phi,
        item_id: arrays.item_id,
      },
      facts: {
        method: rotation.method,
        fallback: rotation.fallback ?? null,
        criterion: rotation.criterion,
        n_starts_converged: rotation.nConverged,
        criterion_spread: rotation.spread,
        condition_phi: rotation.conditionPhi,
        seed,
      },
    };
  },
});
