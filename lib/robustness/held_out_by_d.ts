import type { ArraysOf } from "../artifact/kind.ts";
import type { heldOut } from "../artifact/kinds.ts";
import { fimlGraph } from "../estimation/fiml/fiml_graph.ts";
import { fitFiml } from "../estimation/fiml/fit_fiml.ts";
import { heldOutByFactors } from "../estimation/fiml/held_out.ts";
import { parallelAnalysis } from "../estimation/parallel_analysis.ts";
import { encodeModel } from "../onnx/encode_model.ts";
import { filterItems } from "../responses/filter_items.ts";
import type { Responses } from "../responses/responses.ts";
import { matrix, row } from "../stats/matrix.ts";
import { range } from "../stats/range.ts";
import type { Choices } from "./variant.ts";

/**
 * How well d = 1 … D + 1 factors predict answers that were hidden, D being the workflow's number, beside item
 * means and the additive model (model section 3).
 *
 * @param share Of the observed cells that is hidden.
 * @param splits How often, each time other cells.
 * @param progress Called with the number of splits done.
 */
export async function heldOutByD(
  responses: Responses,
  choices: Choices,
  { share, splits }: { readonly share: number; readonly splits: number },
  progress: (done: number, of: number) => void,
): Promise<ArraysOf<typeof heldOut>> {
  const { responses: table } = filterItems(responses, choices);
  const { psiFloor, maxEpochs, tolerance, threads, andersonDepth: depth, seeds } = choices;
  const precision = "float64";
  const chosen = choices.nFactors === "auto"
    ? (await parallelAnalysis(table, { ...choices, seed: seeds.parallelAnalysis })).nFactors
    : choices.nFactors;
  // There must be fewer factors than subjects.
  const most = Math.min(chosen + 1, table.subjectIds.length - 1);
  const factors = range(1, most + 1);
  const graphs = new Map<number, Uint8Array>();
  for (const d of factors) {
    graphs.set(d, await encodeModel(fimlGraph({ nFactors: d, precision, depth }), {}));
  }
  const brier = matrix(splits, factors.length);
  const [mean, additive] = [new Float64Array(splits), new Float64Array(splits)];
  const converged = matrix(splits, factors.length);
  for (let split = 0; split < splits; split++) {
    const seed = `${seeds.tables} ${split}`;
    const found = await heldOutByFactors(table, share, seed, factors, async (seen, d) => {
      const fit = await fitFiml(seen, {
        ...{
          graph: graphs.get(d)!,
          nFactors: d,
          precision,
          maxEpochs,
          tolerance,
          psiFloor,
          threads,
        },
        device: "cpu",
      });
      row(converged, split)[d - 1] = Number(fit.converged);
      return fit;
    });
    row(brier, split).set(found.brier);
    [mean[split], additive[split]] = [found.brierOfMean, found.brierOfAdditive];
    progress(split + 1, splits);
  }
  return {
    n_factors: Int32Array.from(factors),
    ...{ brier, converged, brier_of_mean: mean, brier_of_additive: additive },
    chosen_n_factors: chosen,
  };
}
