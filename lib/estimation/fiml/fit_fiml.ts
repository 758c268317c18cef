import { matrix, transpose } from "../../stats/matrix.ts";
import type { Responses } from "../../responses/responses.ts";
import { type DenseResponses, denseResponses } from "./dense_responses.ts";
import { evaluateModel, type FactorModel } from "./factor_model.ts";
import { initialModel } from "./initial_model.ts";
import { type Course, type Progress, runGraph, type RunOptions } from "./run_graph.ts";
import { requireShape } from "./require_shape.ts";

/** Fit options. */
export interface FitOptions extends RunOptions {
  /** Least uniqueness as a share of the item's observed variance, in (0, 1). */
  readonly psiFloor: number;
}

/** A fitted model and how the fit went. */
export interface Fit extends Course {
  readonly model: FactorModel;
  /** Posterior means of the factors, S × d. */
  readonly scores: FactorModel["loadings"];
  /** Log-likelihood of the start and after each iteration; it never falls (float32: but for rounding). */
  readonly logLikelihoods: readonly number[];
}

const ITERATIONS_PER_CALL = 25;

/**
 * Fits the factor model by full-information maximum likelihood: runs the exported graph on the
 * device asked for (model section 3).
 *
 * @param table S subjects × p items, each item varying.
 * @param options Fit options.
 * @param progress Called after each block of iterations.
 * @throws {ShapeError} When there are too few subjects or items for the factors.
 * @throws {UnavailableError} When CUDA is asked for and is not there.
 * @throws {DivergenceError} When the log-likelihood is not finite.
 */
export async function fitFiml(
  table: Responses,
  options: FitOptions,
  progress: Progress = () => {},
): Promise<Fit> {
  const { nFactors: d, psiFloor } = options;
  const [S, p] = [table.subjectIds.length, table.itemIds.length];
  requireShape(d, S, p);
  const dense = denseResponses(table);
  const start = await initialModel(dense, S, d, psiFloor);
  const scale = dense.variance.map(Math.sqrt);
  const { state, logLikelihoods, ...course } = await runGraph(options, {
    fixed: {
      mask: { data: dense.mask, dims: [S, p] },
      responses: { data: standardised(dense, scale), dims: [S, p] },
      uniqueness_floor: { data: new Float64Array(p).fill(psiFloor), dims: [1, p] },
    },
    initial: {
      loadings: {
        data: transpose(start.loadings).data.map((x, n) => x / scale[n % p]!),
        dims: [d, p],
      },
      mean: { data: new Float64Array(p), dims: [1, p] },
      uniqueness: {
        data: start.uniqueness.map((psi, i) => psi / dense.variance[i]!),
        dims: [1, p],
      },
    },
    // Σ of the log s.d. of all observed cells: the log-likelihood is of the responses themselves.
    shift: table.item.reduce((sum, i) => sum + Math.log(scale[i]!), 0),
    iterationsPerCall: ITERATIONS_PER_CALL,
  }, progress);
  const { loadings, mean, uniqueness } = state;
  const model: FactorModel = {
    loadings: transpose(matrix(d, p, loadings!.map((x, n) => x * scale[n % p]!))),
    mean: mean!.map((m, i) => dense.mean[i]! + m * scale[i]!),
    uniqueness: uniqueness!.map((psi, i) => psi * dense.variance[i]!),
  };
  const { logLikelihood, scores } = evaluateModel(model, table);
  return { model, scores, logLikelihoods: [...logLikelihoods, logLikelihood], ...course };
}

/** Responses in units of their item's standard deviation, from its mean; 0 where one is missing. */
function standardised(
  { mask, responses, mean }: DenseResponses,
  scale: Float64Array,
): Float64Array {
  const p = mean.length;
  return responses.map((y, n) => (mask[n]! * (y - mean[n % p]!)) / scale[n % p]!);
}
