import type { Matrix } from "./matrix.ts";

/** The part of a numjs array that the project uses; numjs brings no types of its own. */
export interface NdArray {
  readonly shape: readonly number[];
  pow(exponent: number): NdArray;
  dot(other: NdArray): NdArray;
  tolist(): number[][] | number[];
}

/** The part of numjs that the project uses. */
interface NumJs {
  array(data: number[]): NdArray & { reshape(...shape: number[]): NdArray };
  ones(shape: number[]): NdArray;
}

/**
 * A matrix as a numjs array: for sums and products of whole arrays outside of hot loops.
 *
 * @param m m × n.
 */
export async function ndarray(m: Matrix): Promise<NdArray> {
  const { default: nj } = await import("numjs") as unknown as { default: NumJs };
  return nj.array(Array.from(m.data)).reshape(m.rows, m.cols);
}

/** The sums of a numjs matrix's columns: n numbers. */
export async function columnSums(a: NdArray): Promise<Float64Array> {
  const { default: nj } = await import("numjs") as unknown as { default: NumJs };
  const [rows = 0] = a.shape;
  return Float64Array.from((nj.ones([1, rows]).dot(a).tolist() as number[][])[0] ?? []);
}
