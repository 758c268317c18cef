import type { Attribute, Constant, ElementType, Graph, ValueInfo } from "./graph_builder.ts";

/** Version of the operator set: every operation used is in it, with CUDA kernels for its type. */
const OPSET_VERSION = 13;
/** Version of the file format that belongs to it. */
const IR_VERSION = 8;

/** Numbers of onnx.proto: TensorProto.DataType and AttributeProto.AttributeType. */
const DATA_TYPE: Readonly<Record<ElementType, number>> = {
  float32: 1,
  int64: 7,
  bool: 9,
  float64: 11,
};
const ATTRIBUTE = { int: 2, graph: 5, ints: 7 } as const;

/**
 * Encodes a graph as an ONNX file.
 *
 * @param graph The main graph.
 * @param metadata Facts that are kept in the file.
 * @returns The bytes: equal graphs give equal bytes.
 */
export async function encodeModel(
  graph: Graph,
  metadata: Readonly<Record<string, string>>,
): Promise<Uint8Array> {
  const { create, toBinary } = await import("@bufbuild/protobuf");
  const { ModelProtoSchema } = await import("onnx-buf");
  const model = create(ModelProtoSchema, {
    irVersion: BigInt(IR_VERSION),
    opsetImport: [{ domain: "", version: BigInt(OPSET_VERSION) }],
    producerName: "strategic-evaluation",
    docString: graph.doc,
    graph: encodeGraph(graph),
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
  return toBinary(ModelProtoSchema, model);
}

/**
 * Reads the facts that are kept in an ONNX file.
 *
 * @throws {TypeError} When the bytes are not an ONNX file.
 */
export async function readMetadata(bytes: Uint8Array): Promise<Readonly<Record<string, string>>> {
  const { fromBinary } = await import("@bufbuild/protobuf");
  const { ModelProtoSchema } = await import("onnx-buf");
  try {
    const { metadataProps } = fromBinary(ModelProtoSchema, bytes);
    return Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]));
  } catch (cause) {
    throw new TypeError("Cannot read ONNX model: the file is damaged", { cause });
  }
}

// deno-lint-ignore explicit-function-return-type -- the shape is onnx-buf's own, checked by create()
function encodeGraph(graph: Graph) {
  return {
    name: graph.name,
    docString: graph.doc,
    node: graph.nodes.map(({ op, inputs, outputs, attributes }) => ({
      name: outputs[0] ?? "",
      opType: op,
      input: [...inputs],
      output: [...outputs],
      attribute: Object.entries(attributes).map(([name, value]) => encodeAttribute(name, value)),
    })),
    initializer: graph.constants.map(encodeConstant),
    input: graph.inputs.map(encodeValue),
    output: graph.outputs.map(encodeValue),
  };
}

// deno-lint-ignore no-explicit-any -- recursive in encodeGraph, whose type is inferred
function encodeAttribute(name: string, value: Attribute): any {
  if (typeof value === "number") return { name, type: ATTRIBUTE.int, i: BigInt(value) };
  if ("nodes" in value) return { name, type: ATTRIBUTE.graph, g: encodeGraph(value) };
  return { name, type: ATTRIBUTE.ints, ints: value.map(BigInt) };
}

// deno-lint-ignore explicit-function-return-type -- as encodeGraph
function encodeConstant({ name, type, dims, data }: Constant) {
  const typed = type === "float64"
    ? Float64Array.from(data)
    : type === "float32"
    ? Float32Array.from(data)
    : type === "int64"
    ? BigInt64Array.from(data, BigInt)
    : Uint8Array.from(data);
  const rawData = new Uint8Array(typed.buffer);
  return { name, dataType: DATA_TYPE[type], dims: dims.map(BigInt), rawData };
}

// deno-lint-ignore explicit-function-return-type -- as encodeGraph
function encodeValue({ name, type, shape }: ValueInfo) {
  const dim = shape.map((size) => ({
    value: typeof size === "number"
      ? { case: "dimValue" as const, value: BigInt(size) }
      : { case: "dimParam" as const, value: size },
  }));
  const tensor = { elemType: DATA_TYPE[type], shape: { dim } };
  return { name, type: { value: { case: "tensorType" as const, value: tensor } } };
}
