import type { GraphBuilder } from "../../onnx/graph_builder.ts";
import { range } from "../../stats/range.ts";

/**
 * −A⁻¹ of many symmetric positive definite D × D matrices A whose entries are 1 × p vectors: the sweep
 * operator on each variable in turn (Beaton, 1964), each operation one pass over contiguous numbers.
 *
 * @param entry Gives the name of entry (i, j), j ≤ i; 1 × p.
 * @returns The same of −A⁻¹, either way round, and the pivots, whose product is det A.
 */
export function negativeInverse(
  g: GraphBuilder,
  D: number,
  entry: (i: number, j: number) => string,
): { readonly entry: (i: number, j: number) => string; readonly pivots: readonly string[] } {
  const at = (i: number, j: number): number => Math.max(i, j) * D + Math.min(i, j);
  const a: string[] = [];
  for (const i of range(0, D)) for (const j of range(0, i + 1)) a[at(i, j)] = entry(i, j);
  const minusOne = g.reals([-1], []);
  const pivots = range(0, D).map((k) => {
    const pivot = a[at(k, k)]!;
    const others = range(0, D).filter((i) => i !== k);
    const scaled = others.map((i) => g.div(`swept_${i}_${k}`, a[at(i, k)]!, pivot));
    others.forEach((i, n) => {
      for (const j of others.slice(0, n + 1)) {
        const change = g.mul("sweep_change", scaled[n]!, a[at(j, k)]!);
        a[at(i, j)] = g.sub(`entry_${i}_${j}`, a[at(i, j)]!, change);
      }
    });
    others.forEach((i, n) => a[at(i, k)] = scaled[n]!);
    a[at(k, k)] = g.div(`swept_${k}_${k}`, minusOne, pivot);
    return pivot;
  });
  return { entry: (i, j) => a[at(i, j)]!, pivots };
}
