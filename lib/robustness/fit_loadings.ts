import { correlationMetric } from "../estimation/correlation_metric.ts";
import { FACTOR_MODELS } from "../estimation/factor_models.ts";
import { highestLeverages } from "../estimation/fiml/fit_report.ts";
import { parallelAnalysis } from "../estimation/parallel_analysis.ts";
import { rotate } from "../estimation/rotation/rotate.ts";
import { rotatedScores } from "../estimation/rotation/rotated_scores.ts";
import { encodeModel } from "../onnx/encode_model.ts";
import { filterItems } from "../responses/filter_items.ts";
import type { Responses } from "../responses/responses.ts";
import type { Matrix } from "../stats/matrix.ts";
import type { Choices } from "./variant.ts";

/** Rotated loadings of a table, and what to know about how they came about. */
export interface FittedLoadings {
  /** p × d, in the correlation metric. */
  readonly loadings: Matrix;
  readonly nFactors: number;
  readonly converged: boolean;
  /** Why varimax was taken though quartimin was asked for. */
  readonly fallback: string | undefined;
  /** The highest leverage of one subject on a rotated factor, in (0, 1]. */
  readonly highestLeverage: number;
}

/**
 * From a response table to rotated loadings, as the workflow's targets do it (model sections 1 to 5).
 *
 * @throws {InputError} When the table and the choices do not suit each other.
 */
export async function fitLoadings(responses: Responses, choices: Choices): Promise<FittedLoadings> {
  const { responses: table } = filterItems(responses, choices);
  const { seed, nReplications, percentile, psiFloor, maxEpochs, tolerance, threads } = choices;
  const nFactors = choices.nFactors === "auto"
    ? (await parallelAnalysis(table, { nReplications, percentile, seed })).nFactors
    : choices.nFactors;
  const precision = "float64";
  const { andersonDepth: depth } = choices;
  const factorModel = FACTOR_MODELS[choices.factorModel];
  const fit = await factorModel.fit(table, {
    graph: await encodeModel(factorModel.graph({ nFactors, precision, depth }), {}),
    ...{ nFactors, precision, maxEpochs, tolerance, psiFloor, threads },
    device: "cpu",
  });
  const raw = correlationMetric(fit.model.loadings, fit.model.uniqueness);
  const { rotation: method, nStarts, kaiser } = choices;
  const { loadings, fallback } = await rotate(raw, { method, nStarts, kaiser, seed });
  const leverages = highestLeverages(rotatedScores(raw, loadings, fit.scores));
  return {
    ...{ loadings, nFactors, fallback },
    converged: fit.converged,
    highestLeverage: Math.max(...leverages),
  };
}
