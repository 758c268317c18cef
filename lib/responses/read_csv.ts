import { InputError } from "../errors.ts";
import { Observations, responseCode, show } from "./observations.ts";
import { noBenchmarkColumn, type ReadOptions } from "./read_parquet.ts";

/** How a table of text is laid out; `auto`: as its header says. */
export const SHAPES = ["auto", "long", "wide", "wide_transposed"] as const;

/** One of {@linkcode SHAPES}. */
export type Shape = typeof SHAPES[number];

/** Longest row that is read, in bytes: a quote that is never closed makes one row of a whole file. */
const MAX_ROW = 64 << 20;

const DELIMITERS = [",", "\t", ";"] as const;

const REQUIRED = ["subject_id", "item_id", "response"];

/** Takes one row, given its fields and the line that it ends on. */
type TakeRow = (fields: readonly string[], line: number) => void;

/**
 * Reads a response table from CSV, row by row: in the long form (columns `subject_id`, `item_id`,
 * `response`, perhaps `test_condition` and `benchmark_id`), or wide (a row for each subject, a column
 * for each item, the subject's id first; or the transpose). Fields are separated by commas,
 * semicolons or tabs. A row that cannot be understood is left out and counted.
 *
 * @param source The file's bytes.
 * @param name Name of the file for errors.
 * @param options How; `shape` as {@linkcode SHAPES} says.
 * @returns The observations.
 * @throws {InputError} When it is no CSV in UTF-8, or its header cannot be understood.
 */
export async function readCsv(
  source: AsyncIterable<Uint8Array>,
  name: string,
  { into = new Observations(), benchmark, shape = "auto" }: ReadOptions & { shape?: Shape } = {},
): Promise<Observations> {
  const { parse } = await import("csv-parse");
  const { pipeline } = await import("node:stream/promises");
  const [first, text] = await firstLine(decoded(source, name));
  const before = into.leftOut.notBinary;
  let isWide = false;
  let take: TakeRow | undefined;
  const onRecord = (fields: string[], { lines }: { readonly lines: number }): null => {
    if (take === undefined) {
      take = header(fields, shape, into, benchmark, name);
      isWide = !isLongForm(fields, shape);
    } else if (fields.length > 1 || fields[0]?.trim() !== "") take(fields, lines);
    return null;
  };
  const parser = parse({
    delimiter: delimiterOf(first),
    max_record_size: MAX_ROW,
    on_record: onRecord,
    relax_column_count: true,
    skip_empty_lines: true,
  });
  parser.resume();
  try {
    await pipeline(text, parser);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError(
      `Cannot read ${name} as CSV: ${reason.slice(0, 300)}. Mend that line; a field that holds a ` +
        'quote is written in quotes, the quote doubled: "a ""b"" c".',
      { cause },
    );
  }
  if (take === undefined) {
    throw new InputError(`Cannot use ${name}: the table has no rows. Give one with responses.`);
  }
  const odd = into.leftOut.notBinary - before;
  if (isWide && odd > 0 && odd >= into.response.length) {
    const first = into.faults.find(({ what }) => what.startsWith("response"));
    throw new InputError(
      `Cannot use ${name} as a wide table: most cells are neither 0 nor 1 (${first?.where}: ` +
        `${first?.what}). If it has a row for each observation, name the columns ` +
        `${REQUIRED.join(", ")}.`,
    );
  }
  return into;
}

async function* decoded(source: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let [bytes, lines] = [0, 1];
  try {
    for await (const chunk of source) {
      const text = decoder.decode(chunk, { stream: true });
      bytes += chunk.length;
      for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
      yield text;
    }
    yield decoder.decode();
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new InputError(
      `Cannot read ${name} as CSV: it is not UTF-8 (after ${bytes} bytes, near line ${lines}). ` +
        "Save it as CSV in UTF-8.",
      { cause },
    );
  }
}

/** The first line, and the whole text again. */
async function firstLine(
  source: AsyncGenerator<string>,
): Promise<readonly [string, AsyncGenerator<string>]> {
  let start = "";
  let done = false;
  while (!/[\r\n]/.test(start) && start.length < MAX_ROW) {
    const next = await source.next();
    if (next.done) {
      done = true;
      break;
    }
    start += next.value;
  }
  async function* whole(): AsyncGenerator<string> {
    yield start;
    if (!done) yield* source;
  }
  return [start.split(/[\r\n]/, 1)[0] ?? "", whole()];
}

/** The delimiter that the header uses most, outside of quotes. */
function delimiterOf(header: string): string {
  const bare = header.replace(/"(?:[^"]|"")*"/g, "");
  const count = (delimiter: string): number => bare.split(delimiter).length;
  return DELIMITERS.reduce((best, next) => count(next) > count(best) ? next : best);
}

function header(
  written: readonly string[],
  shape: Shape,
  into: Observations,
  benchmark: string | undefined,
  name: string,
): TakeRow {
  const fields = written.map((field) => field.trim());
  const missing = REQUIRED.filter((column) => !fields.includes(column));
  const shown = fields.slice(0, 8).map(show).join(", ") + (fields.length > 8 ? ", …" : "");
  const isLong = isLongForm(fields, shape);
  if (isLong && missing.length > 0) {
    throw new InputError(
      `Cannot use ${name}: line 1: the column ${
        missing.join(" and ")
      } is missing; it has ${shown}. ` +
        `Rename or add it: the long form needs ${REQUIRED.join(", ")}.`,
    );
  }
  const repeated = fields.findIndex((field, column) => fields.indexOf(field) < column);
  if (repeated >= 0) {
    throw new InputError(
      `Cannot use ${name}: line 1: columns ${fields.indexOf(fields[repeated]!) + 1} and ` +
        `${repeated + 1} have the same name, ${show(fields[repeated])}. Rename one.`,
    );
  }
  if (isLong) return long(fields, into, benchmark, name);
  if (shape === "auto" && (fields.includes("item_id") || fields.includes("response"))) {
    throw new InputError(
      `Cannot use ${name}: line 1: for the long form the column ${missing.join(" and ")} is ` +
        `missing; it has ${shown}. Rename or add it; or set responses.shape=wide if each further ` +
        "column is an item.",
    );
  }
  if (fields.length < 2) {
    throw new InputError(
      `Cannot use ${name}: line 1: it has one column, ${shown}. Separate columns by commas, ` +
        `semicolons or tabs: ${REQUIRED.join(", ")}; or a subject's id and a column for each item.`,
    );
  }
  if (into.wanted !== undefined && benchmark === undefined) throw noBenchmarkColumn(name);
  return wide(fields, shape === "wide_transposed", into, benchmark);
}

function isLongForm(fields: readonly string[], shape: Shape): boolean {
  const named = new Set(fields.map((field) => field.trim()));
  return shape === "long" || (shape === "auto" && REQUIRED.every((column) => named.has(column)));
}

function long(
  fields: readonly string[],
  into: Observations,
  fixed: string | undefined,
  name: string,
): TakeRow {
  const at = (column: string): number => fields.indexOf(column);
  const [subject, item, response] = [at("subject_id"), at("item_id"), at("response")];
  const [condition, benchmark] = [at("test_condition"), at("benchmark_id")];
  if (into.wanted !== undefined && fixed === undefined && benchmark < 0) {
    throw noBenchmarkColumn(name);
  }
  return (row, line) => {
    if (row.length !== fields.length) return into.addMalformed(uneven(row, fields, line));
    into.add({
      subject: row[subject],
      item: row[item],
      response: row[response],
      condition: row[condition],
      benchmark: fixed ?? row[benchmark],
    }, () => `line ${line}`);
  };
}

function wide(
  fields: readonly string[],
  transposed: boolean,
  into: Observations,
  fixed: string | undefined,
): TakeRow {
  const benchmark = into.benchmarkCode(fixed);
  const codes = fields.slice(1).map((field) =>
    transposed ? into.subjectCode(field) : into.itemCode(benchmark, field)
  );
  return (row, line) => {
    if (row.length !== fields.length) return into.addMalformed(uneven(row, fields, line));
    const [id = ""] = row;
    const own = transposed ? into.itemCode(benchmark, id) : into.subjectCode(id);
    if (own < 0) {
      return into.addMalformed({ where: `line ${line}`, what: "no id in the first column" });
    }
    for (let column = 1; column < row.length; column++) {
      const response = responseCode(row[column]);
      // An empty cell of a wide table is no row that lacks something: it is no observation.
      if (response === responseCode(null)) continue;
      const other = codes[column - 1]!;
      const [subject, item] = transposed ? [other, own] : [own, other];
      into.addCoded({ benchmark, subject, item, response, condition: false }, () => ({
        where: `line ${line}, column ${column + 1} (${show(fields[column])})`,
        what: `response ${show(row[column])}`,
      }));
    }
  };
}

function uneven(
  row: readonly string[],
  fields: readonly string[],
  line: number,
): { readonly where: string; readonly what: string } {
  return {
    where: `line ${line}`,
    what: `${row.length} fields, but the header has ${fields.length}`,
  };
}
