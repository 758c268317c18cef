import { parse } from "csv-parse/sync";

/** A figure's CSV file, by columns. */
export class Table {
  readonly #name: string;
  readonly #rows: readonly Readonly<Record<string, string>>[];

  /**
   * Reads what encodeCsv() wrote.
   *
   * @param text The file; lines that begin with # are comments.
   * @param name What to call it in errors.
   */
  constructor(text: string, name: string) {
    this.#name = name;
    this.#rows = parse(text, { columns: true, comment: "#", comment_no_infix: true });
  }

  /** Number of rows. */
  get length(): number {
    return this.#rows.length;
  }

  /**
   * A column's texts.
   *
   * @throws {TypeError} When there is no such column.
   */
  texts(column: string): string[] {
    return this.#rows.map((row) => {
      const value = row[column];
      if (value !== undefined) return value;
      throw new TypeError(`Cannot read ${this.#name}: it has no column ${column}`);
    });
  }

  /** A column's numbers; an empty field is NaN. */
  numbers(column: string): Float64Array {
    return Float64Array.from(this.texts(column), (text) => text === "" ? NaN : Number(text));
  }
}
