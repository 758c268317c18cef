import type { Responses } from "../responses/responses.ts";

/** The observed cells of a run of items, by item, standardised (model section 2). */
export interface StandardisedItems {
  /** Cells of item i are at `start[i]` … `start[i + 1] − 1`; one more number than there are items. */
  readonly start: Int32Array;
  /** Of each item, the number of its leading cells whose response is not its commonest. */
  readonly rarer: Int32Array;
  /** Subject of each cell. */
  readonly subject: Int32Array;
  /** Standardised response of each cell; that of a missing cell is 0. */
  readonly z: Float64Array;
}

/**
 * Standardises items: a missing cell takes its item's mean over the observed ones, then each column
 * is centred and divided by its own standard deviation (of the filled column, 1/S). The items come
 * in blocks, so that no second table is ever in memory.
 *
 * @param table S × p; each item must vary.
 * @param itemsPerBlock Most items of a block.
 * @throws {RangeError} When an item does not vary.
 */
export function* standardisedItems(
  { subjectIds, itemIds, subject, item, response }: Responses,
  itemsPerBlock: number,
): Generator<StandardisedItems> {
  const [S, p] = [subjectIds.length, itemIds.length];
  // The cells are in order of subject, then of item: one cursor a subject reads them by item.
  const cursor = new Int32Array(S);
  const end = new Int32Array(S);
  for (let n = 0; n < subject.length; n++) end[subject[n]!]! += 1;
  for (let s = 0, n = 0; s < S; s++) {
    cursor[s] = n;
    end[s] = n += end[s]!;
  }
  for (let first = 0; first < p; first += itemsPerBlock) {
    const last = Math.min(p, first + itemsPerBlock);
    const start = new Int32Array(last - first + 1);
    const upTo = cursor.slice();
    for (let s = 0; s < S; s++) {
      while (upTo[s]! < end[s]! && item[upTo[s]!]! < last) {
        start[item[upTo[s]!++]! - first + 1]! += 1;
      }
    }
    for (let i = 0; i < last - first; i++) start[i + 1]! += start[i]!;
    const next = start.slice();
    const bySubject = new Int32Array(start.at(-1)!);
    const z = new Float64Array(bySubject.length);
    for (let s = 0; s < S; s++) {
      for (; cursor[s]! < upTo[s]!; cursor[s]! += 1) {
        const at = next[item[cursor[s]!]! - first]!++;
        bySubject[at] = s;
        z[at] = response[cursor[s]!]!;
      }
    }
    const rarer = new Int32Array(last - first);
    for (let i = 0; i < last - first; i++) {
      const cells = z.subarray(start[i]!, start[i + 1]!);
      rarer[i] = commonestLast(cells, bySubject.subarray(start[i]!, start[i + 1]!));
      if (!standardise(cells, S)) {
        throw new RangeError(`Cannot standardise item ${itemIds[first + i]}: it is constant`);
      }
    }
    yield { start, rarer, subject: bySubject, z };
  }
}

/** Puts cells that equal the commoner of 0 and 1 behind the others; gives the number of others. */
function commonestLast(cells: Float64Array, subject: Int32Array): number {
  let [zeros, ones] = [0, 0];
  for (let c = 0; c < cells.length; c++) {
    if (cells[c] === 0) zeros++;
    else if (cells[c] === 1) ones++;
  }
  const commonest = ones > zeros ? 1 : 0;
  let others = 0;
  for (let c = 0; c < cells.length; c++) {
    const y = cells[c]!;
    if (y === commonest) continue;
    [cells[c], cells[others]] = [cells[others]!, y];
    [subject[c], subject[others]] = [subject[others]!, subject[c]!];
    others++;
  }
  return others;
}

/** Standardises the observed cells of an item in place; false when they do not vary. */
function standardise(cells: Float64Array, S: number): boolean {
  let mean = 0;
  for (let c = 0; c < cells.length; c++) mean += cells[c]! / cells.length;
  let variance = 0;
  for (let c = 0; c < cells.length; c++) variance += (cells[c]! - mean) ** 2 / S;
  if (!(variance > 0)) return false;
  const scale = 1 / Math.sqrt(variance);
  for (let c = 0; c < cells.length; c++) cells[c] = (cells[c]! - mean) * scale;
  return true;
}
