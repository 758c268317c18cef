import { type Matrix, matrix } from "../stats/matrix.ts";

/** Items that load most on one column. */
export interface DominantGroup {
  readonly column: number;
  /** Its rows are `from` … `to` − 1 in the order of the heatmap. */
  readonly from: number;
  readonly to: number;
}

/** A heatmap's rows: neighbouring items of one group, averaged. */
export interface LoadingBins {
  readonly groups: readonly DominantGroup[];
  /** Most items of a bin; 1: nothing is averaged. */
  readonly itemsPerBin: number;
  /** Places of each bin's first item and of the one after its last. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Mean loadings, bins × d. */
  readonly mean: Matrix;
}

/**
 * Sorts items by the column on which they load most (by size), then by that loading, descending, and
 * averages neighbours of one group, so that there are no more rows than can be seen.
 *
 * @param loadings p × d.
 * @param maxBins About so many bins; each group has one at least.
 */
export function loadingBins({ rows: p, cols: d, data }: Matrix, maxBins: number): LoadingBins {
  const dominant = Int32Array.from({ length: p }, (_, i) => {
    let best = 0;
    for (let j = 1; j < d; j++) {
      if (Math.abs(data[i * d + j]!) > Math.abs(data[i * d + best]!)) best = j;
    }
    return best;
  });
  const loading = (i: number): number => data[i * d + dominant[i]!]!;
  const order = Int32Array.from({ length: p }, (_, i) => i)
    .sort((a, b) => dominant[a]! - dominant[b]! || loading(b) - loading(a) || a - b);
  const itemsPerBin = Math.max(1, Math.ceil(p / maxBins));
  const groups: DominantGroup[] = [];
  const [from, to]: [number[], number[]] = [[], []];
  for (let first = 0; first < p;) {
    const column = dominant[order[first]!]!;
    let last = first;
    while (last < p && dominant[order[last]!] === column) last++;
    groups.push({ column, from: first, to: last });
    const bins = Math.ceil((last - first) / itemsPerBin);
    for (let b = 0; b < bins; b++) {
      from.push(first + Math.round((b * (last - first)) / bins));
      to.push(first + Math.round(((b + 1) * (last - first)) / bins));
    }
    first = last;
  }
  const mean = matrix(from.length, d);
  from.forEach((start, b) => {
    const count = to[b]! - start;
    for (let n = start; n < to[b]!; n++) {
      for (let j = 0; j < d; j++) mean.data[b * d + j]! += data[order[n]! * d + j]! / count;
    }
  });
  return { groups, itemsPerBin, from: Int32Array.from(from), to: Int32Array.from(to), mean };
}
