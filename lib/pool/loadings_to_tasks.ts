import { type Matrix, matrix } from "../stats/matrix.ts";
import { columnSums, ndarray } from "../stats/ndarray.ts";

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
  const d = loadings.cols;
  const kept: number[] = [];
  const rows: Float64Array[] = [];
  for (let i = 0; i < loadings.rows; i++) {
    const z = projectToPositiveBall(loadings.data.subarray(i * d, (i + 1) * d));
    if (z.some((x) => x > 0)) {
      kept.push(i);
      rows.push(z);
    }
  }
  const projected = stack(rows, d);
  const sparse = stack(rows.map((row) => sparsify(row, tau)), d);
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
  const d = z.cols;
  const mass = await columnSums((await ndarray(z)).pow(2));
  const axisOrder = Array.from(mass.keys()).sort((a, b) => mass[b]! - mass[a]! || a - b);
  const sorted = matrix(z.rows, d);
  for (let i = 0; i < z.rows; i++) {
    axisOrder.forEach((from, j) => sorted.data[i * d + j] = z.data[i * d + from]!);
  }
  return { sorted, axisMass: Float64Array.from(axisOrder, (j) => mass[j]!), axisOrder };
}

/** z = max(λ, 0), then z ← z / max(1, ‖z‖₂). */
export function projectToPositiveBall(lambda: Float64Array): Float64Array {
  const z = lambda.map((x) => Math.max(x, 0));
  const length = Math.max(1, Math.hypot(...z));
  return z.map((x) => x / length);
}

/** Sets entries with less than `tau` of the squared norm to 0, then restores the norm. */
export function sparsify(z: Float64Array, tau: number): Float64Array {
  const before = z.reduce((sum, x) => sum + x * x, 0);
  const sparse = z.map((x) => (x * x < tau * before ? 0 : x));
  const after = sparse.reduce((sum, x) => sum + x * x, 0);
  // With so many small entries that none reaches the share, the task stays as it is.
  return after > 0 ? sparse.map((x) => x * Math.sqrt(before / after)) : z;
}

function stack(rows: readonly Float64Array[], d: number): Matrix {
  const result = matrix(rows.length, d);
  rows.forEach((row, i) => result.data.set(row, i * d));
  return result;
}
