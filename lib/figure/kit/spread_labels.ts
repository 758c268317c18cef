/**
 * Separates overlapping labels, each moved as little as can be in one pass: from the highest down, and
 * back up where the lowest would leave the picture.
 *
 * @param rows What is labelled; `at` is where the label belongs.
 * @param gap Least distance, in the units of `at`.
 * @param limits No label goes above the highest; none goes below the lowest while there is room above.
 * @returns The rows in descending order of `at`, with `y`, where the label goes.
 */
export function spreadLabels<Row extends { readonly at: number }>(
  rows: readonly Row[],
  gap: number,
  { lowest = -Infinity, highest = Infinity } = {},
): (Row & { readonly y: number })[] {
  const sorted = rows.toSorted((a, b) => b.at - a.at);
  const y = sorted.map(({ at }) => at);
  for (let n = 0; n < y.length; n++) y[n] = Math.min(y[n]!, n > 0 ? y[n - 1]! - gap : highest);
  for (let n = y.length - 1; n >= 0; n--) {
    y[n] = Math.max(y[n]!, n < y.length - 1 ? y[n + 1]! + gap : lowest);
  }
  return sorted.map((row, n) => ({ ...row, y: y[n]! }));
}
