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
