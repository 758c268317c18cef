/**
 * Operations on whole arrays by numjs. It wraps a matrix's entries without a copy, but has no
 * broadcasting, and its products sum in blocks: where a plain loop summed before (the pool's mean,
 * expectations under π_t, transposes of native products), the last bits would change, so those stay.
 *
 * @module
 */
import { type Matrix, matrix } from "./matrix.ts";

/** The part of numjs that the project uses; it has no types. */
interface NumJs {
  NdArray: new (data: Float64Array, shape: readonly number[]) => NdArray;
  clip(x: NdArray, min: number, max: number): NdArray;
}

interface NdArray {
  readonly selection: { readonly data: Float64Array };
  pow(exponent: number): NdArray;
  dot(other: NdArray): NdArray;
}

async function numjs(): Promise<NumJs> {
  return (await import("numjs") as unknown as { default: NumJs }).default;
}

/** max(x, 0) of each entry. */
export async function positivePart({ rows, cols, data }: Matrix): Promise<Matrix> {
  const nj = await numjs();
  const clipped = nj.clip(new nj.NdArray(data, [rows, cols]), 0, Infinity);
  return matrix(rows, cols, clipped.selection.data);
}

/** Σ_i z_ij² of each column j, n numbers: 1ᵀ (Z ∘ Z). */
export async function columnMass({ rows, cols, data }: Matrix): Promise<Float64Array> {
  const nj = await numjs();
  const ones = new nj.NdArray(new Float64Array(rows).fill(1), [1, rows]);
  return ones.dot(new nj.NdArray(data, [rows, cols]).pow(2)).selection.data;
}
