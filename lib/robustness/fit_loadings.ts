import { correlationMetric } from "../estimation/correlation_metric.ts";
import { FACTOR_MODELS, type FactorModelName } from "../estimation/factor_models.ts";
import { highestLeverages } from "../estimation/fiml/fit_report.ts";
import { parallelAnalysis } from "../estimation/parallel_analysis.ts";
import { rotate } from "../estimation/rotation/rotate.ts";
import { rotatedScores } from "../estimation/rotation/rotated_scores.ts";
import { encodeModel } from "../onnx/encode_model.ts";
import { loadingsToTasks } from "../pool/loadings_to_tasks.ts";
import { filterItems, requireItems } from "../responses/filter_items.ts";
import type { Responses } from "../responses/responses.ts";
import { subsampleItems } from "../responses/select_items.ts";
import type { Matrix } from "../stats/matrix.ts";
import { stream } from "../stats/random/stream.ts";
import type { Choices } from "./variant.ts";

/** A fitted and rotated table, and what to know about how it came about. */
export interface FittedLoadings {
  /** All tasks by τ: at most p × d. */
  readonly tasksAt: (tau: number) => Promise<Matrix>;
  readonly nFactors: number;
  readonly converged: boolean;
  /** Why varimax was taken though quartimin was asked for. */
  readonly fallback: string | undefined;
  /** The highest leverage of one subject on a rotated factor, in (0, 1]. */
  readonly highestLeverage: number;
}

/** Fits a table with some choices. */
export type FitLoadings = (choices: Choices) => Promise<FittedLoadings>;

/**
 * From a response table to rotated loadings, as the workflow's targets do it (model sections 1 to 5). Choices
 * that differ only in what comes after share a fit.
 *
 * @returns A function that throws {@linkcode InputError} when the table and the choices do not suit each other.
 */
export function loadingsOf(responses: Responses): FitLoadings {
  const filtered = remember(
    ({ minSubjects, minMinority }: Choices) => [minSubjects, minMinority],
    (choices) => Promise.resolve(filterItems(responses, choices).responses),
  );
  const analysed = remember(
    ({ minSubjects, minMinority, nReplications, percentile }: Choices) => [
      ...[minSubjects, minMinority, nReplications, percentile],
    ],
    async (choices) => {
      const options = { ...choices, seed: choices.seeds.parallelAnalysis };
      return (await parallelAnalysis(await filtered(choices), options)).nFactors;
    },
  );
  return remember(fitChoices, async (choices) => {
    const all = await filtered(choices);
    const nFactors = choices.nFactors === "auto" ? await analysed(choices) : choices.nFactors;
    const uniform = stream(choices.seeds.subsample, "subsample");
    const table = subsampleItems(all, choices.subsample, uniform);
    requireItems(table);
    return await fitTable(table, nFactors, choices);
  });
}

/** The choices that a fit depends on. */
function fitChoices(choices: Choices): unknown {
  const { tau: _t, nPool: _n, biasBandwidth: _b, correction: _c, rounds: _r, ...rest } = choices;
  const { forgetting: _f, priorMass: _p, gamma: _g, draws: _d, seeds: _s, ...fit } = rest;
  return fit;
}

/** Remembers what was made, or why it could not be, by its key. */
function remember<Given, Made>(
  keyOf: (given: Given) => unknown,
  make: (given: Given) => Promise<Made>,
): (given: Given) => Promise<Made> {
  const made = new Map<string, Promise<Made>>();
  return async (given) => {
    const key = JSON.stringify(keyOf(given));
    const known = made.get(key) ?? make(given);
    made.set(key, known);
    return await known;
  };
}

const PRECISION = "float64";

/** The same for all tables. */
const encodedGraph = remember(
  (
    options: { readonly model: FactorModelName; readonly nFactors: number; readonly depth: number },
  ) => options,
  async ({ model, ...options }) =>
    await encodeModel(FACTOR_MODELS[model].graph({ ...options, precision: PRECISION }), {}),
);

async function fitTable(
  table: Responses,
  nFactors: number,
  choices: Choices,
): Promise<FittedLoadings> {
  const { andersonDepth: depth, maxEpochs, tolerance, psiFloor, threads } = choices;
  const factorModel = FACTOR_MODELS[choices.factorModel];
  const fit = await factorModel.fit(table, {
    graph: await encodedGraph({ model: choices.factorModel, nFactors, depth }),
    ...{ nFactors, precision: PRECISION, maxEpochs, tolerance, psiFloor, threads },
    device: "cpu",
  });
  const raw = correlationMetric(fit.model.loadings, fit.model.uniqueness);
  const { rotation: method, nStarts, kaiser, seeds: { rotation: seed } } = choices;
  const { loadings, fallback } = await rotate(raw, { method, nStarts, kaiser, seed });
  const leverages = highestLeverages(rotatedScores(raw, loadings, fit.scores));
  return {
    ...{ nFactors, fallback },
    tasksAt: remember(
      (tau: number) => tau,
      async (tau) => (await loadingsToTasks(loadings, tau)).sparsified,
    ),
    converged: fit.converged,
    highestLeverage: Math.max(...leverages),
  };
}
