import { beginningOf } from "./chunks.ts";
import { PrunedJson } from "./pruned_json.ts";

/** What a file is, by its content. */
export type EvalKind =
  | "lm-eval"
  | "lm-eval results"
  | "inspect archive"
  | "inspect json"
  | "every-eval-ever"
  | "helm"
  | "helm spec"
  | "py-irt"
  | "openai-evals"
  /** Written beside the samples by one of these, and without responses. */
  | "companion"
  | { readonly foreign: string };

/** Enough of a file to see what it is, in bytes. */
const SAMPLE = 256 << 10;

/** Which keys the first map of a file has, by kind; the first that fits. */
const KEYS: readonly (readonly [kind: EvalKind, keys: readonly string[]])[] = [
  ["openai-evals", ["spec"]],
  ["py-irt", ["subject_id", "responses"]],
  ["every-eval-ever", ["evaluation_name", "sample_id"]],
  ["lm-eval", ["doc_id", "doc"]],
  ["lm-eval", ["doc_id", "filtered_resps"]],
  ["lm-eval", ["doc_id", "doc_hash"]],
  ["inspect json", ["status", "eval"]],
  ["inspect json", ["eval", "plan"]],
  ["helm", ["instance_id", "stats"]],
  ["helm spec", ["name", "adapter_spec"]],
  ["lm-eval results", ["results", "versions"]],
  ["lm-eval results", ["results", "configs"]],
  ["companion", ["adapter_spec", "request_states"]],
  ["companion", ["name", "definition_path"]],
  ["companion", ["name", "description", "tags"]],
  ["companion", ["name", "count"]],
  ["companion", ["evaluation_id", "evaluation_results"]],
  ["companion", ["schema_version", "eval_library"]],
  [{ foreign: "scores of BFCL: responses.source=bfcl reads them" }, [
    "correct_count",
    "total_count",
  ]],
  [
    { foreign: "performances of LiveCodeBench: responses.source=livecodebench reads them" },
    ["performances"],
  ],
];

/** Files of other formats by how they begin. */
const MAGIC: readonly (readonly [says: string, bytes: readonly number[]])[] = [
  ["a parquet table: give it alone, with responses.source=parquet", [...b("PAR1")]],
  ["an old Excel workbook: save the sheet as CSV", [0xd0, 0xcf, 0x11, 0xe0]],
  ["text in UTF-16: save it in UTF-8", [0xff, 0xfe]],
  ["text in UTF-16: save it in UTF-8", [0xfe, 0xff]],
];

function* b(text: string): Generator<number> {
  for (const letter of text) yield letter.charCodeAt(0);
}

const OTHER = "no evaluation that is understood";

/**
 * Tells what a file is by its content, whatever its name.
 *
 * @param path The file; gzip is unpacked.
 * @throws {TypeError} When it is a damaged gzip file.
 */
export async function sniff(path: string): Promise<EvalKind> {
  const start = await beginningOf(path, SAMPLE);
  if (start.length === 0) return { foreign: "an empty file" };
  const begins = (bytes: Iterable<number>): boolean => [...bytes].every((x, i) => start[i] === x);
  if (begins(b("PK\x03\x04")) || begins(b("PK\x05\x06"))) return sniffArchive(start);
  const [says] = MAGIC.find(([, bytes]) => begins(bytes)) ?? [];
  if (says !== undefined) return { foreign: says };
  const keys = new Set(new PrunedJson().keysOf(start));
  const [kind] = KEYS.find(([, wanted]) => wanted.every((key) => keys.has(key))) ?? [];
  return kind ?? { foreign: OTHER };
}

function sniffArchive(start: Uint8Array): EvalKind {
  const text = new TextDecoder("latin1").decode(start);
  if (/_journal\/|header\.json|samples\/[^/]*\.json/.test(text)) return "inspect archive";
  const isExcel = /xl\/|\[Content_Types\]\.xml/.test(text);
  return {
    foreign: isExcel ? "an Excel workbook: save the sheet as CSV" : "an archive: unpack it",
  };
}
