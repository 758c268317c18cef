import { z } from "zod";
import { InputError } from "../lib/base/errors.ts";
import { validateTable } from "../lib/responses/validate_table.ts";
import { defineTask } from "../lib/runner/task.ts";
import { requireShape } from "../lib/estimation/fiml/require_shape.ts";
import type { Report } from "../lib/responses/report.ts";
import { READING, readingOf } from "./_reading.ts";
import { withRemedies } from "./_remedies.ts";

/** Not a target of workflow.yaml: the command `data validate` runs it. */
export default defineTask({
  description: "Reads a response table as the workflow would, and reports what is wrong with it",
  params: z.object({
    format: z.enum(["parquet", "csv", "evals"]),
    ...READING,
    min_subjects: z.int().nonnegative(),
    min_minority: z.number().nonnegative(),
    subsample: z.int().positive().nullable(),
    n_factors: z.union([z.literal("auto"), z.int().positive()]),
    fit_seed: z.string(),
  }),
  inputs: { table: { kind: "table", folder: true } },
  outputs: { report: { kind: "json" } },
  async run({ params, inputs: { table }, outputs }): Promise<void> {
    if (table === undefined) throw new InputError("Cannot validate: there is no table");
    const validation = await validateTable({
      table,
      format: params.format,
      items: { minSubjects: params.min_subjects, minMinority: params.min_minority },
      subsample: params.subsample,
      seed: params.fit_seed,
      ...readingOf(params),
      withRemedies: (work) =>
        withRemedies(async () => {
          const report = await work();
          requireFactors(params.n_factors, report, params.subsample);
          return report;
        }),
    });
    await Deno.writeTextFile(outputs.report, JSON.stringify(validation));
  },
});

/** Requires that a number of factors that was set can be fitted. */
function requireFactors(
  n: number | "auto",
  { facts, filtered }: Report,
  subsample: number | null,
): void {
  if (n === "auto") return;
  const items = Math.min(filtered?.kept ?? 0, subsample ?? Infinity);
  requireShape(n, Number(facts["n_subjects"]), items);
}
