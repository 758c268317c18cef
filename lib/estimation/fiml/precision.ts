import type { GraphBuilder } from "../../onnx/graph_builder.ts";

/** Element type of the fit's numbers. */
export type Precision = "float64" | "float32";

/** The codes of ONNX's element types. */
const CODE: Readonly<Record<Precision, number>> = { float64: 11, float32: 1 };

/** A value as float64. */
export function toDouble(g: GraphBuilder, precision: Precision, value: string): string {
  return precision === "float64"
    ? value
    : g.op("as_float64", "Cast", [value], { to: CODE.float64 });
}

/** A float64 value as the graph's type. */
export function fromDouble(g: GraphBuilder, precision: Precision, value: string): string {
  return precision === "float64"
    ? value
    : g.op("as_float32", "Cast", [value], { to: CODE.float32 });
}
