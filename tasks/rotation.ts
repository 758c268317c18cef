import { z } from "zod";
import * as kinds from "../lib/artifact/kinds.ts";
import { highestLeverages } from "../lib/estimation/fiml/fit_report.ts";
import { correlationMetric } from "../lib/estimation/correlation_metric.ts";
import { rotate } from "../lib/estimation/rotation/rotate.ts";
import { rotatedScores } from "../lib/estimation/rotation/rotated_scores.ts";
import { artifactTask } from "./_artifact_task.ts";

/** A factor on which one subject has more leverage than this is that subject (model section 3). */
const LEVERAGE_WARNING = 0.9;

export default artifactTask({
  description: "Rotates the loadings, in the correlation metric and with Kaiser weights",
  params: z.object({
    method: z.enum(["quartimin", "varimax"]),
    n_starts: z.int().positive(),
  }),
  inputs: { fiml: kinds.factorModel },
  output: ["loadings", kinds.loadings],
  seeded: true,
  make: async ({ params: { method, n_starts }, seed, inputs: { fiml: { arrays } }, log, warn }) => {
    const raw = correlationMetric(arrays.loadings, arrays.uniqueness);
    const rotation = await rotate(raw, { method, nStarts: n_starts, kaiser: true, seed });
    if (rotation.fallback !== undefined) warn(`varimax instead: ${rotation.fallback}`);
    const leverage = highestLeverages(rotatedScores(raw, rotation.loadings, arrays.scores));
    const shares = Array.from(leverage, (share) => share.toFixed(3));
    log(`highest leverage of one subject, by rotated factor: ${shares.join(", ")}`);
    leverage.forEach((share, j) => {
      if (share > LEVERAGE_WARNING) {
        warn(`rotated factor ${j + 1} is one subject: its leverage is ${share.toFixed(3)}`);
      }
    });
    return {
      arrays: {
        raw,
        rotated: rotation.loadings,
        phi: rotation.phi,
        leverage,
        item_id: arrays.item_id,
      },
      facts: {
        method: rotation.method,
        fallback: rotation.fallback ?? null,
        criterion: rotation.criterion,
        n_starts_converged: rotation.nConverged,
        criterion_spread: rotation.spread,
        condition_phi: rotation.conditionPhi,
        highest_leverage: Math.max(...leverage),
        seed,
      },
    };
  },
});
