import { type Matrix, matrix, type Multiply } from "../stats/matrix.ts";
import { encodeModel } from "./encode_model.ts";
import { type Graph, GraphBuilder, type ValueInfo } from "./graph_builder.ts";
import { onnxRuntime } from "./onnx_runtime.ts";

/** Two threads halve the time; more, or fewer, may change the last bits of the result. */
const THREADS = 2;

/** A product of matrices by onnxruntime, some 30 times as fast as a loop in JavaScript. */
export interface NativeProduct extends AsyncDisposable {
  /** Gives a b, m × l, of a (m × n) and b (n × l). */
  readonly multiply: Multiply;
}

/** Sums of cross-products by onnxruntime, for the Gram matrix of many rows. */
export interface NativeGram extends AsyncDisposable {
  /** Gives sum + XᵀX of the rows X (n × m) and a sum (m × m). */
  readonly add: (rows: Matrix, sum: Matrix) => Promise<Matrix>;
}

/**
 * Opens a product of float64 matrices. The same arguments give the same bits on the same machine.
 *
 * @example
 * ```ts ignore
 * await using native = await nativeProduct();
 * const c = await native.multiply(a, b);
 * ```
 */
export async function nativeProduct(): Promise<NativeProduct> {
  const g = new GraphBuilder("float64");
  g.output("c", "MatMul", ["a", "b"]);
  const graph = g.build("product", "Multiplies two matrices.", [
    table("a", "m", "n"),
    table("b", "n", "l"),
  ], [table("c", "m", "l")]);
  const { run, [Symbol.asyncDispose]: dispose } = await open(graph);
  return { multiply: (a, b) => run({ a, b }), [Symbol.asyncDispose]: dispose };
}

/** Opens sums of cross-products of float64 rows. */
export async function nativeGram(): Promise<NativeGram> {
  const g = new GraphBuilder("float64");
  g.output("total", "Gemm", ["rows", "rows", "sum"], { transA: 1 });
  const graph = g.build("cross_products", "Adds the cross-products of rows to a sum.", [
    table("rows", "n", "m"),
    table("sum", "m", "m"),
  ], [table("total", "m", "m")]);
  const { run, [Symbol.asyncDispose]: dispose } = await open(graph);
  return { add: (rows, sum) => run({ rows, sum }), [Symbol.asyncDispose]: dispose };
}

function table(name: string, rows: string, cols: string): ValueInfo {
  return { name, type: "float64", shape: [rows, cols] };
}

/** A graph of float64 matrices with one output, ready to run. */
interface MatrixSession extends AsyncDisposable {
  readonly run: (inputs: Readonly<Record<string, Matrix>>) => Promise<Matrix>;
}

async function open(graph: Graph): Promise<MatrixSession> {
  const { InferenceSession, Tensor } = await onnxRuntime();
  const session = await InferenceSession.create(await encodeModel(graph, {}), {
    intraOpNumThreads: THREADS,
    interOpNumThreads: 1,
    graphOptimizationLevel: "disabled",
    logSeverityLevel: 4,
    // A thread that waits busily for the next product takes as much of the processor as one that works.
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  });
  return {
    async run(inputs): Promise<Matrix> {
      const tensors = Object.entries(inputs).map(([name, { rows, cols, data }]) =>
        [name, new Tensor("float64", data, [rows, cols])] as const
      );
      const output = Object.values(await session.run(Object.fromEntries(tensors)))[0];
      const [rows = 0, cols = 0] = output?.dims ?? [];
      return matrix(rows, cols, output?.data as Float64Array);
    },
    [Symbol.asyncDispose]: () => session.release(),
  };
}
