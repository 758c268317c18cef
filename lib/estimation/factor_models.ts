import { fimlGraph } from "./fiml/fiml_graph.ts";
import { fitFiml } from "./fiml/fit_fiml.ts";
import { fitLogistic } from "./logistic/fit_logistic.ts";
import { logisticGraph } from "./logistic/logistic_graph.ts";

/** The factor models: each with the graph of its fit, and the function that runs it. */
export const FACTOR_MODELS = {
  gaussian: { graph: fimlGraph, fit: fitFiml },
  logistic: { graph: logisticGraph, fit: fitLogistic },
} as const;

/** The name of a factor model. */
export type FactorModelName = keyof typeof FACTOR_MODELS;

/** Their names. */
export const FACTOR_MODEL_NAMES = ["gaussian", "logistic"] as const satisfies FactorModelName[];
