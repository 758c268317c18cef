import { z } from "zod";
import { type Facts, lineageOf, writeArtifact } from "../lib/artifact/artifact.ts";
import { indexResponses } from "../lib/responses/index_responses.ts";
import { readParquet } from "../lib/responses/read_parquet.ts";
import { type Responses, responsesToArrays } from "../lib/responses/responses.ts";
import { simulateResponses } from "../lib/responses/simulate_responses.ts";
import { defineTask } from "../lib/workflow/task.ts";

export default defineTask({
  description: "Reads or simulates the response table and indexes it",
  params: z.object({ source: z.enum(["simulated", "parquet"]) }),
  inputs: { table: { kind: "parquet", optional: true } },
  outputs: { responses: { kind: "npz" } },
  seeded: true,
  check: ({ source }, inputs) =>
    source === "parquet" && !inputs.has("table")
      ? {
        param: "source",
        message: "responses.source is parquet, but responses.path names no file; " +
          "add --set responses.path=FILE",
      }
      : undefined,
  async run({ params, seed, inputs, outputs, provenance, log }): Promise<void> {
    const table = params.source === "parquet" ? inputs.table : undefined;
    let responses: Responses;
    let facts: Facts = {};
    if (table === undefined) responses = simulateResponses(seed);
    else {
      const long = await readParquet(await Deno.readFile(table.path), table.name);
      const indexed = indexResponses(long, table.name);
      responses = indexed.responses;
      const { testCondition, notBinary, noId } = indexed.leftOut;
      facts = {
        n_rows: long.response.length,
        n_left_out_test_condition: testCondition,
        n_left_out_not_binary: notBinary,
        n_left_out_no_id: noId,
      };
    }
    const [S, p, n] = [
      responses.subjectIds.length,
      responses.itemIds.length,
      responses.item.length,
    ];
    facts = {
      simulated: table === undefined,
      ...facts,
      n_subjects: S,
      n_items: p,
      n_observations: n,
      missing_share: 1 - n / (S * p),
    };
    log(`responses: ${JSON.stringify(facts)}`);
    const lineage = lineageOf({ params, provenance }, table ? { table } : {}, { ...facts, seed });
    await writeArtifact(outputs.responses, responsesToArrays(responses), lineage);
  },
});
