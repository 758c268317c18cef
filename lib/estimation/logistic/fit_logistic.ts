import { identity, matrix } from "../../stats/matrix.ts";
import type { Responses } from "../../responses/responses.ts";
import { denseResponses } from "../fiml/dense_responses.ts";
import type { Fit } from "../fiml/fit_fiml.ts";
import { principalScores } from "../fiml/initial_model.ts";
import { requireShape } from "../fiml/require_shape.ts";
import { type Progress, runGraph, type RunOptions } from "../fiml/run_graph.ts";
import { evaluateLogistic } from "./logistic_model.ts";
import { standardScores } from "./standard_scores.ts";

/** The variance of the logistic distribution, the noise of the response behind the response. */
const LOGISTIC_VARIANCE = Math.PI ** 2 / 3;

/** An acceleration that forgets each 25 iterations would need half as many again. */
const ITERATIONS_PER_CALL = 100;

/**
 * Fits the logistic factor model P(y_si = 1) = 1/(1 + e^{−(μ_i + λ_iᵀ f_s)}): runs the exported graph
 * (`logisticGraph`) on the device asked for. A response is a count of one, or a share of it in [0, 1].
 *
 * It maximises a bound on the marginal likelihood (Bock and Aitkin, 1981; the bound: Jaakkola and Jordan,
 * 2000; Tipping, 1999), in which the items are the random side: (λ_i, μ_i) ~ N(m, Σ), with m and Σ
 * estimated, while each subject, of thousands of responses, has its score as a parameter, as in joint
 * maximum likelihood (Chen, Li and Zhang, 2019). The prior stands in for a floor: an item that
 * everybody answered alike, or that a score separates, keeps finite loadings.
 *
 * @returns Loadings and intercepts are posterior means, in logits; the scores have mean 0 and are
 * uncorrelated with variance 1 over the subjects, so that λ / √(‖λ‖² + ψ), ψ = π²/3, is in the
 * correlation metric. The log-likelihoods are the bound's: it never falls.
 * @throws {ShapeError} When there are too few subjects or items for the factors.
 * @throws {UnavailableError} When CUDA is asked for and is not there.
 * @throws {DivergenceError} When the log-likelihood is not finite.
 */
export async function fitLogistic(
  table: Responses,
  options: RunOptions,
  progress: Progress = () => {},
): Promise<Fit> {
  const { nFactors: d } = options;
  const [S, p, D] = [table.subjectIds.length, table.itemIds.length, d + 1];
  requireShape(d, S, p);
  const dense = denseResponses(table);
  const start = await principalScores(dense, S, d);
  const { state, logLikelihoods, ...course } = await runGraph(options, {
    fixed: {
      mask: { data: dense.mask, dims: [S, p] },
      responses: { data: dense.responses, dims: [S, p] },
    },
    initial: {
      scores: { data: start.data.map((x) => x * Math.sqrt(S)), dims: [S, d], double: true },
      prior_mean: { data: new Float64Array(D), dims: [1, D], double: true },
      prior_root: { data: identity(D).data, dims: [D, D], double: true },
      touching: { data: new Float64Array(S * p).fill(1), dims: [S, p] },
    },
    shift: 0,
    iterationsPerCall: ITERATIONS_PER_CALL,
  }, progress);
  const scores = matrix(S, d, state["scores"]!);
  const { logLikelihood, posteriorMeans } = evaluateLogistic({
    scores,
    priorMean: state["prior_mean"]!,
    priorRoot: state["prior_root"]!,
    touching: state["touching"]!,
  }, table);
  const standard = standardScores(scores, posteriorMeans);
  return {
    model: {
      loadings: standard.loadings,
      mean: standard.intercept,
      uniqueness: new Float64Array(p).fill(LOGISTIC_VARIANCE),
      link: "logit",
    },
    scores: standard.scores,
    logLikelihoods: [...logLikelihoods, logLikelihood],
    ...course,
  };
}
