import type { ElementType } from "../../onnx/graph_builder.ts";
import type { KernelTable } from "../../onnx/validate_graph.ts";

const REAL: readonly ElementType[] = ["float64", "float32"];
const ANY: readonly ElementType[] = ["float64", "float32", "int64", "bool"];

/**
 * The operations that the fit uses, with the element types for which ONNX Runtime 1.30 publishes a
 * kernel of its CUDA execution provider at opset 13 (its document docs/OperatorKernels.md). Loop
 * and Shape run there too, with their small integers on the host.
 */
export const CUDA_KERNELS: KernelTable = {
  Abs: [...REAL, "int64"],
  Add: [...REAL, "int64"],
  Cast: ANY,
  Concat: ANY,
  Div: [...REAL, "int64"],
  Expand: ANY,
  Gather: ANY,
  Greater: [...REAL, "int64"],
  Identity: ANY,
  Log: REAL,
  Loop: ["int64"],
  MatMul: REAL,
  Max: [...REAL, "int64"],
  Mul: [...REAL, "int64"],
  Pad: REAL,
  Reciprocal: REAL,
  ReduceMean: REAL,
  ReduceSum: REAL,
  Reshape: ANY,
  Shape: ANY,
  Slice: ANY,
  Split: ANY,
  Sqrt: REAL,
  Squeeze: ANY,
  Sub: [...REAL, "int64"],
  Transpose: ANY,
  Unsqueeze: ANY,
};
