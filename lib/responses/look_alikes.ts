/** Characters that are not seen, such as a zero-width space, and white space of any kind and length. */
const [INVISIBLE, SPACE] = [/\p{Default_Ignorable_Code_Point}/gu, /\s+/g];

/** A number that is exact however it is written. */
const NUMBER = /^[+-]?\d{1,15}(\.\d{0,15})?$/;

/**
 * Finds ids that differ in nothing but letter case, white space, characters that are not seen, or in
 * how an accent or a number is written.
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
    const text = id.normalize("NFC").toLowerCase().replace(INVISIBLE, "").replace(SPACE, " ");
    const folded = NUMBER.test(text) ? String(Number(text)) : text;
    const twin = seen.get(folded);
    if (twin === undefined) seen.set(folded, id);
    else if (count++ === 0) first = [twin, id];
  }
  return { count, first };
}
