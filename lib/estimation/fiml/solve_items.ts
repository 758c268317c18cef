import type { GraphBuilder } from "../../onnx/graph_builder.ts";

/** Solves B_i x_i = C_i for all items: the Cholesky factors' entries are 1 × p vectors. */
export function solveItems(
  g: GraphBuilder,
  d: number,
  moments: string,
  extended: string,
): { readonly stacked: string; readonly right: string } {
  const D = d + 1;
  const lower: [number, number][] = [];
  for (let i = 0; i < D; i++) for (let j = 0; j <= i; j++) lower.push([i, j]);
  const flat = g.op("moments_flat", "Reshape", [moments, g.ints([-1, D * D])]);
  const entries = g.op(
    "moment_entries",
    "Gather",
    [flat, g.ints(lower.map(([i, j]) => i * D + j))],
    {
      axis: 1,
    },
  );
  const left = g.matmul("item_moments", g.transpose("entries_by_pair", entries), "mask");
  const right = g.matmul("item_sums", g.transpose("scores_by_factor", extended), "responses");
  const names = lower.map(([i, j]) => `moment_${i}_${j}`);
  const B = new Map(
    g.ops(names, "Split", [left], { axis: 0 }).map((v, n) => [String(lower[n]), v]),
  );
  const C = g.ops(Array.from({ length: D }, (_, i) => `sum_${i}`), "Split", [right], { axis: 0 });
  const at = (map: ReadonlyMap<string, string>, i: number, j: number): string =>
    map.get(String([i, j])) ?? "";
  const minus = (
    name: string,
    start: string,
    pairs: readonly (readonly [string, string])[],
  ): string =>
    pairs.reduce((rest, [a, b]) => g.sub(name, rest, g.mul(`${name}_part`, a, b)), start);
  const L = new Map<string, string>();
  const inverse: string[] = [];
  const range = (from: number, to: number): number[] =>
    Array.from({ length: Math.max(0, to - from) }, (_, k) => from + k);
  for (let j = 0; j < D; j++) {
    const diagonal = range(0, j).map((k) => [at(L, j, k), at(L, j, k)] as const);
    const pivot = minus(`pivot_${j}`, at(B, j, j), diagonal);
    inverse[j] = g.op(`inverse_pivot_${j}`, "Reciprocal", [g.op(`root_${j}`, "Sqrt", [pivot])]);
    for (let i = j + 1; i < D; i++) {
      const parts = range(0, j).map((k) => [at(L, i, k), at(L, j, k)] as const);
      const rest = minus(`rest_${i}_${j}`, at(B, i, j), parts);
      L.set(String([i, j]), g.mul(`factor_${i}_${j}`, rest, inverse[j] ?? ""));
    }
  }
  const y: string[] = [];
  for (let i = 0; i < D; i++) {
    const parts = range(0, i).map((k) => [at(L, i, k), y[k] ?? ""] as const);
    y.push(g.mul(`forward_${i}`, minus(`forward_rest_${i}`, C[i] ?? "", parts), inverse[i] ?? ""));
  }
  const x: string[] = [];
  for (let i = D - 1; i >= 0; i--) {
    const parts = range(i + 1, D).map((k) => [at(L, k, i), x[k] ?? ""] as const);
    x[i] = g.mul(`solution_${i}`, minus(`back_rest_${i}`, y[i] ?? "", parts), inverse[i] ?? "");
  }
  return { stacked: g.op("solution", "Concat", x, { axis: 0 }), right };
}
