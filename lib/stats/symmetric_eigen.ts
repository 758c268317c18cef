import { type Matrix, matrix } from "./matrix.ts";

/** Eigenvalues in descending order with their vectors. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  /** Column j belongs to value j. */
  readonly vectors: Matrix;
}

/** The eigenvalues and unit eigenvectors of a symmetric n × n matrix. */
export async function symmetricEigen({ rows: n, data }: Matrix): Promise<SymmetricEigen> {
  const { EigenvalueDecomposition, Matrix: MlMatrix } = await import("ml-matrix");
  const entries = Array.from({ length: n }, (_, r) => Array.from(data.subarray(r * n, r * n + n)));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    new MlMatrix(entries),
    { assumeSymmetric: true },
  );
  const order = Array.from(realEigenvalues.keys())
    .sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const vectors = matrix(n, n);
  for (let r = 0; r < n; r++) {
    for (let j = 0; j < n; j++) vectors.data[r * n + j] = eigenvectorMatrix.get(r, order[j]!);
  }
  return { values: Float64Array.from(order, (at) => realEigenvalues[at]!), vectors };
}
