/** Longest piece of a table that is shown, in characters. */
const MAX_SHOWN = 40;

/** Code of a response that is missing. */
export const MISSING = 2;

/** Code of a response that is neither 0 nor 1. */
export const NOT_BINARY = 3;

/** Texts that stand for an absent value, in lower case. */
const ABSENT = new Set(["", "na", "n/a", "nan", "null", "none"]);

const BINARY = new Map([["0", 0], ["1", 1], ["0.0", 0], ["1.0", 1], ["false", 0], ["true", 1]]);

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
export function isAbsent(text: string): boolean {
  return ABSENT.has(text.trim().toLowerCase());
}

/** Whether a value is a test condition. */
export function isSet(value: unknown): boolean {
  return value !== null && value !== undefined && value !== "";
}

/** A value as shown in messages: cut, and without what would spoil a terminal. */
export function show(value: unknown): string {
  if (value === undefined || value === null || value === "") return "is missing";
  const text = String(value);
  const cut = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  return JSON.stringify(cut.toWellFormed());
}

/**
 * Whether a value may be the id of a subject or an item. A lone surrogate has no UTF-8, and NumPy drops
 * a NUL at the end: an id with one could not be kept.
 */
export function isId(value: unknown): boolean {
  return (typeof value === "string" && value !== "" && value.isWellFormed() &&
    !value.includes("\0")) ||
    typeof value === "number" || typeof value === "bigint";
}
