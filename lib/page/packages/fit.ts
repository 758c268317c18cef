/**
 * The packages in the worker that fits a table.
 *
 * @module
 */
import { decompressZstd } from "hyparquet-compressors";

export * as "@bufbuild/protobuf" from "@bufbuild/protobuf";
export * as "csv-parse" from "csv-parse";
export * as "fastest-levenshtein" from "fastest-levenshtein";
export * as "fflate" from "fflate";
export * as "ml-matrix" from "ml-matrix";
export * as "onnx-buf" from "onnx-buf";
export * as "onnxruntime-web/wasm" from "onnxruntime-web/wasm";
export * as "seedrandom" from "seedrandom";

/** Of the many that it has. */
const compressors = { decompressZstd };
export { compressors as "hyparquet-compressors" };
