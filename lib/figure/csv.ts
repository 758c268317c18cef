import type { Band } from "../stats/band.ts";

/** A column of a CSV file. */
export interface Column {
  readonly name: string;
  /** What it is, with its unit or range. */
  readonly meaning: string;
  readonly values: ArrayLike<number | string>;
}

/**
 * Writes the numbers that a figure shows as CSV (RFC 4180), after comment lines that begin with `#`.
 * Numbers are written in full, so that reading gives the same bits.
 *
 * @param comments Lines for the head.
 * @param columns Of one length.
 * @throws {RangeError} When the lengths differ.
 */
export function encodeCsv(comments: readonly string[], columns: readonly Column[]): string {
  const rows = columns[0]?.values.length ?? 0;
  const odd = columns.find((column) => column.values.length !== rows);
  if (odd) throw new RangeError(`Cannot write CSV: column ${odd.name} is not ${rows} long`);
  const head = [
    ...comments.flatMap((comment) => comment.split("\n")),
    ...columns.map(({ name, meaning }) => `${name}: ${meaning}`),
  ].map((line) => `# ${line}`);
  const lines = [columns.map(({ name }) => field(name)).join(",")];
  for (let row = 0; row < rows; row++) {
    lines.push(columns.map(({ values }) => field(values[row] ?? "")).join(","));
  }
  return [...head, ...lines, ""].join("\n");
}

/** The three columns of a band: `NAME_mean`, `NAME_p10` and `NAME_p90`. */
export function bandColumns(name: string, meaning: string, band: Band, over: string): Column[] {
  return [
    { name: `${name}_mean`, meaning: `${meaning}; mean over ${over}`, values: band.mean },
    { name: `${name}_p10`, meaning: `${meaning}; 10th percentile over ${over}`, values: band.p10 },
    { name: `${name}_p90`, meaning: `${meaning}; 90th percentile over ${over}`, values: band.p90 },
  ];
}

function field(value: number | string): string {
  const text = String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
