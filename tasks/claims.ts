import { z } from "zod";
import { readArtifact } from "../lib/artifact/artifact.ts";
import * as kinds from "../lib/artifact/kinds.ts";
import type { Claim } from "../lib/claims/claim.ts";
import { costClaims } from "../lib/claims/cost_claims.ts";
import { holdoutClaims } from "../lib/claims/holdout_claims.ts";
import { ermClaims, transparencyClaims } from "../lib/claims/one_shot_claims.ts";
import { boundClaims, deltaClaims } from "../lib/claims/repeated_claims.ts";
import { defineTask } from "../lib/runner/task.ts";

/** Makes a list of claims, each with figure, statement, what was measured, and whether it holds. */
export default defineTask({
  description: "Holds statements of the paper and the textbook against the games' results",
  params: z.object({ suffix: z.string() }),
  inputs: {
    one_shot: { kind: "npz", optional: true },
    repeated: { kind: "npz", optional: true },
    total_cost: { kind: "npz", optional: true },
    validation: { kind: "npz", optional: true },
    mechanisms: { kind: "npz", optional: true },
  },
  outputs: { claims: { kind: "json" } },
  async run(
    { params, inputs: { one_shot, repeated, total_cost, validation, mechanisms }, outputs },
  ): Promise<void> {
    const claims: Claim[] = [];
    if (one_shot !== undefined) {
      const results = await readArtifact(kinds.oneShot, one_shot);
      claims.push(...transparencyClaims(results), ...ermClaims(results));
    }
    if (repeated !== undefined) {
      claims.push(...deltaClaims(await readArtifact(kinds.repeated, repeated)));
    }
    if (total_cost !== undefined) {
      claims.push(...costClaims(await readArtifact(kinds.totalCost, total_cost)));
    }
    if (validation !== undefined) {
      claims.push(...boundClaims(await readArtifact(kinds.repeated, validation)));
    }
    if (mechanisms !== undefined) {
      claims.push(...holdoutClaims(await readArtifact(kinds.mechanisms, mechanisms)));
    }
    const named = claims.map((claim) => ({ ...claim, figure: claim.figure + params.suffix }));
    await Deno.writeTextFile(outputs.claims, `${JSON.stringify(named, null, 2)}\n`);
  },
});
