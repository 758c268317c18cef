import { InputError } from "../base/errors.ts";
import { isLongForm, LONG_FORM, readHeader, type Shape, type TakeRow } from "./csv_layout.ts";
import { Observations } from "./observations.ts";
import type { ReadOptions } from "./read_parquet.ts";

/** Longest row that is read, in bytes: a quote that is never closed makes one row of a whole file. */
const MAX_ROW = 64 << 20;

const DELIMITERS = [",", "\t", ";"] as const;

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
      take = readHeader(fields, name, { shape, into, benchmark });
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
        `${LONG_FORM.join(", ")}.`,
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
