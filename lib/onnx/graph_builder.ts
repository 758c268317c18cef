import { identity } from "../stats/matrix.ts";

/** Element types that graphs are built with. */
export type ElementType = "float64" | "float32" | "int64" | "bool";

/** A constant of a graph. */
export interface Constant {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  /** The entries; for int64 whole numbers, for bool 0 or 1. */
  readonly data: readonly number[];
}

/** An input or output of a graph; a text in its shape is a symbolic size. */
export interface ValueInfo {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly (number | string)[];
}

/** An attribute of a node: whole numbers, or a graph (the body of a Loop). */
export type Attribute = number | readonly number[] | Graph;

/** One operation. */
export interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A graph of operations in the order in which they can be run. */
export interface Graph {
  readonly name: string;
  readonly doc: string;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly constants: readonly Constant[];
  readonly nodes: readonly Node[];
}

/** Writes a graph down operation by operation. A value is named after what it is. */
export class GraphBuilder {
  readonly #type: "float64" | "float32";
  readonly #nodes: Node[] = [];
  readonly #constants = new Map<string, Constant>();
  readonly #uses = new Map<string, number>();

  readonly #prefix: string;

  /**
   * @param type Element type of the graph's real numbers.
   * @param prefix Begins every name, so that a loop's body has none of the graph around it.
   */
  constructor(type: "float64" | "float32", prefix = "") {
    this.#type = type;
    this.#prefix = prefix;
  }

  /**
   * Adds an operation of one output.
   *
   * @param name What the output is; a number is added where the name is taken.
   * @returns The output's name.
   */
  op(
    name: string,
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    return this.ops([name], op, inputs, attributes)[0] ?? "";
  }

  /** Adds an operation of several outputs. */
  ops(
    names: readonly string[],
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string[] {
    const outputs = names.map((name) => this.#unique(name));
    this.#nodes.push({ op, inputs, outputs, attributes });
    return outputs;
  }

  /** Adds an operation whose output has exactly this name: an output of the graph. */
  output(
    name: string,
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): void {
    this.outputs([name], op, inputs, attributes);
  }

  /** Adds an operation whose outputs have exactly these names. */
  outputs(
    names: readonly string[],
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): void {
    this.#nodes.push({ op, inputs, outputs: names, attributes });
  }

  add = (name: string, a: string, b: string): string => this.op(name, "Add", [a, b]);
  sub = (name: string, a: string, b: string): string => this.op(name, "Sub", [a, b]);
  mul = (name: string, a: string, b: string): string => this.op(name, "Mul", [a, b]);
  div = (name: string, a: string, b: string): string => this.op(name, "Div", [a, b]);
  matmul = (name: string, a: string, b: string): string => this.op(name, "MatMul", [a, b]);
  transpose = (name: string, a: string): string =>
    this.op(name, "Transpose", [a], { perm: [1, 0] });

  /** Rows or columns `from` … `to` − 1 along an axis. */
  slice(name: string, a: string, from: number, to: number, axis: number): string {
    return this.op(name, "Slice", [a, this.ints([from]), this.ints([to]), this.ints([axis])]);
  }

  /** The sum along axes, which stay with size 1 if `keep`. */
  sum(name: string, a: string, axes: readonly number[], keep: boolean): string {
    return this.op(name, "ReduceSum", [a, this.ints(axes)], { keepdims: keep ? 1 : 0 });
  }

  /** A constant of real numbers. */
  reals(data: readonly number[], dims: readonly number[]): string {
    return this.#constant({ name: "real", type: this.#type, dims, data });
  }

  /** A constant list of whole numbers. */
  ints(data: readonly number[]): string {
    return this.#constant({ name: "int", type: "int64", dims: [data.length], data });
  }

  /** A constant of any type. */
  constant(type: ElementType, data: readonly number[], dims: readonly number[]): string {
    return this.#constant({ name: type, type, dims, data });
  }

  /** The graph. */
  build(
    name: string,
    doc: string,
    inputs: readonly ValueInfo[],
    outputs: readonly ValueInfo[],
  ): Graph {
    const constants = [...this.#constants.values()];
    return { name, doc, inputs, outputs, constants, nodes: this.#nodes };
  }

  /** A 1 × n × n float64 constant: the identity. */
  identity(n: number): string {
    return this.constant("float64", [...identity(n).data], [1, n, n]);
  }

  #constant(constant: Constant): string {
    const key = JSON.stringify([constant.type, constant.dims, constant.data]);
    const known = this.#constants.get(key);
    if (known !== undefined) return known.name;
    const [first] = constant.data;
    const simple = constant.data.length === 1 ? `${constant.name}_${first}` : constant.name;
    const name = this.#unique(simple.replace(/[^\w]/g, "_"));
    this.#constants.set(key, { ...constant, name });
    return name;
  }

  #unique(plain: string): string {
    const name = this.#prefix + plain;
    const uses = (this.#uses.get(name) ?? 0) + 1;
    this.#uses.set(name, uses);
    return uses === 1 ? name : `${name}__${uses}`;
  }
}
