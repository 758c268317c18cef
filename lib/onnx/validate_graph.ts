import type { ElementType, Graph, Node } from "./graph_builder.ts";

/** For each operation the element types of its operands for which a kernel exists. */
export type KernelTable = Readonly<Record<string, readonly ElementType[]>>;

/** TensorProto.DataType of onnx.proto, for the attribute `to` of Cast. */
const CAST_TO: Readonly<Record<number, ElementType>> = { 1: "float32", 7: "int64", 11: "float64" };

/** The inputs that a Loop's body must have, read or not: the iteration's number and the condition. */
const LOOP_INPUTS = 2;

/**
 * Checks a graph: every input of a node is defined before, no name is defined twice, constants have
 * the size of their shape, every output of the graph exists and has its declared type, every
 * operation has a kernel for the element type of its operands, and every node, constant and input
 * leads to an output. A state that a Loop carries has to be read by its body.
 *
 * @param graph The graph; the bodies of its loops are checked too and see its names.
 * @param kernels What may be used.
 * @param outer Names of the graph around it, with their types.
 * @returns What is wrong, in words; empty when all is well.
 */
export function validateGraph(
  graph: Graph,
  kernels: KernelTable,
  outer?: ReadonlyMap<string, ElementType>,
): string[] {
  const problems = unused(graph, outer !== undefined);
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
    const { op, inputs, outputs } = node;
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
    for (const body of subgraphs(node)) problems.push(...validateGraph(body, kernels, known));
    outputs.forEach((name, n) => define(name, outputType(node, n, type)));
  }
  for (const { name, type } of graph.outputs) {
    const found = known.get(name);
    if (found === undefined) problems.push(`the output ${name} is not defined`);
    else if (found !== type) problems.push(`the output ${name} is ${found}, not ${type}`);
  }
  return problems;
}

/** What leads to no output; of a Loop's body also the states that it only passes through. */
function unused({ inputs, outputs, constants, nodes }: Graph, isBody: boolean): string[] {
  // A body's outputs are its inputs' next values, without the iteration's number.
  const passed = (from: string, to: string): boolean =>
    isBody && outputs.some(({ name }, n) => name === to && inputs[n + 1]?.name === from);
  const made = outputs.filter(({ name }, n) => !isBody || inputs[n + 1]?.name !== name);
  const used = new Set(made.map(({ name }) => name));
  const without = (kind: string, names: readonly string[]): string[] =>
    names.some((name) => used.has(name)) ? [] : [`nothing uses the ${kind} ${names[0]}`];
  // Backwards, so that what only an unused node uses is unused too.
  const unusedNodes = nodes.toReversed().flatMap((node) => {
    const found = without("node", node.outputs);
    if (found.length > 0) return found;
    const copies = (name: string): boolean =>
      node.op === "Identity" && passed(name, node.outputs[0] ?? "");
    for (const name of namesRead(node)) if (!copies(name)) used.add(name);
    return [];
  });
  return [
    ...(isBody ? inputs.slice(LOOP_INPUTS) : inputs).flatMap(({ name }) =>
      without(isBody ? "state" : "input", [name])
    ),
    ...constants.flatMap(({ name }) => without("constant", [name])),
    ...unusedNodes.reverse(),
  ];
}

/** The names that a node reads; the bodies of loops read names of the graph around them. */
function namesRead(node: Node): string[] {
  const inner = subgraphs(node).flatMap(({ nodes, outputs }) => [
    ...nodes.flatMap(namesRead),
    ...outputs.map(({ name }) => name),
  ]);
  return [...node.inputs, ...inner];
}

function subgraphs({ attributes }: Node): Graph[] {
  return Object.values(attributes).filter((value) => typeof value === "object" && "nodes" in value);
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
