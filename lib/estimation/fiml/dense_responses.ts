import type { Responses } from "../../responses/responses.ts";

/** A response table as dense rows, with each item's moments over its observed cells. */
export interface DenseResponses {
  /** S × p, row-major: 1 where the cell is observed, else 0. */
  readonly mask: Float64Array;
  /** S × p, row-major: the response, 0 where it is missing. */
  readonly responses: Float64Array;
  /** p means over the observed cells. */
  readonly mean: Float64Array;
  /** p variances over the observed cells (1/n). */
  readonly variance: Float64Array;
}

/** Spreads an indexed response table out. */
export function denseResponses(table: Responses): DenseResponses {
  const [S, p] = [table.subjectIds.length, table.itemIds.length];
  const mask = new Float64Array(S * p);
  const responses = new Float64Array(S * p);
  const count = new Float64Array(p);
  const mean = new Float64Array(p);
  const variance = new Float64Array(p);
  table.item.forEach((i, n) => {
    const at = table.subject[n]! * p + i;
    mask[at] = 1;
    responses[at] = table.response[n]!;
    count[i]! += 1;
    mean[i]! += table.response[n]!;
  });
  for (let i = 0; i < p; i++) mean[i]! /= count[i]!;
  table.item.forEach((i, n) => {
    variance[i]! += (table.response[n]! - mean[i]!) ** 2 / count[i]!;
  });
  return { mask, responses, mean, variance };
}
