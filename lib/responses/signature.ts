/** What a file is by its first bytes, as Latin-1, and what makes a table of it. */
const SIGNATURES: readonly (readonly [start: string, remedy: string])[] = [
  ["\x1f\x8b", "it is packed by gzip. Unpack it first (gunzip)"],
  ["BZh", "it is packed by bzip2. Unpack it first"],
  ["\xfd7zXZ", "it is packed by xz. Unpack it first"],
  ["\x28\xb5\x2f\xfd", "it is packed by zstd. Unpack it first"],
  ["PK\x03\x04", "it is an Excel workbook or a zip archive. Save it as CSV, or unpack it, first"],
  ["\xd0\xcf\x11\xe0", "it is an Excel workbook. Save it as CSV first"],
  ["PAR1", "it is a parquet file. Name it with the ending .parquet, and read it as such"],
  ["\xff\xfe", "it is UTF-16. Save it in UTF-8"],
  ["\xfe\xff", "it is UTF-16. Save it in UTF-8"],
];

/** A list or a structure. */
const JSON_START = /^\s*[[{]\s*["{[]/;

/** Enough of a file for its signature, in bytes. */
const ENOUGH = 64;

/**
 * Why a file cannot be a table of text, and what to do, by its first bytes.
 *
 * @param bytes The beginning of the file.
 * @returns Undefined when it may be one.
 */
export function notText(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, ENOUGH));
  const found = SIGNATURES.find(([signature]) => start.startsWith(signature))?.[1];
  return found ?? (JSON_START.test(start) ? "it is JSON. Convert it to CSV first" : undefined);
}
