import { z } from "zod";
import * as kinds from "../lib/artifact/kinds.ts";
import { UnavailableError } from "../lib/base/errors.ts";
import { FACTOR_MODELS } from "../lib/estimation/factor_models.ts";
import type { FitOptions } from "../lib/estimation/fiml/fit_fiml.ts";
import { degreesOfFreedom, shareAtFloor } from "../lib/estimation/fiml/fit_report.ts";
import { heldOutScore } from "../lib/estimation/fiml/held_out.ts";
import type { Precision } from "../lib/estimation/fiml/precision.ts";
import { ShapeError } from "../lib/estimation/fiml/require_shape.ts";
import { DivergenceError } from "../lib/estimation/fiml/run_graph.ts";
import { readMetadata } from "../lib/onnx/encode_model.ts";
import { requireItems } from "../lib/responses/filter_items.ts";
import { responsesOf } from "../lib/responses/responses.ts";
import { subsampleItems } from "../lib/responses/select_items.ts";
import { stream } from "../lib/stats/random/stream.ts";
import { artifactTask } from "./_artifact_task.ts";
import { withRemedies } from "./_remedies.ts";
import { withRemedy } from "./_with_remedy.ts";

const REMEDIES = [
  [
    UnavailableError,
    "Run deno task setup:cuda, which says what is missing, or set fiml.device to cpu or auto.",
  ],
  [DivergenceError, "Raise fiml.psi_floor, or set fiml.precision to float64."],
  [ShapeError, "Lower factors.n, or give more subjects or items."],
] as const;

export default artifactTask({
  description: "Fits the factor model by maximum likelihood, whichever graph it is given",
  params: z.object({
    subsample: z.int().positive().nullable(), // of the items, before the fit
    device: z.enum(["auto", "cpu", "cuda"]),
    max_epochs: z.int().positive(),
    tolerance: z.number().positive(),
    psi_floor: z.number().gt(0).lt(1),
    threads: z.int().positive(),
    held_out: z.number().min(0).lt(1),
  }),
  inputs: { items: kinds.items },
  files: { graph: "onnx" },
  output: ["fiml", kinds.factorModel],
  native: true,
  seeded: true,
  make: async ({ params, seed, inputs: { items }, files, progress, log, warn }) => {
    const all = responsesOf(items.arrays);
    const table = await withRemedies(() => {
      const some = subsampleItems(all, params.subsample, stream(seed, "subsample"));
      requireItems(some);
      return some;
    });
    const isPart = table.itemIds.length < all.itemIds.length;
    if (isPart) log(`${table.itemIds.length} of ${all.itemIds.length} items taken at random`);
    const graph = await Deno.readFile(files.graph.path);
    const metadata = await readMetadata(graph);
    const precision: Precision = metadata["precision"] === "float32" ? "float32" : "float64";
    const isLogistic = metadata["model"] === "logistic";
    const { fit: fitTable } = FACTOR_MODELS[isLogistic ? "logistic" : "gaussian"];
    const started = performance.now();
    const options: FitOptions = {
      graph,
      nFactors: Number(metadata["n_factors"]),
      precision,
      device: params.device,
      maxEpochs: params.max_epochs,
      tolerance: params.tolerance,
      psiFloor: params.psi_floor,
      threads: params.threads,
    };
    const report = (iterations: number, value: number): void => {
      const rate = (1000 * iterations) / (performance.now() - started);
      const text = `iteration ${iterations}, log-likelihood ${value.toFixed(3)}`;
      progress(iterations / params.max_epochs, `${text}, ${rate.toFixed(0)} a second`);
    };
    const fit = await withRemedy(fitTable(table, options, report), REMEDIES);
    if (fit.fallback !== undefined) {
      log(`on the CPU, as CUDA is not there (for a GPU: deno task setup:cuda): ${fit.fallback}`);
    }
    const { loadings, mean, uniqueness } = fit.model;
    if (degreesOfFreedom(loadings.rows, loadings.cols) < 0) {
      warn(
        `${loadings.cols} ${loadings.cols === 1 ? "factor is" : "factors are"} too many for ` +
          `${loadings.rows} items: the data do not determine ` +
          "the model; set factors.n to fewer",
      );
    }
    if (!fit.converged) {
      warn(`not converged after ${params.max_epochs} iterations; raise fiml.max_epochs`);
    }
    const heldOut = params.held_out === 0 ? undefined : await withRemedy(
      heldOutScore(table, params.held_out, seed, (seen) => fitTable(seen, options)),
      REMEDIES,
    );
    const logLikelihood = Float64Array.from(fit.logLikelihoods);
    return {
      arrays: {
        loadings,
        uniqueness,
        mean,
        item_id: table.itemIds,
        subject_id: table.subjectIds,
        scores: fit.scores,
        log_likelihood: logLikelihood,
      },
      facts: {
        ...(isLogistic && { model: "logistic" as const }),
        n_factors: loadings.cols,
        n_iterations: logLikelihood.length - 1,
        log_likelihood: logLikelihood.at(-1) ?? null,
        converged: fit.converged,
        share_at_floor: shareAtFloor(table, uniqueness, params.psi_floor),
        ...(isPart && { n_items_before_subsample: all.itemIds.length, seed }),
        device: fit.device,
        precision,
        ...(heldOut && {
          held_out_brier: heldOut.brier,
          held_out_brier_of_mean: heldOut.brierOfMean,
          n_held_out: heldOut.nHidden,
        }),
      },
    };
  },
});
