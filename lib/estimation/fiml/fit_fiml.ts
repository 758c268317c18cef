import type { InferenceSession, Tensor, TypedTensor } from "onnxruntime-node";
import { InputError, UnavailableError } from "../../base/errors.ts";
import { matrix, transpose } from "../../stats/matrix.ts";
import { missingLibraries } from "../../onnx/cuda_libraries.ts";
import { onnxRuntime } from "../../onnx/onnx_runtime.ts";
import type { Responses } from "../../responses/responses.ts";
import { type DenseResponses, denseResponses } from "./dense_responses.ts";
import { evaluateModel, type FactorModel } from "./factor_model.ts";
import { initialModel } from "./initial_model.ts";
import type { Precision } from "./precision.ts";
import { requireShape } from "./require_shape.ts";

/** The fit has left the numbers that can be represented: its data and floor do not suit each other. */
export class DivergenceError extends InputError {}

/** Where a graph runs. */
export type Device = "cpu" | "cuda";

/** Fit options. */
export interface FitOptions {
  /** The exported graph, and what it was exported for. */
  readonly graph: Uint8Array;
  readonly nFactors: number;
  readonly precision: Precision;
  readonly device: "auto" | Device;
  /** Most iterations. */
  readonly maxEpochs: number;
  /** Relative change of the log-likelihood below which the fit has converged. */
  readonly tolerance: number;
  /** Least uniqueness as a share of the item's observed variance, in (0, 1). */
  readonly psiFloor: number;
  /** Threads of the CPU; another number may change the last bits of the result. */
  readonly threads: number;
}

/** A fitted model and how the fit went. */
export interface Fit {
  readonly model: FactorModel;
  /** Posterior means of the factors, S × d. */
  readonly scores: FactorModel["loadings"];
  /** Log-likelihood of the start and after each iteration; it never falls (float32: but for rounding). */
  readonly logLikelihoods: readonly number[];
  readonly converged: boolean;
  readonly device: Device;
  /** Why `auto` did not take CUDA, where it did not. */
  readonly fallback: string | undefined;
}

/** Iterations that run inside one call of the graph, between two reports of progress. */
const ITERATIONS_PER_CALL = 25;

/** float32 does not resolve a smaller relative change of the log-likelihood. */
const FLOAT32_TOLERANCE = 3e-9;

/**
 * Fits the factor model by full-information maximum likelihood: runs the exported graph on the
 * device asked for (model section 3).
 *
 * @param table S subjects × p items, each item varying.
 * @param options Fit options.
 * @param progress Called after each block with the iterations done and the log-likelihood.
 * @throws {ShapeError} When there are too few subjects or items for the factors.
 * @throws {UnavailableError} When CUDA is asked for and is not there.
 * @throws {DivergenceError} When the log-likelihood is not finite.
 */
export async function fitFiml(
  table: Responses,
  options: FitOptions,
  progress: (iterations: number, logLikelihood: number) => void = () => {},
): Promise<Fit> {
  const { nFactors: d, precision, maxEpochs, psiFloor } = options;
  const [S, p] = [table.subjectIds.length, table.itemIds.length];
  requireShape(d, S, p);
  const dense = denseResponses(table);
  const start = await initialModel(dense, S, d, psiFloor);
  const scale = dense.variance.map(Math.sqrt);
  const { session, Tensor, device, fallback } = await openSession(options);
  const real = (data: Float64Array, dims: readonly number[]): Tensor =>
    precision === "float32"
      ? new Tensor("float32", Float32Array.from(data), dims)
      : new Tensor("float64", data, dims);
  const scalar = (value: number): Tensor => new Tensor("float64", Float64Array.of(value), []);
  const tolerance = precision === "float32"
    ? Math.max(options.tolerance, FLOAT32_TOLERANCE)
    : options.tolerance;
  const fixed = {
    mask: real(dense.mask, [S, p]),
    responses: real(standardised(dense, scale), [S, p]),
    uniqueness_floor: real(new Float64Array(p).fill(psiFloor), [1, p]),
    tolerance: scalar(tolerance),
  };
  // Σ of the log s.d. of all observed cells: the log-likelihood is of the responses themselves.
  const shift = table.item.reduce((sum, i) => sum + Math.log(scale[i]!), 0);
  const initial = transpose(start.loadings).data.map((x, n) => x / scale[n % p]!);
  let loadings = real(initial, [d, p]);
  let mean = real(new Float64Array(p), [1, p]);
  let uniqueness = real(start.uniqueness.map((psi, i) => psi / dense.variance[i]!), [1, p]);
  const logLikelihoods: number[] = [];
  let converged = false;
  while (!converged && logLikelihoods.length < maxEpochs) {
    const block = Math.min(ITERATIONS_PER_CALL, maxEpochs - logLikelihoods.length);
    const results = await session.run({
      ...fixed,
      initial_loadings: loadings,
      initial_mean: mean,
      initial_uniqueness: uniqueness,
      initial_log_likelihood: scalar((logLikelihoods.at(-1) ?? -Infinity) + shift),
      max_iterations: new Tensor("int64", BigInt64Array.of(BigInt(block)), []),
    });
    const output = (name: string): Tensor => {
      const tensor = results[name];
      if (tensor === undefined) throw new Error(`Cannot fit: the graph has no output ${name}`);
      return tensor as Tensor;
    };
    const values = output("log_likelihoods") as TypedTensor<"float64">;
    const series = Array.from(values.data, (value) => value - shift);
    const bad = series.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      const iteration = logLikelihoods.length + bad + 1;
      throw new DivergenceError(
        `Cannot fit: the log-likelihood is ${series[bad]} at iteration ${iteration}.`,
      );
    }
    logLikelihoods.push(...series);
    [loadings, mean, uniqueness] = [output("loadings"), output("mean"), output("uniqueness")];
    // A last call that used up its iterations may have converged with the last of them: one more says so.
    converged = series.length < block;
    progress(logLikelihoods.length, logLikelihoods.at(-1) ?? NaN);
  }
  await session.release();
  const numbers = (tensor: Tensor): Float64Array =>
    Float64Array.from(tensor.data as Float64Array | Float32Array);
  const model: FactorModel = {
    loadings: transpose(matrix(d, p, numbers(loadings).map((x, n) => x * scale[n % p]!))),
    mean: numbers(mean).map((m, i) => dense.mean[i]! + m * scale[i]!),
    uniqueness: numbers(uniqueness).map((psi, i) => psi * dense.variance[i]!),
  };
  const { logLikelihood, scores } = evaluateModel(model, table);
  return {
    model,
    scores,
    logLikelihoods: [...logLikelihoods, logLikelihood],
    converged,
    device,
    fallback,
  };
}

/** Responses in units of their item's standard deviation, from its mean; 0 where one is missing. */
function standardised(
  { mask, responses, mean }: DenseResponses,
  scale: Float64Array,
): Float64Array {
  const p = mean.length;
  return responses.map((y, n) => (mask[n]! * (y - mean[n % p]!)) / scale[n % p]!);
}

interface OpenSession {
  readonly session: InferenceSession;
  readonly Tensor: typeof Tensor;
  readonly device: Device;
  readonly fallback: string | undefined;
}

async function openSession({ graph, device, threads }: FitOptions): Promise<OpenSession> {
  const { InferenceSession, Tensor } = await onnxRuntime();
  const open = (providers: Device[]): Promise<InferenceSession> =>
    InferenceSession.create(graph, {
      executionProviders: providers,
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // The graph is written in the form in which it is to run; looking for a better one takes longer.
      graphOptimizationLevel: "disabled",
      logSeverityLevel: 4,
    });
  let fallback: string | undefined;
  if (device !== "cpu") {
    try {
      return { session: await open(["cuda", "cpu"]), Tensor, device: "cuda", fallback };
    } catch (error) {
      fallback = missingLibraries() ??
        (error instanceof Error ? error.message.split("\n")[0] : String(error));
      if (device === "cuda") {
        throw new UnavailableError(`Cannot fit on CUDA: ${fallback}.`);
      }
    }
  }
  return { session: await open(["cpu"]), Tensor, device: "cpu", fallback };
}
