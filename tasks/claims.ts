import { z } from "zod";
import type { Claim } from "../lib/claims/claim.ts";
import { costClaims } from "../lib/claims/cost_claims.ts";
import { ermClaims, transparencyClaims } from "../lib/claims/one_shot_claims.ts";
import { boundClaims, deltaClaims } from "../lib/claims/repeated_claims.ts";
import { Table } from "../lib/claims/table.ts";
import { defineTask } from "../lib/runner/task.ts";

/** Makes a list of claims, each with figure, statement, what was measured, and whether it holds. */
export default defineTask({
  description: "Holds statements of the paper and the textbook against the figures' numbers",
  params: z.object({ suffix: z.string() }),
  inputs: {
    transparency: { kind: "csv", optional: true },
    erm: { kind: "csv", optional: true },
    delta: { kind: "csv", optional: true },
    cost: { kind: "csv", optional: true },
    bound: { kind: "csv", optional: true },
  },
  outputs: { claims: { kind: "json" } },
  async run({ params, inputs, outputs }): Promise<void> {
    const statements = {
      transparency: transparencyClaims,
      erm: ermClaims,
      delta: deltaClaims,
      cost: costClaims,
      bound: boundClaims,
    };
    const claims: Claim[] = [];
    for (const [name, make] of Object.entries(statements)) {
      const file = inputs[name as keyof typeof statements];
      if (file === undefined) continue;
      const found = make(new Table(await Deno.readTextFile(file.path), file.name));
      claims.push(...found.map((claim) => ({ ...claim, figure: claim.figure + params.suffix })));
    }
    await Deno.writeTextFile(outputs.claims, `${JSON.stringify(claims, null, 2)}\n`);
  },
});
