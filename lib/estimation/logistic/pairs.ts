import type { GraphBuilder } from "../../onnx/graph_builder.ts";
import { range } from "../../stats/range.ts";

/** Places (i, j), i ≤ j, of the distinct entries of a symmetric matrix. */
export type Pairs = readonly (readonly [number, number])[];

/** Those of a (d + 1) × (d + 1) matrix: first those of λλᵀ, then of λμ, last of μ². */
export function pairsOf(d: number): Pairs {
  const loadings = range(0, d).flatMap((i) => range(i, d).map((j) => [i, j] as const));
  return [...loadings, ...range(0, d + 1).map((i) => [i, d] as const)];
}

/** The number of an entry, either way round. */
export function pairIndex(pairs: Pairs, i: number, j: number): number {
  return pairs.findIndex(([a, b]) => a === Math.min(i, j) && b === Math.max(i, j));
}

/** x_i x_j of each pair, for the columns of x (S × D); S × pairs. */
export function productsOfPairs(g: GraphBuilder, pairs: Pairs, x: string): string {
  const columns = (side: 0 | 1): string =>
    g.op("pair_columns", "Gather", [x, g.ints(pairs.map((pair) => pair[side]))], { axis: 1 });
  return g.mul("pair_products", columns(0), columns(1));
}

/** The distinct entries of a D × D matrix; pairs × 1. */
export function columnOfPairs(g: GraphBuilder, D: number, pairs: Pairs, square: string): string {
  const column = g.op("square_column", "Reshape", [square, g.ints([D * D, 1])]);
  const places = g.ints(pairs.map(([i, j]) => i * D + j));
  return g.op("pair_column", "Gather", [column, places], { axis: 0 });
}

/** The D × D matrix of distinct entries (pairs × 1). */
export function squareOfPairs(g: GraphBuilder, D: number, pairs: Pairs, column: string): string {
  const index = range(0, D * D).map((n) => pairIndex(pairs, Math.floor(n / D), n % D));
  const entries = g.op("square_entries", "Gather", [column, g.ints(index)], { axis: 0 });
  return g.op("square", "Reshape", [entries, g.ints([D, D])]);
}
