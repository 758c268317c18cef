import { type Matrix, matrix, row, takeColumns, takeRows } from "../stats/matrix.ts";
import { columnMass, positivePart } from "../stats/ndarray.ts";
import { range } from "../stats/range.ts";

/** Tasks made from loadings, with the stage before sparsification (model section 5). */
export interface Tasks {
  /** Stage 3, N × d: projected to the positive unit ball; axes in the order of the loadings. */
  readonly projected: Matrix;
  /** Stage 4, N × d: sparsified, axes in descending order of mass. */
  readonly sparsified: Matrix;
  /** Σ_i z_ij² of each axis of stage 4, descending. */
  readonly axisMass: Float64Array;
  /** The axis of the loadings that became each axis of stage 4. */
  readonly axisOrder: readonly number[];
  /** Rows of the loadings that became the N tasks: the others have no positive loading. */
  readonly kept: readonly number[];
}

/**
 * Loadings to tasks (model section 5, a to c): projection to the positive unit ball, sparsification,
 * mass-sort. A row without a positive loading becomes no task.
 *
 * @param loadings p × d, rotated, in the correlation metric.
 * @param tau τ in [0, 1): an entry with a smaller share of the task's squared norm becomes 0.
 */
export async function loadingsToTasks(loadings: Matrix, tau: number): Promise<Tasks> {
  const positive = await positivePart(loadings);
  const kept = range(0, loadings.rows).filter((i) => row(positive, i).some((x) => x > 0));
  const projected = mapRows(takeRows(positive, kept), intoUnitBall);
  const sparse = mapRows(projected, (task) => sparsify(task, tau));
  const { sorted: sparsified, axisMass, axisOrder } = await sortByMass(sparse);
  return { projected, sparsified, axisMass, axisOrder, kept };
}

/**
 * Mass-sort: axes in descending order of Σ_i z_ij² (model section 5 c).
 *
 * @param z N × d.
 * @returns The same tasks with their axes sorted, the mass of each, and which axis it was.
 */
export async function sortByMass(z: Matrix): Promise<{
  readonly sorted: Matrix;
  readonly axisMass: Float64Array;
  readonly axisOrder: readonly number[];
}> {
  const mass = await columnMass(z);
  const axisOrder = range(0, z.cols).sort((a, b) => mass[b]! - mass[a]! || a - b);
  const sorted = takeColumns(z, axisOrder);
  return { sorted, axisMass: Float64Array.from(axisOrder, (j) => mass[j]!), axisOrder };
}

/** z / max(1, ‖z‖₂). */
export function intoUnitBall(z: Float64Array): Float64Array {
  const length = Math.max(1, Math.hypot(...z));
  return z.map((x) => x / length);
}

/**
 * Sets entries with less than `tau` of the squared norm to 0, then restores the norm. Where no entry reaches
 * that share, as can be for tau above 1/d, the largest entry alone stays (the first of equal ones).
 */
export function sparsify(z: Float64Array, tau: number): Float64Array {
  const sparse = z.slice();
  let [before, after] = [0, 0];
  for (const x of z) before += x * x;
  for (let j = 0; j < z.length; j++) {
    const square = z[j]! * z[j]!;
    if (square < tau * before) sparse[j] = 0;
    else after += square;
  }
  if (after > 0) return sparse.map((x) => x * Math.sqrt(before / after));
  const largest = z.indexOf(Math.max(...z));
  return z.map((_, j) => j === largest ? Math.sqrt(before) : 0);
}

function mapRows(m: Matrix, change: (row: Float64Array) => Float64Array): Matrix {
  const result = matrix(m.rows, m.cols);
  for (let i = 0; i < m.rows; i++) row(result, i).set(change(row(m, i)));
  return result;
}
