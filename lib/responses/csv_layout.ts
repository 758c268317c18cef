import { InputError } from "../base/errors.ts";
import {
  columnName,
  type ColumnRole,
  COLUMNS,
  type Columns,
  findColumn,
  REQUIRED_ROLES,
  sayMissing,
} from "./columns.ts";
import type { Observations } from "./observations.ts";
import { noBenchmarkColumn } from "./read_parquet.ts";
import { TableError } from "./table_error.ts";
import { MISSING, NOT_BINARY, show } from "./values.ts";

/** How a table of text is laid out; `auto`: as its header says. */
export const SHAPES = ["auto", "long", "wide", "wide_transposed"] as const;

/** One of {@linkcode SHAPES}. */
export type Shape = typeof SHAPES[number];

/** Columns of the long form. */
export const LONG_FORM: readonly string[] = REQUIRED_ROLES.map((role) => COLUMNS[role]);

/** Takes one row, given its fields and the line that it ends on. */
export type TakeRow = (fields: readonly string[], line: number) => void;

/**
 * Finds out from the header how a table is laid out.
 *
 * @param written The fields of the first row.
 * @param name Name of the file for errors.
 * @param options How it is said to be laid out, who receives the rows, and their benchmark.
 * @returns What takes in each further row.
 * @throws {InputError} When the header cannot be understood.
 */
export function readHeader(
  written: readonly string[],
  name: string,
  { shape, into, benchmark, columns }: {
    readonly shape: Shape;
    readonly columns: Columns;
    readonly into: Observations;
    readonly benchmark: string | undefined;
  },
): TakeRow {
  const fields = written.map((field) => field.trim());
  const has = (role: ColumnRole): boolean => findColumn(fields, role, columns) >= 0;
  const missing = REQUIRED_ROLES.filter((role) => !has(role))
    .map((role) => columnName(role, columns));
  const isNamed = REQUIRED_ROLES.some((role) => columns[role]);
  const shown = fields.slice(0, 8).map(show).join(", ") + (fields.length > 8 ? ", …" : "");
  const isLong = isNamed || isLongForm(fields, shape);
  if (isLong && missing.length > 0) {
    throw new InputError(
      `Cannot use ${name}: line 1: ${sayMissing(missing)}; it has ${shown}. ` +
        `Rename or add it: the long form needs ${
          REQUIRED_ROLES.map((role) => columnName(role, columns)).join(", ")
        }.`,
    );
  }
  refuseRepeated(fields, name);
  if (isLong) return long(fields, into, benchmark, name, columns);
  const twins = LONG_FORM.map((column) =>
    fields.find((field) => normalised(field) === normalised(column)) ?? ""
  );
  if (shape === "auto" && missing.length > 0 && twins.every((twin) => twin !== "")) {
    throw new InputError(
      `Cannot use ${name}: line 1: the columns are named ${
        twins.map(show).join(", ")
      }. Rename them ` +
        `to ${LONG_FORM.join(", ")}.`,
    );
  }
  if (shape === "auto" && (has("item") || has("response"))) {
    throw new TableError(
      `Cannot use ${name}: line 1: for the long form ${sayMissing(missing)}; it has ` +
        `${shown}. Rename or add it.`,
      "shape",
    );
  }
  if (fields.length < 2) {
    throw new InputError(
      `Cannot use ${name}: line 1: it has one column, ${shown}. Separate columns by commas, ` +
        `semicolons or tabs: ${
          LONG_FORM.join(", ")
        }; or a subject's id and a column for each item.`,
    );
  }
  if (into.wanted !== undefined && benchmark === undefined) throw noBenchmarkColumn(name);
  return wide(written, shape === "wide_transposed", into, benchmark);
}

/** A column's name but for letter case and how its words are joined. */
function normalised(column: string): string {
  return column.toLowerCase().replace(/[\s_.-]/g, "");
}

function refuseRepeated(fields: readonly string[], name: string): void {
  const first = new Map<string, number>();
  for (const [column, field] of fields.entries()) {
    const twin = first.get(field);
    if (twin !== undefined) {
      throw new InputError(
        `Cannot use ${name}: line 1: columns ${twin + 1} and ${column + 1} have ` +
          `${field === "" ? "no name" : `the same name, ${show(field)}`}. Rename one.`,
      );
    }
    first.set(field, column);
  }
}

/** Whether a table is taken as one in the long form. */
export function isLongForm(fields: readonly string[], shape: Shape): boolean {
  const isNamed = REQUIRED_ROLES.every((role) => findColumn(fields, role, {}) >= 0);
  return shape === "long" || (shape === "auto" && isNamed);
}

function long(
  fields: readonly string[],
  into: Observations,
  fixed: string | undefined,
  name: string,
  columns: Columns,
): TakeRow {
  const at = (role: ColumnRole): number => findColumn(fields, role, columns);
  const [subject, item, response] = [at("subject"), at("item"), at("response")];
  const [condition, benchmark] = [at("condition"), at("benchmark")];
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
  // The column of a row's own id, and the codes of the further ones: known when the first row is.
  let own = 0;
  let codes: readonly number[] | undefined;
  return (row, line) => {
    if (row.length !== fields.length) return into.addMalformed(uneven(row, fields, line));
    if (codes === undefined) {
      own = numbersRows(fields, row, into.responseOf) ? 1 : 0;
      if (own === 1) into.notes.push("the first column numbers the rows, and is skipped");
      codes = fields.map((field, column) =>
        column <= own ? -1 : transposed ? into.subjectCode(field) : into.itemCode(benchmark, field)
      );
    }
    const id = transposed ? into.itemCode(benchmark, row[own]) : into.subjectCode(row[own]);
    if (id < 0) {
      return into.addMalformed({ where: `line ${line}`, what: `no id in column ${own + 1}` });
    }
    for (let column = own + 1; column < row.length; column++) {
      const response = into.responseOf(row[column]);
      // An empty cell of a wide table is not a row that lacks something: it is no observation.
      if (response === MISSING) continue;
      const other = codes[column]!;
      const [subject, item] = transposed ? [other, id] : [id, other];
      into.addCoded({ benchmark, subject, item, response, condition: false }, () => ({
        where: `line ${line}, column ${column + 1} (${show(fields[column])})`,
        what: other < 0 ? "the column has no name" : `response ${show(row[column])}`,
      }));
    }
  };
}

/** What pandas and R name the column that numbers the rows. */
const INDEX = /^(Unnamed: \d+|index|level_0|row\.names|rownames)?$/i;

/** Whether the first column of a table numbers the rows, so that the subject or item comes second. */
function numbersRows(
  fields: readonly string[],
  first: readonly string[],
  responseOf: (value: unknown) => number,
): boolean {
  return INDEX.test(fields[0]?.trim() ?? "") && /^\d+$/.test(first[0] ?? "") &&
    fields.length > 2 && responseOf(first[1]) === NOT_BINARY;
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
