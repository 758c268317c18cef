import { z } from "zod";
import { InputError } from "../lib/base/errors.ts";
import { SHAPES } from "../lib/responses/csv_layout.ts";
import { validateTable } from "../lib/responses/validate_table.ts";
import { defineTask } from "../lib/runner/task.ts";
import { READING, readingOf } from "./_reading.ts";
import { withRemedies } from "./_remedies.ts";

/** Not a target of workflow.yaml: the command `data validate` runs it. */
export default defineTask({
  description: "Reads a response table as the workflow would, and reports what is wrong with it",
  params: z.object({
    format: z.enum(["parquet", "csv", "evals"]),
    shape: z.enum(SHAPES),
    benchmarks: z.array(z.string()).min(1).nullable(),
    min_overlap: z.number().min(0).max(1),
    ...READING,
    min_subjects: z.int().nonnegative(),
    min_minority: z.number().nonnegative(),
    subsample: z.int().positive().nullable(),
    fit_seed: z.string(),
    strict: z.boolean(),
  }),
  inputs: { table: { kind: "table", folder: true } },
  outputs: { report: { kind: "json" } },
  async run({ params, inputs: { table }, outputs }): Promise<void> {
    if (table === undefined) throw new InputError("Cannot validate: there is no table");
    const validation = await validateTable({
      table,
      format: params.format,
      shape: params.shape,
      benchmarks: params.benchmarks,
      minOverlap: params.min_overlap,
      items: { minSubjects: params.min_subjects, minMinority: params.min_minority },
      strict: params.strict,
      subsample: params.subsample,
      seed: params.fit_seed,
      ...readingOf(params),
      withRemedies,
    });
    await Deno.writeTextFile(outputs.report, JSON.stringify(validation));
  },
});
