import { NOT_BINARY, responseCode } from "./values.ts";

/** What fields may be separated by; of equally good ones the first. */
export const DELIMITERS = [",", "\t", ";"] as const;

/** Rows of a table that are examined. */
const SAMPLE_ROWS = 50;

/** Ends of lines; a file may mix them. */
export const LINE_ENDS = ["\r\n", "\n", "\r"];

/**
 * Finds out by what the fields of a table are separated: by which its first rows have as many fields
 * as the header, whatever stands within the fields.
 *
 * @param sample The beginning of the table.
 * @param isWhole Whether it is all of the table, so that its last row is whole.
 * @param isHeader Whether the fields of a header are known names.
 */
export async function delimiterOf(
  sample: string,
  isWhole: boolean,
  isHeader: (fields: readonly string[]) => boolean,
): Promise<string> {
  const rated = await Promise.all(DELIMITERS.map(async (delimiter) => {
    const rows = await firstRows(sample, delimiter);
    const [header = [], ...others] = rows.length < 2 || isWhole ? rows : rows.slice(0, -1);
    const alike = others.filter(({ length }) => length === header.length).length;
    const share = header.length < 2 || others.length === 0 ? 0 : alike / others.length;
    // A wide table's names may hold as many delimiters of another kind, but its cells do not.
    const cells = others.flatMap((row) => row.slice(1));
    const read = cells.filter((cell) => responseCode(cell) !== NOT_BINARY).length;
    const legible = cells.length === 0 ? 0 : read / cells.length;
    return { delimiter, rating: [Number(isHeader(header)), share, legible, header.length] };
  }));
  rated.sort((a, b) => b.rating.map((x, i) => x - a.rating[i]!).find((x) => x !== 0) ?? 0);
  return rated[0]?.delimiter ?? DELIMITERS[0];
}

async function firstRows(sample: string, delimiter: string): Promise<string[][]> {
  const { parse } = await import("csv-parse");
  const rows: string[][] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const parser = parse(sample, {
    delimiter,
    record_delimiter: LINE_ENDS,
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    // Not the option `to`: csv-parse's build for browsers fails where it stops.
    on_record: (row: string[]) => void (rows.length < SAMPLE_ROWS && rows.push(row)),
    // What was read before an error, such as a quote that the sample cuts off, is enough.
  }, () => resolve());
  parser.resume();
  await promise;
  return rows;
}
