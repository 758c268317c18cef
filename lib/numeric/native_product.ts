import { encodeModel } from "../onnx/encode_model.ts";
import { GraphBuilder } from "../onnx/graph_builder.ts";
import { type Matrix, matrix } from "./matrix.ts";

/** Two threads halve the time; more, or fewer, may change the last bits of the result. */
const THREADS = 2;

/**
 * Opens a product of float64 matrices by onnxruntime: some 30 times as fast as a loop in JavaScript.
 * The same arguments give the same bits on the same machine.
 *
 * @example
 * ```ts ignore
 * using native = await nativeProduct();
 * const c = await native.multiply(a, b);
 * ```
 */
export async function nativeProduct(): Promise<
  { multiply(a: Matrix, b: Matrix): Promise<Matrix>; [Symbol.asyncDispose](): Promise<void> }
> {
  const g = new GraphBuilder("float64");
  g.output("c", "MatMul", ["a", "b"]);
  const graph = g.build(
    "product",
    "Multiplies two matrices.",
    [
      { name: "a", type: "float64", shape: ["m", "n"] },
      { name: "b", type: "float64", shape: ["n", "l"] },
    ],
    [{ name: "c", type: "float64", shape: ["m", "l"] }],
  );
  const { InferenceSession, Tensor } = await import("onnxruntime-node");
  const session = await InferenceSession.create(await encodeModel(graph, {}), {
    intraOpNumThreads: THREADS,
    interOpNumThreads: 1,
    graphOptimizationLevel: "disabled",
    logSeverityLevel: 4,
  });
  return {
    async multiply(a: Matrix, b: Matrix): Promise<Matrix> {
      const tensor = ({ rows, cols, data }: Matrix): InstanceType<typeof Tensor> =>
        new Tensor("float64", data, [rows, cols]);
      const { c } = await session.run({ a: tensor(a), b: tensor(b) });
      if (c === undefined) throw new Error("Cannot multiply: the graph has no output c");
      return matrix(a.rows, b.cols, c.data as Float64Array);
    },
    [Symbol.asyncDispose]: () => session.release(),
  };
}
