import type { Graph } from "./graph_builder.ts";
import { encodeModel } from "./encode_model.ts";
import { onnxRuntime } from "./onnx_runtime.ts";
import { type Matrix, matrix } from "../stats/matrix.ts";

/** Two threads halve the time; more, or fewer, may change the last bits of the result. */
const THREADS = 2;

/** A graph of float64 matrices, ready to run. */
export interface MatrixSession {
  /**
   * Runs the graph. The same inputs give the same bits on the same machine.
   *
   * @param inputs Matrices by the graph's names.
   * @returns The graph's first output.
   */
  run(inputs: Readonly<Record<string, Matrix>>): Promise<Matrix>;
  /** Frees what is held outside JavaScript's memory. */
  release(): Promise<void>;
}

/**
 * Opens a graph whose inputs and one output are float64 matrices in onnxruntime.
 *
 * @param graph As GraphBuilder builds it.
 */
export async function matrixSession(graph: Graph): Promise<MatrixSession> {
  const { InferenceSession, Tensor } = await onnxRuntime();
  const session = await InferenceSession.create(await encodeModel(graph, {}), {
    intraOpNumThreads: THREADS,
    interOpNumThreads: 1,
    graphOptimizationLevel: "disabled",
    logSeverityLevel: 4,
  });
  return {
    async run(inputs: Readonly<Record<string, Matrix>>): Promise<Matrix> {
      const tensors = Object.entries(inputs).map(([name, { rows, cols, data }]) =>
        [name, new Tensor("float64", data, [rows, cols])] as const
      );
      const output = Object.values(await session.run(Object.fromEntries(tensors)))[0];
      const [rows = 0, cols = 0] = output?.dims ?? [];
      return matrix(rows, cols, output?.data as Float64Array);
    },
    release: () => session.release(),
  };
}
