import { encodeModel } from "../../onnx/encode_model.ts";
import type { Responses } from "../../responses/responses.ts";
import { type HeldOutByFactors, heldOutByFactors } from "../fiml/held_out.ts";
import type { RunOptions } from "../fiml/run_graph.ts";
import { fitLogistic } from "./fit_logistic.ts";
import { logisticGraph } from "./logistic_graph.ts";

/** How the logistic model is fitted. */
export interface HeldOutLogisticOptions
  extends Pick<RunOptions, "maxEpochs" | "tolerance" | "threads"> {
  /** Differences that the acceleration remembers. */
  readonly depth: number;
}

/**
 * The Brier scores of the logistic factor model with several numbers of factors, on the cells that
 * `heldOutByFactors` hides for the same share and seed, so that they stand beside the Gaussian's.
 *
 * @throws {InputError} When no cell would be hidden, or there are too few subjects or items.
 */
export function heldOutLogistic(
  table: Responses,
  share: number,
  seed: string,
  factors: readonly number[],
  { depth, ...options }: HeldOutLogisticOptions,
): Promise<HeldOutByFactors> {
  const precision = "float64";
  return heldOutByFactors(table, share, seed, factors, async (seen, nFactors) => {
    const graph = await encodeModel(logisticGraph({ nFactors, precision, depth }), {});
    return await fitLogistic(seen, { ...options, graph, nFactors, precision, device: "cpu" });
  });
}
