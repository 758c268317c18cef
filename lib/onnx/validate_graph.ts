import type { ElementType, Graph } from "./graph_builder.ts";

/** For each operation the element types of its first input for which a kernel exists. */
export type KernelTable = Readonly<Record<string, readonly ElementType[]>>;

/**
 * Checks the structure of a graph: every input of a node is defined before, no name is defined twice,
 * every output of the graph exists, and every operation is in the table of kernels.
 *
 * @param graph The graph; the bodies of its loops are checked too and see its names.
 * @param kernels What may be used.
 * @param outer Names of the graph around it.
 * @returns What is wrong, in words; empty when all is well.
 */
export function validateGraph(
  graph: Graph,
  kernels: KernelTable,
  outer: ReadonlySet<string> = new Set(),
): string[] {
  const problems: string[] = [];
  const known = new Set(outer);
  const define = (name: string): void => {
    if (known.has(name)) problems.push(`${name} is defined twice`);
    known.add(name);
  };
  graph.inputs.forEach(({ name }) => define(name));
  graph.constants.forEach(({ name, dims, data }) => {
    define(name);
    if (dims.reduce((a, b) => a * b, 1) !== data.length) problems.push(`${name} has a wrong shape`);
  });
  for (const { op, inputs, outputs, attributes } of graph.nodes) {
    if (!(op in kernels)) problems.push(`${op} has no kernel in the table (${outputs[0]})`);
    for (const input of inputs) {
      if (!known.has(input)) problems.push(`${outputs[0]} uses ${input}, which is not defined`);
    }
    for (const value of Object.values(attributes)) {
      if (typeof value === "object" && "nodes" in value) {
        problems.push(...validateGraph(value, kernels, known));
      }
    }
    outputs.forEach(define);
  }
  for (const { name } of graph.outputs) {
    if (!known.has(name)) problems.push(`the output ${name} is not defined`);
  }
  return problems;
}
