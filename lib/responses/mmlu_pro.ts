/**
 * The rules by which per-question results of MMLU-Pro become responses, those of measurement-db:
 * ids are hashes of normalised content, so that both derive the same ones.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** The benchmark's name in measurement-db. */
export const MMLU_PRO = "mmlupro";

/** The white space that Python's `str.strip` removes; JavaScript's `trim` differs in a few characters. */
const SPACE =
  "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const OUTER_SPACE = new RegExp(`^${SPACE}+|${SPACE}+$`, "g");

/** Options beyond the tenth are not part of an item. */
const MAX_OPTIONS = 10;

/** Hexadecimal digits of an id. */
const ID_DIGITS = 16;

/**
 * The model's label in the name of a file of results.
 *
 * @example
 * ```ts
 * import { modelLabel } from "./mmlu_pro.ts";
 * const label = modelLabel("model_outputs_gpt4o(2024-05-13)_5shots.json.zip");
 * if (label !== "gpt4o(2024-05-13)") throw new Error(label);
 * ```
 */
export function modelLabel(file: string): string {
  return file.replace(/^.*[/\\]/, "").replace(/^model_outputs_/, "").replace(/\.zip$/, "")
    .replace(/\.json$/, "").replace(/_\d+-?shots(_\d+_\d+_\d+)?$/, "");
}

/** The id of a subject by its label. */
export function subjectIdOf(label: string): string {
  return hash(stripped(label.normalize("NFC")).toLowerCase());
}

/** The id of an item of MMLU-Pro by its content. */
export function itemIdOf(content: string): string {
  return hash(`${MMLU_PRO}::${stripped(content.normalize("NFC"))}`);
}

/**
 * The content of an item: the question, a blank line, and the options as lines `A: …`, `B: …`.
 *
 * @param question The question.
 * @param options The options; without any, the question alone.
 */
export function itemContent(question: string, options: readonly string[]): string {
  if (options.length === 0) return question;
  const lines = options.slice(0, MAX_OPTIONS).map((option, i) =>
    `${String.fromCharCode("A".charCodeAt(0) + i)}: ${option}`
  );
  return `${question}\n\n${lines.join("\n")}`;
}

/**
 * The letter that a model chose: a bare letter A … J; else that of the first "answer is (X)"; else the
 * last capital A … J that stands alone.
 *
 * @returns Undefined when there is none.
 */
export function chosenLetter(pred: string | null): string | undefined {
  if (pred === null) return undefined;
  const text = stripped(pred);
  if (/^[A-J]$/.test(text)) return text;
  const said = /answer is\s*\(?([A-J])\b\)?/i.exec(text)?.[1];
  return said?.toUpperCase() ?? [...text.matchAll(/\b([A-J])\b/g)].at(-1)?.[1];
}

/** A record of one question in a file of results. */
export interface MmluProRecord {
  readonly question: string;
  readonly options: readonly string[];
  /** The gold letter. */
  readonly answer: string;
  readonly pred: string | null;
  readonly category: string | undefined;
}

/** The item and the response of a record: 1 when the chosen letter is the record's own gold letter. */
export function responseOf(
  { question, options, answer, pred }: Omit<MmluProRecord, "category">,
): { readonly itemId: string; readonly response: 0 | 1 } {
  const right = chosenLetter(pred) === stripped(answer).toUpperCase();
  return { itemId: itemIdOf(itemContent(question, options)), response: right ? 1 : 0 };
}

/**
 * Reads one entry of a file of results.
 *
 * @param entry What JSON.parse gave.
 * @returns The record, or what is wrong with it.
 */
export function recordOf(entry: unknown): MmluProRecord | { readonly fault: string } {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
    return { fault: `a ${entry === null ? "null" : typeof entry} instead of a record` };
  }
  const { question_id, question, options, answer, pred = null, category } = entry as Record<
    string,
    unknown
  >;
  if (question_id === undefined || question_id === null) return { fault: "no question_id" };
  if (typeof question !== "string") return { fault: "no question" };
  if (!Array.isArray(options)) return { fault: "no list of options" };
  if (typeof answer !== "string") return { fault: "no answer" };
  if (pred !== null && typeof pred !== "string") return { fault: "a pred that is not a text" };
  const texts = options.map((option) => Number.isSafeInteger(option) ? String(option) : option);
  if (!texts.every((text) => typeof text === "string")) {
    return { fault: "an option that is neither a text nor a whole number that is exact" };
  }
  const content = itemContent(question, texts);
  if (stripped(content) === "") return { fault: "an empty question" };
  if (!content.isWellFormed()) return { fault: "a lone surrogate, which has no UTF-8" };
  return {
    ...{ question, options: texts, answer, pred },
    category: typeof category === "string" ? category : undefined,
  };
}

function stripped(text: string): string {
  return text.replace(OUTER_SPACE, "");
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, ID_DIGITS);
}
