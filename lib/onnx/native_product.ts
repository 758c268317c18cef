import { GraphBuilder } from "./graph_builder.ts";
import type { Matrix } from "../stats/matrix.ts";
import { matrixSession } from "./matrix_session.ts";

/**
 * Opens a product of float64 matrices by onnxruntime: some 30 times as fast as a loop in JavaScript.
 * The same arguments give the same bits on the same machine.
 *
 * @example
 * ```ts ignore
 * await using native = await nativeProduct();
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
  const session = await matrixSession(graph);
  return {
    multiply: (a: Matrix, b: Matrix): Promise<Matrix> => session.run({ a, b }),
    [Symbol.asyncDispose]: () => session.release(),
  };
}
