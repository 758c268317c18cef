/**
 * Finds ids that differ in nothing but letter case or in how Unicode writes their accents.
 *
 * @param ids Distinct ids.
 * @returns How many are written like an earlier one, and the first such pair.
 */
export function lookAlikes(
  ids: readonly string[],
): { readonly count: number; readonly first: readonly string[] } {
  const seen = new Map<string, string>();
  let first: readonly string[] = [];
  let count = 0;
  for (const id of ids) {
    const folded = id.normalize("NFC").toLowerCase();
    const twin = seen.get(folded);
    if (twin === undefined) seen.set(folded, id);
    else if (count++ === 0) first = [twin, id];
  }
  return { count, first };
}
