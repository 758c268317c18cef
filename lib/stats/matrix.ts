/** A dense real matrix, row-major. */
export interface Matrix {
  /** Number of rows, m. */
  readonly rows: number;
  /** Number of columns, n. */
  readonly cols: number;
  /** The m × n entries, entry (i, j) at `i * cols + j`. */
  readonly data: Float64Array;
}

/**
 * A matrix of zeros, or one over given entries (not copied).
 *
 * @param rows Number of rows, m.
 * @param cols Number of columns, n.
 * @param data The m × n entries, row-major.
 * @throws {RangeError} When there are not m × n entries.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { matrix, row } from "./matrix.ts";
 * const a = matrix(2, 3, Float64Array.of(1, 2, 3, 4, 5, 6));
 * assert.deepEqual([...row(a, 1)], [4, 5, 6]);
 * ```
 */
export function matrix(
  rows: number,
  cols: number,
  data: Float64Array = new Float64Array(rows * cols),
): Matrix {
  if (data.length !== rows * cols) {
    throw new RangeError(
      `Cannot make a ${rows} × ${cols} matrix: there are ${data.length} entries, not ${
        rows * cols
      }`,
    );
  }
  return { rows, cols, data };
}

/** The transpose, n × m. */
export function transpose({ rows, cols, data }: Matrix): Matrix {
  const result = matrix(cols, rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) result.data[j * rows + i] = data[i * cols + j]!;
  }
  return result;
}

/** A product of matrices: m × n times n × l gives m × l. */
export type Multiply = (a: Matrix, b: Matrix) => Matrix | Promise<Matrix>;

/** Row i, n numbers that are those of the matrix itself. */
export function row({ cols, data }: Matrix, i: number): Float64Array {
  return data.subarray(i * cols, (i + 1) * cols);
}

/** Column j, a copy of m numbers. */
export function column({ rows, cols, data }: Matrix, j: number): Float64Array {
  const result = new Float64Array(rows);
  for (let i = 0; i < rows; i++) result[i] = data[i * cols + j]!;
  return result;
}

/** The n × n identity. */
export function identity(n: number): Matrix {
  const result = matrix(n, n);
  for (let i = 0; i < n; i++) result.data[i * (n + 1)] = 1;
  return result;
}

/** The sum of each column, n numbers. */
export function columnSums({ rows, cols, data }: Matrix): Float64Array {
  const sums = new Float64Array(cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) sums[j]! += data[i * cols + j]!;
  return sums;
}

/** Some of the rows, in the given order: a copy. */
export function takeRows(m: Matrix, rows: ArrayLike<number>): Matrix {
  const result = matrix(rows.length, m.cols);
  Array.from(rows, (i, n) => row(result, n).set(row(m, i)));
  return result;
}

/** Some of the columns, in the given order: a copy. */
export function takeColumns(m: Matrix, columns: ArrayLike<number>): Matrix {
  const result = matrix(m.rows, columns.length);
  for (let i = 0, n = 0; i < m.rows; i++) {
    for (let j = 0; j < columns.length; j++) result.data[n++] = m.data[i * m.cols + columns[j]!]!;
  }
  return result;
}
