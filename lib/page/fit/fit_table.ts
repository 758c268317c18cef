import { correlationMetric } from "../../estimation/correlation_metric.ts";
import { fimlGraph, MAX_FACTORS } from "../../estimation/fiml/fiml_graph.ts";
import { fitFiml } from "../../estimation/fiml/fit_fiml.ts";
import { highestLeverages } from "../../estimation/fiml/fit_report.ts";
import type { Precision } from "../../estimation/fiml/precision.ts";
import { type ParallelAnalysis, parallelAnalysis } from "../../estimation/parallel_analysis.ts";
import { rotate } from "../../estimation/rotation/rotate.ts";
import { rotatedScores } from "../../estimation/rotation/rotated_scores.ts";
import { InputError } from "../../base/errors.ts";
import { encodeModel } from "../../onnx/encode_model.ts";
import { loadingsToTasks } from "../../pool/loadings_to_tasks.ts";
import { filterItems, requireItems } from "../../responses/filter_items.ts";
import type { Responses } from "../../responses/responses.ts";
import { type Matrix, takeRows } from "../../stats/matrix.ts";
import { sampleWithoutReplacement } from "../../stats/random/sample.ts";
import { stream } from "../../stats/random/stream.ts";

/** The workflow's numbers, from responses to pool. */
export interface FitSettings {
  /** Of several benchmarks: least share of the smaller one's subjects in another. */
  readonly minOverlap: number;
  readonly minSubjects: number;
  readonly minMinority: number;
  readonly nReplications: number;
  readonly percentile: number;
  readonly nFactors: "auto" | number;
  readonly precision: Precision;
  readonly depth: number;
  readonly maxEpochs: number;
  readonly tolerance: number;
  readonly psiFloor: number;
  readonly method: "quartimin" | "varimax";
  readonly nStarts: number;
  readonly tau: number;
  /** Null: all tasks. */
  readonly nPool: number | null;
  /** Of the workflow's own targets: the same table gives the same result. */
  readonly seeds: Readonly<Record<"parallelAnalysis" | "rotation" | "pool", string>>;
}

/** An exported graph of the fit, and for how many factors it is. */
export interface ExportedGraph {
  readonly nFactors: number;
  readonly bytes: Uint8Array;
}

/** What is known after each step. */
export interface Steps {
  readonly items: {
    readonly nSubjects: number;
    readonly nItems: number;
    readonly nObservations: number;
    readonly nDropped: number;
  };
  readonly analysis: ParallelAnalysis & { readonly warning: string | undefined };
  readonly fit: {
    readonly raw: Matrix;
    readonly logLikelihoods: readonly number[];
    readonly converged: boolean;
  };
  readonly rotation: {
    readonly itemIds: readonly string[];
    readonly rotated: Matrix;
    readonly method: string;
    readonly leverage: Float64Array;
  };
  readonly pool: {
    readonly projected: Matrix;
    readonly sparsified: Matrix;
    readonly taskIds: readonly string[];
    readonly z: Matrix;
  };
}

/** Is told how far it is, and of each step what it found. */
export interface Listener {
  readonly progress: (text: string) => void;
  readonly found: <N extends keyof Steps>(name: N, result: Steps[N]) => void;
}

/**
 * From a table of responses to a pool, by the steps of the workflow and with its numbers.
 *
 * @param table All its items.
 * @param settings The workflow's numbers.
 * @param exported The workflow's graph; for another number of factors one is exported here.
 * @param listener Is told of each step.
 * @throws {InputError} When the table does not allow it.
 */
export async function fitTable(
  table: Responses,
  settings: FitSettings,
  exported: ExportedGraph,
  { progress, found }: Listener,
): Promise<void> {
  const { responses: items } = filterItems(table, settings);
  requireItems(items);
  found("items", {
    nSubjects: items.subjectIds.length,
    nItems: items.itemIds.length,
    nObservations: items.item.length,
    nDropped: table.itemIds.length - items.itemIds.length,
  });
  progress("parallel analysis");
  const analysis = await parallelAnalysis(
    items,
    { ...settings, seed: settings.seeds.parallelAnalysis },
    (share) => progress(`parallel analysis, ${Math.round(100 * share)} %`),
  );
  const { eigenvalues: [first], thresholds: [threshold] } = analysis;
  const warning = first! > threshold!
    ? undefined
    : "No eigenvalue exceeds its threshold: 1 skill is taken, the least.";
  found("analysis", { ...analysis, warning });
  const d = settings.nFactors === "auto" ? analysis.nFactors : settings.nFactors;
  const { model, scores, logLikelihoods, converged } = await fitFiml(items, {
    ...settings,
    graph: await graphFor(d, settings, exported),
    nFactors: d,
    device: "cpu",
    threads: 1,
  }, (iterations, value) => progress(`fit, iteration ${iterations}, ℓ = ${value.toFixed(2)}`));
  const raw = correlationMetric(model.loadings, model.uniqueness);
  found("fit", { raw, logLikelihoods, converged });
  progress("rotation");
  const { method, nStarts, seeds } = settings;
  const rotation = await rotate(raw, { method, nStarts, kaiser: true, seed: seeds.rotation });
  const { loadings: rotated } = rotation;
  found("rotation", {
    itemIds: items.itemIds,
    rotated,
    method: rotation.method,
    leverage: highestLeverages(rotatedScores(raw, rotated, scores)),
  });
  found("pool", await poolOf(rotated, items.itemIds, settings));
}

async function graphFor(
  d: number,
  { precision, depth }: FitSettings,
  exported: ExportedGraph,
): Promise<Uint8Array> {
  if (d === exported.nFactors) return exported.bytes;
  if (d > MAX_FACTORS) {
    throw new InputError(
      `Cannot fit ${d} factors, as parallel analysis found: at most ${MAX_FACTORS}.`,
    );
  }
  return await encodeModel(fimlGraph({ nFactors: d, precision, depth }), {
    n_factors: String(d),
    precision,
  });
}

async function poolOf(
  rotated: Matrix,
  itemIds: readonly string[],
  { tau, nPool, seeds }: FitSettings,
): Promise<Steps["pool"]> {
  const { projected, sparsified, kept } = await loadingsToTasks(rotated, tau);
  const all = kept.length;
  if (all === 0) throw new InputError("Cannot make tasks: no item has a positive loading.");
  const chosen = sampleWithoutReplacement(
    all,
    Math.min(nPool ?? all, all),
    stream(seeds.pool, "subsample"),
  );
  return {
    projected,
    sparsified,
    taskIds: kept.map((i) => itemIds[i]!),
    z: takeRows(sparsified, chosen),
  };
}
