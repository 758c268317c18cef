/** A column of a CSV file. */
export interface Column {
  readonly name: string;
  /** What it is, with its unit or range. */
  readonly meaning: string;
  readonly values: ArrayLike<number | string>;
  /** NaN says that a row has no value; its field is left empty. */
  readonly mayBeMissing?: true;
}

/**
 * Writes the numbers that a figure shows as CSV (RFC 4180), after comment lines that begin with `#`.
 * Numbers are written in full, so that reading gives the same bits.
 *
 * @param comments Lines for the head, the figure's title first.
 * @param columns Of one length.
 * @throws {RangeError} When the lengths differ, or a number is not finite.
 */
export function encodeCsv(comments: readonly string[], columns: readonly Column[]): string {
  const rows = columns[0]?.values.length ?? 0;
  const odd = columns.find((column) => column.values.length !== rows);
  if (odd) throw new RangeError(`Cannot write CSV: column ${odd.name} is not ${rows} long`);
  for (const { name, values, mayBeMissing } of columns) {
    const row = Array.from(values).findIndex((value) =>
      typeof value === "number" && !Number.isFinite(value) && !(mayBeMissing && Number.isNaN(value))
    );
    if (row >= 0) {
      const where = `column ${name}, row ${row + 1}`;
      throw new RangeError(`Cannot write the CSV of "${comments[0]}": ${where} is ${values[row]}`);
    }
  }
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

/** What a column holds of each row. */
export type ColumnOf<Row> = readonly [meaning: string, valueOf: (row: Row) => number | string];

/** The columns of a table by name, from its rows. */
export function columnsOf<Row>(
  rows: readonly Row[],
  columns: Readonly<Record<string, ColumnOf<Row>>>,
): Column[] {
  return Object.entries(columns).map(([name, [meaning, valueOf]]) => ({
    name,
    meaning,
    values: rows.map(valueOf),
  }));
}

function field(value: number | string): string {
  const text = Number.isNaN(value) ? "" : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
