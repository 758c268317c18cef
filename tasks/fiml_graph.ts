import { z } from "zod";
import { readArtifact } from "../lib/artifact/artifact.ts";
import { parallelAnalysis } from "../lib/artifact/kinds.ts";
import { CUDA_KERNELS } from "../lib/estimation/fiml/cuda_kernels.ts";
import { MAX_DEPTH } from "../lib/estimation/fiml/accelerated_loop.ts";
import { FACTOR_MODEL_NAMES, FACTOR_MODELS } from "../lib/estimation/factor_models.ts";
import { MAX_FACTORS } from "../lib/estimation/fiml/fiml_graph.ts";
import { InputError } from "../lib/base/errors.ts";
import { encodeModel } from "../lib/onnx/encode_model.ts";
import { validateGraph } from "../lib/onnx/validate_graph.ts";
import { defineTask } from "../lib/runner/task.ts";

export default defineTask({
  description: "Exports the iterations of the fit as an ONNX graph",
  params: z.object({
    model: z.enum(FACTOR_MODEL_NAMES),
    n_factors: z.union([z.literal("auto"), z.int().min(1).max(MAX_FACTORS)], {
      error: `expected auto, or a whole number from 1 to ${MAX_FACTORS}`,
    }),
    precision: z.enum(["float64", "float32"]),
    anderson_depth: z.int().min(0).max(MAX_DEPTH),
  }),
  inputs: { parallel_analysis: { kind: "npz" } },
  outputs: { graph: { kind: "onnx" } },
  async run({ params, inputs, outputs, log }): Promise<void> {
    const { arrays } = await readArtifact(parallelAnalysis, inputs.parallel_analysis);
    const d = params.n_factors === "auto" ? arrays.n_factors : params.n_factors;
    if (d > MAX_FACTORS) {
      throw new InputError(
        `Cannot export a graph of ${d} factors, as parallel analysis found: at most ${MAX_FACTORS}. ` +
          `Set factors.n to at most ${MAX_FACTORS}.`,
      );
    }
    const { model, precision, anderson_depth: depth } = params;
    const graph = FACTOR_MODELS[model].graph({ nFactors: d, precision, depth });
    const problems = validateGraph(graph, CUDA_KERNELS);
    if (problems.length > 0) throw new Error(`Cannot export the graph: ${problems.join("; ")}`);
    const bytes = await encodeModel(graph, {
      n_factors: String(d),
      precision,
      ...(model === "logistic" && { model }),
    });
    log(`${d} factors, ${precision}, ${bytes.length} bytes`);
    await Deno.writeFile(outputs.graph, bytes);
  },
});
