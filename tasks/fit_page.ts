import { z } from "zod";
import * as kinds from "../lib/artifact/kinds.ts";
import { readArtifact } from "../lib/artifact/artifact.ts";
import type { Lineage } from "../lib/artifact/lineage.ts";
import { readMetadata } from "../lib/onnx/encode_model.ts";
import { makeFitPage } from "../lib/page/fit/make_fit_page.ts";
import type { PageCode } from "../lib/page/page_code.ts";
import { defineTask } from "../lib/runner/task.ts";

/** Makes the page on which a reader's own table is fitted, by the workflow's graph and numbers. */
export default defineTask({
  description: "Makes the page that fits a table of one's own, in one HTML file",
  params: z.object({
    min_overlap: z.number().min(0).max(1),
    min_subjects: z.int().nonnegative(),
    min_minority: z.number().nonnegative(),
    n_replications: z.int().positive(),
    percentile: z.number().min(0).max(100),
    n_factors: z.union([z.literal("auto"), z.int().positive()]),
    precision: z.enum(["float64", "float32"]),
    anderson_depth: z.int().nonnegative(),
    max_epochs: z.int().positive(),
    tolerance: z.number().positive(),
    psi_floor: z.number().gt(0).lt(1),
    method: z.enum(["quartimin", "varimax"]),
    n_starts: z.int().positive(),
    tau: z.number().min(0).lt(1),
    n_pool: z.int().positive().nullable(),
  }),
  inputs: {
    code: { kind: "json" },
    graph: { kind: "onnx" },
    parallel_analysis: { kind: "npz" },
    loadings: { kind: "npz" },
    pool: { kind: "npz" },
  },
  outputs: { page: { kind: "html" } },
  async run({ params, inputs, outputs }): Promise<void> {
    const code = JSON.parse(await Deno.readTextFile(inputs.code!.path)) as PageCode;
    const graph = await Deno.readFile(inputs.graph!.path);
    const analysis = await readArtifact(kinds.parallelAnalysis, inputs.parallel_analysis);
    const loadings = await readArtifact(kinds.loadings, inputs.loadings);
    const pool = await readArtifact(kinds.semisyntheticPool, inputs.pool);
    const html = makeFitPage(
      {
        nFactors: Number((await readMetadata(graph))["n_factors"]),
        seed: String(ofResponses(pool.lineage)?.facts["seed"]),
        settings: {
          minOverlap: params.min_overlap,
          minSubjects: params.min_subjects,
          minMinority: params.min_minority,
          nReplications: params.n_replications,
          percentile: params.percentile,
          nFactors: params.n_factors,
          precision: params.precision,
          depth: params.anderson_depth,
          maxEpochs: params.max_epochs,
          tolerance: params.tolerance,
          psiFloor: params.psi_floor,
          method: params.method,
          nStarts: params.n_starts,
          tau: params.tau,
          nPool: params.n_pool,
          seeds: {
            parallelAnalysis: analysis.facts.seed,
            rotation: loadings.facts.seed,
            pool: pool.facts.seed,
          },
        },
      },
      { bytes: graph, digest: inputs.graph!.digest },
      code,
    );
    await Deno.writeTextFile(outputs.page, html);
  },
});

/** The lineage of the responses that something was made from. */
function ofResponses(lineage: Lineage | undefined): Lineage | undefined {
  if (lineage === undefined || "simulated" in lineage.facts) return lineage;
  return Object.values(lineage.inputs).map((input) => ofResponses(input.lineage))
    .find((found) => found !== undefined);
}
