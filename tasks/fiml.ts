import { z } from "zod";
import { lineageOf, readArtifact, writeArtifact } from "../lib/artifact/artifact.ts";
import { fitFiml, type FitOptions } from "../lib/estimation/fiml/fit_fiml.ts";
import { heldOutScore } from "../lib/estimation/fiml/held_out.ts";
import {
  degreesOfFreedom,
  highestLeverages,
  shareAtFloor,
} from "../lib/estimation/fiml/fit_report.ts";
import { readMetadata } from "../lib/onnx/encode_model.ts";
import { responsesFromArrays } from "../lib/responses/responses.ts";
import { defineTask } from "../lib/runner/task.ts";

/** A factor on which one subject has more leverage than this is that subject (model section 3). */
const LEVERAGE_WARNING = 0.9;

export default defineTask({
  description: "Fits the factor model by full-information maximum likelihood",
  params: z.object({
    device: z.enum(["auto", "cpu", "cuda"]),
    max_epochs: z.int().positive(),
    tolerance: z.number().positive(),
    psi_floor: z.number().gt(0).lt(1),
    threads: z.int().positive(),
    held_out: z.number().min(0).lt(1),
  }),
  inputs: { items: { kind: "npz" }, graph: { kind: "onnx" } },
  outputs: { fiml: { kind: "npz" } },
  native: true,
  seeded: true,
  async run({ params, seed, inputs, outputs, provenance, progress, log, warn }): Promise<void> {
    const items = await readArtifact(inputs.items);
    if (inputs.graph === undefined) throw new TypeError("Cannot fit: no graph is given");
    const table = responsesFromArrays(items.arrays);
    const graph = await Deno.readFile(inputs.graph.path);
    const metadata = await readMetadata(graph);
    const precision = metadata["precision"] === "float32" ? "float32" : "float64";
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
    const fit = await fitFiml(table, options, (iterations, value) => {
      const rate = (1000 * iterations) / (performance.now() - started);
      const text = `iteration ${iterations}, log-likelihood ${value.toFixed(3)}`;
      progress(iterations / params.max_epochs, `${text}, ${rate.toFixed(0)} a second`);
    });
    if (fit.fallback !== undefined) {
      warn("CUDA is not available; using the CPU (for a GPU: deno task setup:cuda)", "once");
      log(`CUDA: ${fit.fallback}`);
    }
    const { loadings, mean, uniqueness } = fit.model;
    const leverages = highestLeverages(fit.scores);
    const shares = leverages.map((leverage) => leverage.toFixed(3));
    log(`highest leverage of one subject, by factor: ${shares.join(", ")}`);
    leverages.forEach((leverage, j) => {
      if (leverage > LEVERAGE_WARNING) {
        warn(`factor ${j + 1} is one subject: its leverage is ${leverage.toFixed(2)}`);
      }
    });
    if (degreesOfFreedom(loadings.rows, loadings.cols) < 0) {
      warn(
        `${loadings.cols} factors are too many for ${loadings.rows} items: the data do not determine ` +
          "the model; set factors.n to fewer",
      );
    }
    if (!fit.converged) {
      warn(`not converged after ${params.max_epochs} iterations; raise fiml.max_epochs`);
    }
    const heldOut = params.held_out === 0
      ? undefined
      : await heldOutScore(table, params.held_out, seed, (seen) => fitFiml(seen, options));
    const facts = {
      n_factors: loadings.cols,
      n_iterations: fit.logLikelihoods.length - 1,
      log_likelihood: fit.logLikelihoods.at(-1) ?? null,
      converged: fit.converged,
      share_at_floor: shareAtFloor(table, uniqueness, params.psi_floor),
      highest_leverage: Math.max(...leverages),
      device: fit.device,
      precision,
      ...(heldOut && {
        held_out_brier: heldOut.brier,
        held_out_brier_of_mean: heldOut.brierOfMean,
        n_held_out: heldOut.nHidden,
      }),
    };
    log(JSON.stringify(facts));
    const p = loadings.rows;
    await writeArtifact(outputs.fiml, {
      loadings: { shape: [p, loadings.cols], data: loadings.data },
      uniqueness: { shape: [p], data: uniqueness },
      mean: { shape: [p], data: mean },
      item_id: { shape: [p], data: table.itemIds },
      subject_id: { shape: [table.subjectIds.length], data: table.subjectIds },
      scores: { shape: [fit.scores.rows, fit.scores.cols], data: fit.scores.data },
      leverage: { shape: [leverages.length], data: Float64Array.from(leverages) },
      log_likelihood: {
        shape: [fit.logLikelihoods.length],
        data: Float64Array.from(fit.logLikelihoods),
      },
    }, lineageOf({ params, provenance }, { items, graph: inputs.graph }, facts));
  },
});
