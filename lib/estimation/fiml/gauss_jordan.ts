import type { GraphBuilder } from "../../onnx/graph_builder.ts";

/**
 * Inverses of a batch of symmetric positive definite matrices (float64, any number × d × d) and the
 * pivots, whose product is the determinant, by Gauss–Jordan elimination without pivoting, unrolled over
 * the d columns.
 */
export function gaussJordan(
  g: GraphBuilder,
  d: number,
  matrices: string,
): { readonly inverse: string; readonly pivots: readonly string[] } {
  let left = matrices;
  let right = g.identity(d);
  const pivots: string[] = [];
  for (let k = 0; k < d; k++) {
    const row = g.slice(`pivot_row_${k}`, left, k, k + 1, 1);
    const pivot = g.slice(`pivot_${k}`, row, k, k + 1, 2);
    pivots.push(pivot);
    const rightRow = g.div(
      `right_row_${k}`,
      g.slice(`inverse_row_${k}`, right, k, k + 1, 1),
      pivot,
    );
    const unit = Array.from({ length: d }, (_, i) => (i === k ? 1 : 0));
    const column = g.sub(
      `elimination_${k}`,
      g.slice(`pivot_column_${k}`, left, k, k + 1, 2),
      g.constant("float64", unit, [1, d, 1]),
    );
    // The last column's elimination would leave the identity, which nothing reads.
    if (k < d - 1) {
      const leftRow = g.div(`left_row_${k}`, row, pivot);
      left = g.sub(`left_${k}`, left, g.mul(`left_change_${k}`, column, leftRow));
    }
    right = g.sub(`inverse_${k}`, right, g.mul(`inverse_change_${k}`, column, rightRow));
  }
  return { inverse: right, pivots };
}
