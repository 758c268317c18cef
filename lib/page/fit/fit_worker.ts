import { env } from "onnxruntime-web/wasm";
import { indexResponses } from "../../responses/index_responses.ts";
import { FAULTS, Observations, SKIP_REASONS } from "../../responses/observations.ts";
import { readCsv } from "../../responses/read_csv.ts";
import type { Responses } from "../../responses/responses.ts";
import { simulateResponses } from "../../responses/simulate_responses.ts";
import { type ExportedGraph, type FitSettings, fitTable, type Steps } from "./fit_table.ts";

/** A table to fit; without bytes, the simulated one. */
export interface FitQuestion {
  readonly name: string;
  readonly bytes: Uint8Array | undefined;
  readonly settings: FitSettings;
  readonly exported: ExportedGraph;
  /** ONNX Runtime. */
  readonly wasm: Uint8Array;
  /** Of the simulated responses. */
  readonly seed: string;
}

/** What the worker says: how far it is, what it found, that it is done, or an error in words. */
export type FitAnswer =
  | { readonly kind: "progress" | "warning" | "error"; readonly text: string }
  | { readonly kind: "done" }
  | { [N in keyof Steps]: { readonly kind: N; readonly result: Steps[N] } }[keyof Steps];

/** The global scope of the worker. */
interface Scope {
  onmessage: ((event: { readonly data: FitQuestion }) => void) | null;
  postMessage(answer: FitAnswer): void;
}

/** Fits the table that it is sent. */
export function serveFit(scope: Scope): void {
  scope.onmessage = async ({ data: { name, bytes, settings, exported, wasm, seed } }) => {
    const say = (kind: "progress" | "warning" | "error", text: string): void =>
      scope.postMessage({ kind, text });
    env.wasm.wasmBinary = wasm.buffer as ArrayBuffer;
    // More need a page that is isolated from others, which a file is not.
    env.wasm.numThreads = 1;
    try {
      say("progress", `reading ${name}`);
      const table = bytes === undefined
        ? simulateResponses(seed)
        : await readTable(name, bytes, (text) => say("warning", text));
      await fitTable(table, settings, exported, {
        progress: (text) => say("progress", text),
        found: (kind, result) => scope.postMessage({ kind, result } as FitAnswer),
      });
      scope.postMessage({ kind: "done" });
    } catch (error) {
      say("error", error instanceof Error ? error.message : String(error));
    }
  };
}

async function readTable(
  name: string,
  bytes: Uint8Array,
  warn: (text: string) => void,
): Promise<Responses> {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const observations = await readCsv(pieces(), name, { into: new Observations() });
  const { responses, leftOut } = indexResponses(observations, name);
  const { notes, faults } = observations;
  for (const note of notes) warn(`${name}: ${note}.`);
  for (const reason of FAULTS) {
    if (leftOut[reason] > 0) warn(`Left out ${leftOut[reason]} rows ${SKIP_REASONS[reason]}.`);
  }
  if (faults.length > 0) warn(`The first: ${faults[0]!.where}: ${faults[0]!.what}.`);
  return responses;
}
