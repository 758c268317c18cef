import type { GraphBuilder } from "../../onnx/graph_builder.ts";

/** The lower Cholesky factor of one d × d matrix (float64), its entries unrolled. */
export function cholesky(g: GraphBuilder, d: number, matrix: string): string {
  const column = g.op("covariance_column", "Reshape", [matrix, g.ints([d * d, 1])]);
  const names = Array.from({ length: d * d }, (_, n) => `covariance_${n}`);
  const a = d === 1 ? [column] : g.ops(names, "Split", [column], { axis: 0 });
  const zero = g.constant("float64", [0], [1, 1]);
  const L: string[] = new Array<string>(d * d).fill(zero);
  const minus = (start: string, i: number, j: number): string => {
    let rest = start;
    for (let k = 0; k < j; k++) {
      rest = g.sub("cholesky_rest", rest, g.mul("cholesky_part", L[i * d + k]!, L[j * d + k]!));
    }
    return rest;
  };
  for (let j = 0; j < d; j++) {
    L[j * d + j] = g.op(`cholesky_${j}_${j}`, "Sqrt", [minus(a[j * d + j]!, j, j)]);
    for (let i = j + 1; i < d; i++) {
      L[i * d + j] = g.div(`cholesky_${i}_${j}`, minus(a[i * d + j]!, i, j), L[j * d + j]!);
    }
  }
  const stacked = g.op("cholesky_column", "Concat", L, { axis: 0 });
  return g.op("cholesky", "Reshape", [stacked, g.ints([d, d])]);
}
