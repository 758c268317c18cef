import type { Responses } from "../responses/responses.ts";

/** The observed cells by item, standardised (model section 2). */
export interface StandardisedItems {
  /** S. */
  readonly subjects: number;
  /** Cells of item i are at `start[i]` … `start[i + 1] − 1`; p + 1 numbers. */
  readonly start: Int32Array;
  /** Subject of each cell. */
  readonly subject: Int32Array;
  /** Standardised response of each cell; that of a missing cell is 0. */
  readonly z: Float64Array;
}

/**
 * Standardises items: a missing cell takes its item's mean over the observed ones, then each column
 * is centred and divided by its own standard deviation (of the filled column, 1/S).
 *
 * @param responses S × p; each item must vary.
 * @throws {RangeError} When an item does not vary.
 */
export function standardiseItems(responses: Responses): StandardisedItems {
  const { subjectIds, itemIds, subject, item, response } = responses;
  const [S, p] = [subjectIds.length, itemIds.length];
  const start = new Int32Array(p + 1);
  for (const i of item) start[i + 1]! += 1;
  for (let i = 0; i < p; i++) start[i + 1]! += start[i]!;
  const next = start.slice(0, p);
  const bySubject = new Int32Array(item.length);
  const z = new Float64Array(item.length);
  for (let n = 0; n < item.length; n++) {
    const at = next[item[n]!]!++;
    bySubject[at] = subject[n]!;
    z[at] = response[n]!;
  }
  for (let i = 0; i < p; i++) {
    const cells = z.subarray(start[i]!, start[i + 1]!);
    let mean = 0;
    for (const y of cells) mean += y / cells.length;
    let variance = 0;
    for (const y of cells) variance += (y - mean) ** 2 / S;
    if (!(variance > 0)) {
      throw new RangeError(`Cannot standardise item ${itemIds[i]}: it is constant`);
    }
    const scale = 1 / Math.sqrt(variance);
    for (let c = 0; c < cells.length; c++) cells[c] = (cells[c]! - mean) * scale;
  }
  return { subjects: S, start, subject: bySubject, z };
}
