/**
 * The packages in the worker that fits a table.
 *
 * @module
 */
export * as "@bufbuild/protobuf" from "@bufbuild/protobuf";
export * as "csv-parse" from "csv-parse";
export * as "fflate" from "fflate";
export * as "ml-matrix" from "ml-matrix";
export * as "onnx-buf" from "onnx-buf";
export * as "onnxruntime-web/wasm" from "onnxruntime-web/wasm";
export * as "seedrandom" from "seedrandom";
