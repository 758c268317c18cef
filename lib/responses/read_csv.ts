import { InputError } from "../base/errors.ts";
import type { Shape } from "./columns.ts";
import { isLongForm, LONG_FORM, readHeader, type TakeRow } from "./csv_layout.ts";
import { delimiterOf, DELIMITERS, LINE_ENDS } from "./delimiter.ts";
import { Observations } from "./observations.ts";
import type { TableOptions } from "./read_parquet.ts";
import { notText } from "./signature.ts";
import { ACCEPTED } from "./values.ts";

/** Longest row that is read, in bytes: a quote that is never closed makes one row of a whole file. */
const MAX_ROW = 16 << 20;

/** Most fields of a row: each takes memory, however short. */
const MAX_FIELDS = 1_000_000;

/** Enough of a table to see how its fields are separated, in characters. */
const SAMPLE = 64 << 10;

/**
 * Reads a response table from CSV, row by row: in the long form (columns `subject_id`, `item_id`,
 * `response`, perhaps `test_condition` and `benchmark_id`), or wide (a row for each subject, a column
 * for each item, the subject's id first; or the transpose). Fields are separated by commas,
 * semicolons or tabs. A row that cannot be understood is left out and counted.
 *
 * @param source The file's bytes.
 * @param name Name of the file for errors.
 * @param options Read options; `shape` as `SHAPES` says.
 * @returns The observations.
 * @throws {InputError} When it is not CSV in UTF-8, or its header cannot be understood.
 */
export async function readCsv(
  source: AsyncIterable<Uint8Array>,
  name: string,
  { into = new Observations(), benchmark, shape = "auto", columns = {} }: TableOptions & {
    shape?: Shape;
  } = {},
): Promise<Observations> {
  const { parse } = await import("csv-parse");
  const { pipeline } = await import("node:stream/promises");
  into.startFile(name);
  const { sample, isWhole, text } = await beginning(decoded(source, name));
  const before = into.leftOut.notBinary;
  const earlierFaults = into.faults.length;
  let isWide = false;
  let take: TakeRow | undefined;
  const onRecord = (fields: string[], { lines }: { readonly lines: number }): null => {
    if (take === undefined) {
      take = readHeader(fields, name, { shape, into, benchmark, columns });
      isWide = !isLongForm(fields, shape) && !Object.values(columns).some(Boolean);
    } else if (fields.length > 1 || fields[0]?.trim() !== "") take(fields, lines);
    return null;
  };
  const parser = parse({
    delimiter: await delimiterOf(sample, isWhole, (fields) => isLongForm(fields, "auto")),
    record_delimiter: LINE_ENDS,
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
    const reason = (cause instanceof Error ? cause.message : String(cause)).slice(0, 300)
      .replace(/^Max Record Size: .* at/, `a row has more than ${MAX_ROW} bytes,`);
    throw new InputError(
      `Cannot read ${name} as CSV: ${reason}. Correct that line; a field that holds a quote is ` +
        'written in quotes, the quote doubled: "a ""b"" c".',
      { cause },
    );
  }
  if (take === undefined) {
    throw new InputError(`Cannot use ${name}: the table has no rows. Give one with responses.`);
  }
  const odd = into.leftOut.notBinary - before;
  if (isWide && odd > 0 && odd >= into.response.length) {
    const first = into.faults.slice(earlierFaults).find(({ what }) => what.startsWith("response"));
    const example = first === undefined ? "" : ` (${first.where}: ${first.what})`;
    throw new InputError(
      `Cannot use ${name} as a wide table: most cells are neither 0 nor 1${example}. Accepted are ` +
        `${ACCEPTED}; for other values, say what they mean, such as: responses.values=` +
        "{yes: 1, no: 0}. If it has a row for each observation, name the columns " +
        `${LONG_FORM.join(", ")}.`,
    );
  }
  const { subjects: { length: S }, items: { length: p } } = into;
  if (isWide && shape === "auto" && S > p) {
    into.notes.push(
      `its rows are taken as ${S} subjects and its columns as ${p} items; if it is the other way ` +
        "round, its shape is wide_transposed",
    );
  }
  return into;
}

async function* decoded(source: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let [bytes, lines] = [0, 1];
  let before = new Uint8Array();
  let fields = 0;
  for await (const chunk of source) {
    const wrong = (bytes === 0 ? notText(chunk) : undefined) ??
      (chunk.includes(0) ? NUL : undefined);
    if (wrong !== undefined) throw new InputError(`Cannot read ${name} as CSV: ${wrong}.`);
    try {
      yield decoder.decode(chunk, { stream: true });
    } catch {
      throw notUtf8(name, before, chunk, bytes, lines);
    }
    bytes += chunk.length;
    for (let i = 0; i < chunk.length; i++) {
      if (endsLine(chunk[i]!, chunk[i - 1] ?? before.at(-1))) [lines, fields] = [lines + 1, 0];
      else if (isDelimiter(chunk[i]!) && ++fields === MAX_FIELDS) {
        throw new InputError(
          `Cannot read ${name} as CSV: line ${lines} has more than ${MAX_FIELDS} fields. Write the ` +
            "table in the long form, a row for each response.",
        );
      }
    }
    before = chunk.slice(-MAX_CHARACTER);
  }
  try {
    yield decoder.decode();
  } catch {
    throw notUtf8(name, new Uint8Array(), new Uint8Array(), bytes, lines);
  }
}

/** Most bytes of a character before its last one, in UTF-8. */
const MAX_CHARACTER = 3;

const [LF, CR] = [10, 13];

const NUL = "it holds a NUL, as UTF-16 does and no CSV. Save it as CSV in UTF-8";

const DELIMITER_BYTES: readonly number[] = DELIMITERS.map((character) => character.charCodeAt(0));

function isDelimiter(byte: number): boolean {
  return DELIMITER_BYTES.includes(byte);
}

/** Whether a line ends with a byte; one that ends with CR LF ends with the CR. */
function endsLine(byte: number, previous: number | undefined): boolean {
  return byte === CR || (byte === LF && previous !== CR);
}

/** An error that names the first byte of a chunk that cannot be of a text in UTF-8. */
function notUtf8(
  name: string,
  before: Uint8Array,
  chunk: Uint8Array,
  bytes: number,
  lines: number,
): InputError {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  // A character that began in the chunk before.
  const lead = before.findLastIndex((byte) => byte >= 0xc0);
  const started = lead < 0 ? [] : [...before.subarray(lead)];
  let [at, line] = [0, lines];
  try {
    decoder.decode(Uint8Array.from(started), { stream: true });
    for (; at < chunk.length; at++) {
      decoder.decode(chunk.subarray(at, at + 1), { stream: true });
      if (endsLine(chunk[at]!, chunk[at - 1] ?? before.at(-1))) line++;
    }
  } catch {
    // This is the byte.
  }
  return new InputError(
    `Cannot read ${name} as CSV: it is not UTF-8 (after ${
      bytes + at
    } bytes, line ${line}). Save it ` +
      "as CSV in UTF-8.",
  );
}

/** The beginning of a text, and the whole text again. */
async function beginning(source: AsyncGenerator<string>): Promise<{
  readonly sample: string;
  readonly isWhole: boolean;
  readonly text: AsyncGenerator<string>;
}> {
  let sample = "";
  let isWhole = false;
  // A wide table may have a header longer than that.
  while (
    !isWhole && sample.length < MAX_ROW && !(sample.length >= SAMPLE && /[\r\n]/.test(sample))
  ) {
    const next = await source.next();
    if (next.done) isWhole = true;
    else sample += next.value;
  }
  async function* whole(): AsyncGenerator<string> {
    yield sample;
    if (!isWhole) yield* source;
  }
  return { sample, isWhole, text: whole() };
}
