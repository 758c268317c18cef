import { z } from "zod";
import { writeArtifact } from "../lib/artifact/artifact.ts";
import { lineageOf } from "../lib/artifact/lineage.ts";
import { responses as kind } from "../lib/artifact/kinds.ts";
import { readResponses, SOURCES } from "../lib/responses/read_responses.ts";
import { SHAPES } from "../lib/responses/csv_layout.ts";
import { arraysOf } from "../lib/responses/responses.ts";
import { defineTask } from "../lib/runner/task.ts";
import { READING, readingOf } from "./_reading.ts";
import { withRemedies } from "./_remedies.ts";

const WITH_A_PATH = new Set(["parquet", "csv", "evals"]);
const WITHOUT_A_PATH = new Set(["simulated", "measurement-db"]);

export default defineTask({
  description: "Reads or simulates the response table and indexes it",
  params: z.object({
    source: z.enum(SOURCES),
    shape: z.enum(SHAPES),
    benchmarks: z.array(z.string()).min(1).nullable(),
    min_overlap: z.number().min(0).max(1),
    strict: z.boolean(),
    ...READING,
  }),
  inputs: {
    table: { kind: "table", optional: true, folder: true },
    fetched: { kind: "zip", optional: true },
  },
  outputs: { responses: { kind: "npz" } },
  seeded: true,
  check: ({ source }, inputs) => {
    const fault = (message: string): { param: string; message: string } => ({
      param: "source",
      message: `responses.source is ${source}, ${message}`,
    });
    if (WITH_A_PATH.has(source) && !inputs.has("table")) {
      return fault("but responses.path names no file; add --set responses.path=FILE");
    }
    if (WITHOUT_A_PATH.has(source) && inputs.has("table")) {
      return fault(
        "which reads no file, but responses.path names one; " +
          "add --set responses.source=csv (or parquet)",
      );
    }
    return undefined;
  },
  async run({ params, seed, inputs, outputs, provenance, progress, log, warn }): Promise<void> {
    const { responses, facts } = await withRemedies(() =>
      readResponses({
        source: params.source,
        shape: params.shape,
        benchmarks: params.benchmarks,
        minOverlap: params.min_overlap,
        strict: params.strict,
        ...readingOf(params),
        progress,
        seed,
        table: inputs.table,
        fetched: inputs.fetched,
        warn,
      })
    );
    log(`responses: ${JSON.stringify(facts)}`);
    const { table, fetched } = inputs;
    const read = WITH_A_PATH.has(params.source) ? table && { table } : fetched && { fetched };
    const lineage = lineageOf({ params, provenance }, read ?? {}, { ...facts, seed });
    await writeArtifact(outputs.responses, kind, arraysOf(responses), lineage);
  },
});
