import type { ElementType } from "../../onnx/graph_builder.ts";
import type { KernelTable } from "../../onnx/validate_graph.ts";

const REAL: readonly ElementType[] = ["float64", "float32"];
const ANY: readonly ElementType[] = ["float64", "float32", "int64", "bool"];

/**
 * The operations that the fit uses, with the element types for which ONNX Runtime has a kernel of its
 * CUDA execution provider at opset 13: after its document docs/OperatorKernels.md at commit
 * 001d12d2623fd411ce0f83d05abb5e82304a3389, compared line by line. Types that graphs here cannot have
 * are left out; that of a Loop is the type of its trip count.
 */
export const CUDA_KERNELS: KernelTable = {
  Abs: [...REAL, "int64"],
  Add: [...REAL, "int64"],
  Cast: ANY,
  Concat: ANY,
  Div: [...REAL, "int64"],
  Expand: ANY,
  Gather: ANY,
  Gemm: REAL,
  Greater: [...REAL, "int64"],
  Identity: ANY,
  Log: REAL,
  Loop: ["int64"],
  MatMul: REAL,
  Max: [...REAL, "int64"],
  Mul: [...REAL, "int64"],
  Not: ["bool"],
  Or: ["bool"],
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
  Tanh: REAL,
  Transpose: ANY,
  Unsqueeze: ANY,
  Where: [...REAL, "int64"],
};
