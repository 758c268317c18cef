import type { ElementType, Graph, Node } from "./graph_builder.ts";

/** For each operation the element types of its operands for which a kernel exists. */
export type KernelTable = Readonly<Record<string, readonly ElementType[]>>;

/** TensorProto.DataType of onnx.proto, for the attribute `to` of Cast. */
const CAST_TO: Readonly<Record<number, ElementType>> = { 1: "float32", 7: "int64", 11: "float64" };

/**
 * Checks a graph: every input of a node is defined before, no name is defined twice, constants have
 * the size of their shape, every output of the graph exists and has its declared type, and every
 * operation has a kernel for the element type of its operands.
 *
 * @param graph The graph; the bodies of its loops are checked too and see its names.
 * @param kernels What may be used.
 * @param outer Names of the graph around it, with their types.
 * @returns What is wrong, in words; empty when all is well.
 */
export function validateGraph(
  graph: Graph,
  kernels: KernelTable,
  outer: ReadonlyMap<string, ElementType> = new Map(),
): string[] {
  const problems: string[] = [];
  const known = new Map(outer);
  const define = (name: string, type: ElementType): void => {
    if (known.has(name)) problems.push(`${name} is defined twice`);
    known.set(name, type);
  };
  for (const { name, type } of graph.inputs) define(name, type);
  for (const { name, type, dims, data } of graph.constants) {
    define(name, type);
    if (dims.reduce((a, b) => a * b, 1) !== data.length) problems.push(`${name} has a wrong shape`);
  }
  for (const node of graph.nodes) {
    const { op, inputs, outputs, attributes } = node;
    for (const input of inputs) {
      if (!known.has(input)) problems.push(`${outputs[0]} uses ${input}, which is not defined`);
    }
    // A Where has the type of what it chooses from, not that of its condition.
    const type = known.get(inputs[op === "Where" ? 1 : 0] ?? "") ?? "float64";
    const types = kernels[op];
    if (types === undefined) problems.push(`${op} has no kernel in the table (${outputs[0]})`);
    else if (!types.includes(type)) {
      problems.push(`${op} has no kernel for ${type} (${outputs[0]})`);
    }
    for (const value of Object.values(attributes)) {
      if (typeof value === "object" && "nodes" in value) {
        problems.push(...validateGraph(value, kernels, known));
      }
    }
    outputs.forEach((name, n) => define(name, outputType(node, n, type)));
  }
  for (const { name, type } of graph.outputs) {
    const found = known.get(name);
    if (found === undefined) problems.push(`the output ${name} is not defined`);
    else if (found !== type) problems.push(`the output ${name} is ${found}, not ${type}`);
  }
  return problems;
}

/** The type of a node's n-th output, given that of its operands. */
function outputType({ op, attributes }: Node, n: number, first: ElementType): ElementType {
  switch (op) {
    case "Shape":
      return "int64";
    case "Greater":
      return "bool";
    case "Cast":
      return CAST_TO[Number(attributes["to"])] ?? first;
    case "Loop": {
      // The body's first output is its condition; the loop's outputs are the others.
      const body = attributes["body"];
      const found = typeof body === "object" && "nodes" in body ? body.outputs[n + 1] : undefined;
      return found?.type ?? first;
    }
    default:
      return first;
  }
}
