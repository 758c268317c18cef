/** How sure a claim is (model section 8). */
export type Verdict =
  | { readonly kind: "robust" }
  /** Holds on the base, but not where these names are. */
  | { readonly kind: "fragile"; readonly breaksWith: readonly string[] }
  | { readonly kind: "not supported" };

/** Share of the variants and deletions in which a robust claim holds. */
export const ROBUST_SHARE = 0.95;

/** Whether a claim holds somewhere; null where it does not apply, or there are no numbers. */
export interface Holding {
  readonly name: string;
  readonly holds: boolean | null;
}

/**
 * A claim is robust if it holds on the base, does in all controls what it should, and holds in at least 95 %
 * of the variants and deletions; not supported if it does not hold on the base; else fragile. A variant
 * without an answer counts as one in which the claim does not hold: nothing is dropped.
 *
 * @param controls Of each control whether the claim does there what it should.
 * @param others Variants and deletions.
 */
export function verdictOf(
  base: boolean | null,
  controls: readonly Holding[],
  others: readonly Holding[],
): Verdict {
  if (base !== true) return { kind: "not supported" };
  const broken = (list: readonly Holding[]): string[] =>
    list.filter(({ holds }) => holds !== true).map(({ name }) => name);
  const [inControls, inOthers] = [broken(controls), broken(others)];
  const share = others.length === 0 ? 1 : 1 - inOthers.length / others.length;
  return inControls.length === 0 && share >= ROBUST_SHARE
    ? { kind: "robust" }
    : { kind: "fragile", breaksWith: [...inControls, ...inOthers] };
}
