import type { ParallelAnalysis } from "../estimation/parallel_analysis.ts";
import { figure } from "./figure.ts";
import { type Column, columnsOf } from "./kit/csv.ts";
import { thousands } from "./kit/format.ts";
import { plotParallelAnalysis } from "./parallel_analysis_plot.ts";

/** An eigenvalue of the item correlation matrix, and the threshold of its rank. */
export interface EigenvalueRow {
  /** From 1. */
  readonly rank: number;
  readonly eigenvalue: number;
  readonly threshold: number;
  /** Both in percent of the total variance. */
  readonly share: number;
  readonly thresholdShare: number;
  /** Whether this and all ranks before it are above their thresholds. */
  readonly isFactor: boolean;
}

/** A parallel analysis, with the percentile in [0, 100] and the number of its permutations. */
interface Scree extends Omit<ParallelAnalysis, "replications"> {
  readonly percentile: number;
  readonly replications: number;
}

/**
 * The scree plot of parallel analysis: observed eigenvalues, their thresholds, and the number of
 * factors d.
 */
export const parallelAnalysisFigure = figure<Scree, EigenvalueRow[]>({
  title: () => "Parallel analysis",
  rows: ({ eigenvalues, thresholds, nFactors }) => {
    const items = total(eigenvalues);
    return Array.from(eigenvalues, (eigenvalue, n) => ({
      rank: n + 1,
      eigenvalue,
      threshold: thresholds[n]!,
      share: (100 * eigenvalue) / items,
      thresholdShare: (100 * thresholds[n]!) / items,
      // A table without any factor is fitted with one.
      isFactor: n < nFactors && eigenvalue > thresholds[n]!,
    }));
  },
  plot: plotParallelAnalysis,
  caption,
  columns,
});

function caption(rows: readonly EigenvalueRow[], scree: Scree): string {
  const { eigenvalues, nFactors, percentile, replications } = scree;
  const shares = rows.slice(0, nFactors).map(({ share }) => `${share.toFixed(1)} %`).join(", ");
  return `Eigenvalues of the item correlation matrix (${
    thousands(Math.round(total(eigenvalues)))
  } items, ${rows.length} subjects) as shares of the total variance, against the ${percentile}th ` +
    `percentile of ${replications} permutations within items. ${found(rows, nFactors)}, with ` +
    `${shares} of the variance.`;
}

function found(rows: readonly EigenvalueRow[], nFactors: number): string {
  if (!rows[0]!.isFactor) return "None exceeds its threshold; d = 1 skill is the least";
  return nFactors === 1
    ? "The first exceeds its threshold: d = 1 skill"
    : `The first ${nFactors} exceed their thresholds: d = ${nFactors} skills`;
}

function columns(
  rows: readonly EigenvalueRow[],
  { percentile, replications }: Scree,
): Column[] {
  return columnsOf(rows, {
    rank: ["rank of the eigenvalue, from 1", ({ rank }) => rank],
    eigenvalue: [
      "of the item correlation matrix; they sum to the number of items",
      ({ eigenvalue }) => eigenvalue,
    ],
    threshold: [
      `${percentile}th percentile over ${replications} permutations`,
      ({ threshold }) => threshold,
    ],
    is_factor: [
      "1 for the leading ranks above their thresholds, else 0",
      ({ isFactor }) => Number(isFactor),
    ],
  });
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
