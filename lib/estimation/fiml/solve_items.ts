import type { GraphBuilder } from "../../onnx/graph_builder.ts";
import { range } from "../../stats/range.ts";

/** What the solves are made of, by the names of the values. */
export interface ItemEquations {
  /** S × D × D: each subject's second moments of the factors and 1, D = d + 1. */
  readonly moments: string;
  /** S × D: the posterior means of the factors, and 1. */
  readonly extended: string;
  /** Observed responses of each item, 1 × p: the last diagonal entry of its matrix. */
  readonly counts: string;
  /** Their reciprocals, 1 × p. */
  readonly inverseCounts: string;
}

/**
 * Solves B_i x_i = C_i for all items, B_i = Σ_s W_si E_s and C_i = Σ_s W_si y_si (f_s, 1), by factors
 * L D Lᵀ whose entries are 1 × p vectors, each operation one pass over contiguous numbers. The last
 * coordinate, whose pivot is the item's number of responses, is eliminated first.
 *
 * @returns The names of the solution and of C, each D × p.
 */
export function solveItems(
  g: GraphBuilder,
  d: number,
  { moments, extended, counts, inverseCounts }: ItemEquations,
): { readonly solution: string; readonly right: string } {
  const D = d + 1;
  const order = [d, ...range(0, d)];
  const lower = range(0, D).flatMap((i) => range(0, i + 1).map((j) => [i, j] as const)).slice(1);
  const flat = g.op("moments_flat", "Reshape", [moments, g.ints([-1, D * D])]);
  const places = lower.map(([i, j]) => order[i]! * D + order[j]!);
  const entries = g.op("moment_entries", "Gather", [flat, g.ints(places)], { axis: 1 });
  const left = g.matmul("item_moments", g.transpose("entries_by_pair", entries), "mask");
  const right = g.matmul("item_sums", g.transpose("scores_by_factor", extended), "responses");
  const names = lower.map(([i, j]) => `moment_${i}_${j}`);
  const parts = g.ops(names, "Split", [left], { axis: 0 });
  const B = square(D);
  B[0]![0] = counts;
  lower.forEach(([i, j], n) => B[i]![j] = parts[n]!);
  const sums = g.ops(range(0, D).map((i) => `sum_${i}`), "Split", [right], { axis: 0 });
  const minus = (name: string, start: string, pairs: (readonly [string, string])[]): string =>
    pairs.reduce((rest, [a, b]) => g.sub(name, rest, g.mul(`${name}_part`, a, b)), start);

  // B = L D Lᵀ, U = L D.
  const [L, U] = [square(D), square(D)];
  const inverse: string[] = [];
  for (let j = 0; j < D; j++) {
    for (let i = j; i < D; i++) {
      const known = range(0, j).map((k) => [L[j]![k]!, U[i]![k]!] as const);
      U[i]![j] = minus(`rest_${i}_${j}`, B[i]![j]!, known);
    }
    inverse[j] = j === 0 ? inverseCounts : g.op(`inverse_pivot_${j}`, "Reciprocal", [U[j]![j]!]);
    for (let i = j + 1; i < D; i++) {
      L[i]![j] = g.mul(`factor_${i}_${j}`, U[i]![j]!, inverse[j]!);
    }
  }
  const y: string[] = [];
  for (let i = 0; i < D; i++) {
    const known = range(0, i).map((k) => [L[i]![k]!, y[k]!] as const);
    y[i] = minus(`forward_${i}`, sums[order[i]!]!, known);
  }
  const x: string[] = [];
  for (let i = D - 1; i >= 0; i--) {
    const known = range(i + 1, D).map((k) => [L[k]![i]!, x[k]!] as const);
    x[i] = minus(`solution_${i}`, g.mul(`scaled_${i}`, y[i]!, inverse[i]!), known);
  }
  const rows = range(0, D).map((i) => x[order.indexOf(i)]!);
  return { solution: g.op("solution", "Concat", rows, { axis: 0 }), right };
}

function square(D: number): string[][] {
  return Array.from({ length: D }, () => []);
}
