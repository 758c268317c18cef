import type { InferenceSession, Tensor, TypedTensor } from "onnxruntime-node";
import { InputError, UnavailableError } from "../../base/errors.ts";
import { missingLibraries } from "../../onnx/cuda_libraries.ts";
import { onnxRuntime } from "../../onnx/onnx_runtime.ts";
import type { Precision } from "./precision.ts";

/** The fit has left the numbers that can be represented: its data and floor do not suit each other. */
export class DivergenceError extends InputError {}

/** Where a graph runs. */
export type Device = "cpu" | "cuda";

/** How an exported graph of a fit is run. */
export interface RunOptions {
  /** The exported graph, and what it was exported for. */
  readonly graph: Uint8Array;
  readonly nFactors: number;
  readonly precision: Precision;
  readonly device: "auto" | Device;
  /** Most iterations. */
  readonly maxEpochs: number;
  /** Relative change of the log-likelihood below which the fit has converged. */
  readonly tolerance: number;
  /** Threads of the CPU; another number may change the last bits of the result. */
  readonly threads: number;
}

/** How a run went. */
export interface Course {
  readonly converged: boolean;
  readonly device: Device;
  /** Why `auto` did not take CUDA, where it did not. */
  readonly fallback: string | undefined;
}

/** Called with the iterations done and the log-likelihood. */
export type Progress = (iterations: number, logLikelihood: number) => void;

/** An array that goes into a graph. */
export interface GraphArray {
  readonly data: Float64Array;
  readonly dims: readonly number[];
  /** Whether it is float64 whatever the graph's precision. */
  readonly double?: true;
}

/** What a run is of. */
export interface GraphRun {
  readonly fixed: Readonly<Record<string, GraphArray>>;
  /** The state at the start: input `initial_x` and output `x` for each name x. */
  readonly initial: Readonly<Record<string, GraphArray>>;
  /** Is taken from the graph's log-likelihoods. */
  readonly shift: number;
  /** Iterations inside one call of the graph, between two reports of progress. */
  readonly iterationsPerCall: number;
}

/** float32 does not resolve a smaller relative change of the log-likelihood. */
const FLOAT32_TOLERANCE = 3e-9;

/**
 * Runs the exported graph of a fit, block by block of iterations, until it has converged or used its
 * iterations up.
 *
 * @param progress Called after each block.
 * @returns The last state, by the names of the initial one, and the log-likelihood of the start and after
 * each iteration but the last.
 * @throws {UnavailableError} When CUDA is asked for and is not there.
 * @throws {DivergenceError} When the log-likelihood is not finite.
 */
export async function runGraph(
  options: RunOptions,
  { fixed, initial, shift, iterationsPerCall }: GraphRun,
  progress: Progress,
): Promise<
  Course & {
    readonly state: Readonly<Record<string, Float64Array>>;
    readonly logLikelihoods: readonly number[];
  }
> {
  const { precision, maxEpochs } = options;
  const { session, Tensor, device, fallback } = await openSession(options);
  const tensor = ({ data, dims, double }: GraphArray): Tensor =>
    precision === "float32" && double === undefined
      ? new Tensor("float32", Float32Array.from(data), dims)
      : new Tensor("float64", data, dims);
  const scalar = (value: number): Tensor => new Tensor("float64", Float64Array.of(value), []);
  const tolerance = precision === "float32"
    ? Math.max(options.tolerance, FLOAT32_TOLERANCE)
    : options.tolerance;
  const tensorsOf = (arrays: Readonly<Record<string, GraphArray>>): Record<string, Tensor> =>
    Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, tensor(array)]));
  const always = { ...tensorsOf(fixed), tolerance: scalar(tolerance) };
  let state = tensorsOf(initial);
  const logLikelihoods: number[] = [];
  let converged = false;
  while (!converged && logLikelihoods.length < maxEpochs) {
    const block = Math.min(iterationsPerCall, maxEpochs - logLikelihoods.length);
    const results = await session.run({
      ...always,
      ...Object.fromEntries(Object.entries(state).map(([name, x]) => [`initial_${name}`, x])),
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
    state = Object.fromEntries(Object.keys(state).map((name) => [name, output(name)]));
    // A last call that used up its iterations may have converged with the last of them: one more says so.
    converged = series.length < block;
    progress(logLikelihoods.length, logLikelihoods.at(-1) ?? NaN);
  }
  await session.release();
  const numbers = ({ data }: Tensor): Float64Array =>
    Float64Array.from(data as Float64Array | Float32Array);
  return {
    state: Object.fromEntries(Object.entries(state).map(([name, x]) => [name, numbers(x)])),
    ...{ logLikelihoods, converged, device, fallback },
  };
}

interface OpenSession {
  readonly session: InferenceSession;
  readonly Tensor: typeof Tensor;
  readonly device: Device;
  readonly fallback: string | undefined;
}

async function openSession({ graph, device, threads }: RunOptions): Promise<OpenSession> {
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
