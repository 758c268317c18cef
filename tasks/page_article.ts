import { z } from "zod";
import type { Artifact } from "../lib/artifact/artifact.ts";
import { readArtifact } from "../lib/artifact/artifact.ts";
import type { Kind } from "../lib/artifact/kind.ts";
import * as kinds from "../lib/artifact/kinds.ts";
import type { Claim } from "../lib/claims/claim.ts";
import type { Settings } from "../lib/page/settings.ts";
import { defineTask } from "../lib/runner/task.ts";

/** The artifacts that are drawn. */
const READ = {
  parallel_analysis: kinds.parallelAnalysis,
  loadings: kinds.loadings,
  tasks: kinds.tasks,
  one_shot: kinds.oneShot,
  pool: kinds.pool,
  pool_synthetic: kinds.pool,
  repeated: kinds.repeated,
  repeated_synthetic: kinds.repeated,
  map: kinds.totalCost,
  map_synthetic: kinds.totalCost,
  validation: kinds.repeated,
  validation_synthetic: kinds.repeated,
  closedform: kinds.totalCost,
  closedform_synthetic: kinds.totalCost,
} as const;
const CLAIMS = ["claims_one_shot", "claims_repeated", "claims_repeated_synthetic"] as const;
type Read = { readonly [N in keyof typeof READ]: Artifact<(typeof READ)[N]> };
type Input = keyof typeof READ | (typeof CLAIMS)[number];

/** Writes the page's article: all figures, the live ones as they stand first, and what was run. */
export default defineTask({
  description: "Writes the page's article and draws all its figures",
  params: z.object({
    bias_bandwidth: z.number(),
    correction: z.enum(["gap_gaussian", "uniform"]),
    correction_bandwidth: z.number(),
    n_rounds: z.int(),
    forgetting: z.number().nullable(),
    gamma: z.number(),
    prior_mass: z.number().positive().nullable(),
    n_ks: z.int().min(2),
    k: z.int(),
    rho: z.number(),
    awareness: z.number(),
  }),
  inputs: Object.fromEntries([
    ...Object.keys(READ).map((name) => [name, { kind: "npz" }]),
    ...CLAIMS.map((name) => [name, { kind: "json" }]),
  ]) as Record<Input, { readonly kind: "npz" | "json" }>,
  outputs: { article: { kind: "json" } },
  async run({ params, inputs, outputs, provenance }): Promise<void> {
    const entries = await Promise.all(
      Object.entries(READ).map(async ([name, kind]) =>
        [name, await readArtifact(kind as Kind, inputs[name as Input])] as const
      ),
    );
    const read = Object.fromEntries(entries) as unknown as Read;
    const claims: Claim[] = [];
    for (const name of CLAIMS) {
      claims.push(...JSON.parse(await Deno.readTextFile(inputs[name]!.path)) as Claim[]);
    }
    const settings: Settings = {
      pool: "pool",
      published: Math.min(params.k, read.pool.dims.N),
      draw: 0,
      awareness: params.awareness,
      bias: params.bias_bandwidth,
      k: params.k,
      rounds: params.n_rounds,
      forgetting: params.forgetting,
      rho: params.rho,
      correction: params.correction,
      bandwidth: params.correction_bandwidth,
      gamma: params.gamma,
    };
    const { makeArticle } = await import("../lib/page/make_article.ts");
    const made = await makeArticle(
      read,
      claims,
      settings,
      { nKs: params.n_ks, priorMass: params.prior_mass },
      provenance.software,
    );
    await Deno.writeTextFile(outputs.article, JSON.stringify(made));
  },
});
