import { env } from "onnxruntime-web/wasm";
import { InputError } from "../../base/errors.ts";
import { indexed } from "../../responses/read_responses.ts";
import { readTables, sourceAt } from "../../responses/read_tables.ts";
import type { Responses } from "../../responses/responses.ts";
import { simulateResponses } from "../../responses/simulate_responses.ts";
import { readEvals } from "../../responses/sources/read_evals.ts";
import { BINARY_RULE } from "../../responses/values.ts";
import { type DroppedFile, droppedFiles } from "./dropped_files.ts";
import { type ExportedGraph, type FitSettings, fitTable, type Steps } from "./fit_table.ts";

/** A table to fit, in one file or several; without any, the simulated one. */
export interface FitQuestion {
  readonly name: string;
  readonly files: readonly DroppedFile[];
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
  scope.onmessage = async ({ data: { name, files, settings, exported, wasm, seed } }) => {
    const say = (kind: "progress" | "warning" | "error", text: string): void =>
      scope.postMessage({ kind, text: text.replace(/^(Cannot \w+ )?\.(?=: )/, `$1${name}`) });
    env.wasm.wasmBinary = wasm.buffer as ArrayBuffer;
    // More need a page that is isolated from others, which a file is not.
    env.wasm.numThreads = 1;
    try {
      say("progress", `reading ${name}`);
      const table = files.length === 0
        ? simulateResponses(seed)
        : await readTable(name, files, settings.minOverlap, (text) => say("warning", text));
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

/** Reads what was dropped by the readers of the command line. */
async function readTable(
  name: string,
  files: readonly DroppedFile[],
  minOverlap: number,
  warn: (text: string) => void,
): Promise<Responses> {
  Object.assign(globalThis, { Deno: droppedFiles(files) });
  const path = rootOf(files);
  // Files that were given without a folder are not of a model called like what they were dropped on.
  const called = path === "/" ? "." : name;
  const source = await sourceAt(path, called);
  if (source === "parquet") {
    throw new InputError(
      `Cannot read ${name} here: it is parquet. Save it as CSV, or use the command line: ` +
        "deno task reproduce --set responses.source=parquet --set responses.path=FILE",
    );
  }
  const observations = source === "csv"
    ? await readTables(path, called, source)
    : (await readEvals(path, called, {
      ...{ benchmarks: null, metric: null, filter: null, rule: BINARY_RULE },
      ...{ strict: false, warn },
    })).observations;
  return indexed(observations, called, {}, { minOverlap, strict: false, warn }).responses;
}

/** The file, the folder that holds all, or the root: a file's folder may be the name of its model. */
function rootOf(files: readonly DroppedFile[]): string {
  const [first, ...others] = files.map(({ path }) => path);
  if (others.length === 0) return first!;
  const folder = first!.slice(0, first!.indexOf("/", 1) + 1);
  const isShared = folder !== "" && others.every((path) => path.startsWith(folder));
  return isShared ? folder.slice(0, -1) : "/";
}
