/** Longest piece of a table that is shown, in characters. */
const MAX_SHOWN = 40;

/** Longest id, in characters: all ids of a file are kept at the length of the longest. */
const MAX_ID = 16_384;

/** Code of a response that is missing. */
export const MISSING = 2;

/** Code of a response that is neither 0 nor 1. */
export const NOT_BINARY = 3;

/** Texts that stand for an absent value, in lower case. */
const ABSENT = new Set(["", "na", "n/a", "nan", "null", "none"]);

/** Code of a response between 0 and 1 that is not to be kept. */
export const FRACTION = 4;

/** What becomes of a response between 0 and 1. */
export type Fractions = "refuse" | "keep" | { readonly at_least: number };

/** How responses are written: what stands for which, and whether fractions are kept. */
export interface ResponseRule {
  readonly values: Readonly<Record<string, number | null>>;
  readonly fractions: Fractions;
}

/** Responses are 0 and 1. */
export const BINARY_RULE: ResponseRule = { values: {}, fractions: "refuse" };

/**
 * What gives the response in [0, 1] of a value, or one of the codes of what is left out.
 *
 * @param rule How responses are written; letter case and outer white space do not count.
 */
export function responder({ values, fractions }: ResponseRule): (value: unknown) => number {
  const named = new Map(
    Object.entries(values).map(([name, y]) => [name.trim().toLowerCase(), y ?? MISSING]),
  );
  const ofNumber = (y: number): number => {
    if (!(y > 0 && y < 1)) return responseCode(y);
    if (fractions === "refuse") return FRACTION;
    return fractions === "keep" ? y : Number(y >= fractions.at_least);
  };
  const isPlain = named.size === 0;
  return (value) => {
    const plain = isPlain ? responseCode(value) : NOT_BINARY;
    if (plain !== NOT_BINARY) return plain;
    const text = typeof value === "string" ? value.trim().toLowerCase() : String(value ?? "");
    const mapped = isPlain ? undefined : named.get(text);
    if (mapped !== undefined) return mapped === MISSING ? MISSING : ofNumber(mapped);
    const code = responseCode(value);
    if (code !== NOT_BINARY) return code;
    const isNumber = typeof value === "number" || (typeof value === "string" && NUMBER.test(text));
    return isNumber ? ofNumber(Number(text)) : NOT_BINARY;
  };
}

/** A number as tables write it. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/;

const BINARY = new Map([["0", 0], ["1", 1], ["0.0", 0], ["1.0", 1], ["false", 0], ["true", 1]]);

/** The responses that are understood, for errors. */
export const ACCEPTED =
  "1, 0, 1.0, 0.0, true and false, and an empty cell or NA where there is none";

/** The code of a response: 0, 1, or one of what is left out. */
export function responseCode(value: unknown): number {
  if (value === 0 || value === 1) return value;
  if (value === null || value === undefined) return MISSING;
  if (typeof value === "number") return Number.isNaN(value) ? MISSING : NOT_BINARY;
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "bigint") return value === 0n || value === 1n ? Number(value) : NOT_BINARY;
  if (typeof value !== "string") return NOT_BINARY;
  if (value === "1" || value === "0") return Number(value);
  if (isAbsent(value)) return MISSING;
  return BINARY.get(value.trim().toLowerCase()) ?? NOT_BINARY;
}

/** Whether a text stands for an absent value, as other programs write it. */
function isAbsent(text: string): boolean {
  return ABSENT.has(text.trim().toLowerCase());
}

/** Whether a value is a test condition. */
export function isSet(value: unknown): boolean {
  if (typeof value === "string") return !isAbsent(value);
  return value !== null && value !== undefined && !Number.isNaN(value);
}

/** A value as shown in messages: cut, and without what would spoil a terminal. */
export function show(value: unknown): string {
  if (value === undefined || value === null || value === "") return "is missing";
  const text = String(value);
  const cut = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  return JSON.stringify(cut.toWellFormed());
}

/**
 * The id that a value of a table stands for: its text without outer white space.
 *
 * @param value The value.
 * @returns Undefined when it stands for none: it is absent, or could not be kept (a lone surrogate has
 * no UTF-8, and NumPy drops a NUL at the end).
 * @throws {RangeError} When two different ids of the table may look like this value.
 */
export function idOf(value: unknown): string | undefined {
  if (typeof value === "bigint") return String(value);
  if (value === undefined || value === null || Number.isNaN(value)) return undefined;
  if (typeof value === "number") {
    if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return String(value);
    throw new RangeError(`${value} is too large to be exact as a floating-point number`);
  }
  if (value instanceof Uint8Array) throw new RangeError("its bytes are not text in UTF-8");
  if (typeof value !== "string") throw new RangeError(`it is not a text (${show(value)})`);
  if (value.length > MAX_ID) throw new RangeError(`it has more than ${MAX_ID} characters`);
  const text = value.trim();
  return isAbsent(text) || !text.isWellFormed() || text.includes("\0") ? undefined : text;
}
