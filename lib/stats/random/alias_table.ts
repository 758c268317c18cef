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
  const threshold = new Float64Array(n);
  const alias = new Int32Array(n);
  const [small, large] = [new Int32Array(n), new Int32Array(n)];
  let [nSmall, nLarge] = [0, 0];
  for (let i = 0; i < n; i++) {
    const share = probabilities[i]! * n;
    threshold[i] = share;
    alias[i] = i;
    if (share < 1) small[nSmall++] = i;
    else large[nLarge++] = i;
  }
  while (nSmall > 0 && nLarge > 0) {
    const s = small[--nSmall]!;
    const l = large[nLarge - 1]!;
    alias[s] = l;
    threshold[l]! -= 1 - threshold[s]!;
    if (threshold[l]! < 1) {
      nLarge--;
      small[nSmall++] = l;
    }
  }
  while (nSmall > 0) threshold[small[--nSmall]!] = 1;
  while (nLarge > 0) threshold[large[--nLarge]!] = 1;
  return { threshold, alias };
}
