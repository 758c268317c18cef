/** Draws from a categorical distribution in constant time. */
export interface AliasTable {
  readonly threshold: Float64Array;
  readonly alias: Int32Array;
}

/**
 * The alias table of a distribution (Walker, 1977; Vose, 1991).
 *
 * @param probabilities N numbers that sum to 1.
 */
export function aliasTable(probabilities: Float64Array): AliasTable {
  const n = probabilities.length;
  const threshold = probabilities.map((p) => p * n);
  const alias = Int32Array.from(threshold.keys());
  const small: number[] = [];
  const large: number[] = [];
  threshold.forEach((t, i) => (t < 1 ? small : large).push(i));
  while (small.length > 0 && large.length > 0) {
    const s = small.pop()!;
    const l = large.at(-1)!;
    alias[s] = l;
    threshold[l]! -= 1 - threshold[s]!;
    if (threshold[l]! < 1) small.push(large.pop()!);
  }
  for (const i of [...small, ...large]) threshold[i] = 1;
  return { threshold, alias };
}
