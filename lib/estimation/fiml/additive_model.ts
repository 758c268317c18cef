import type { Responses } from "../../responses/responses.ts";

/** y = a_s + b_i: what is predicted of a subject and an item without any skill but the overall one. */
export interface AdditiveModel {
  /** a_s, S numbers. */
  readonly subject: Float64Array;
  /** b_i, p numbers. */
  readonly item: Float64Array;
}

/** The largest change of an effect in a sweep that ends the fit, and the most sweeps. */
const TOLERANCE = 1e-9;
const MAX_SWEEPS = 1000;

/** Fits the additive model by least squares over the observed cells: alternating means, from a_s = 0. */
export function additiveModel(
  { subjectIds, itemIds, subject, item, response }: Responses,
): AdditiveModel {
  const effects = {
    subject: new Float64Array(subjectIds.length),
    item: new Float64Array(itemIds.length),
  };
  const update = (
    own: Int32Array,
    of: Float64Array,
    other: Int32Array,
    given: Float64Array,
  ): number => {
    const [sum, count] = [new Float64Array(of.length), new Float64Array(of.length)];
    for (let n = 0; n < own.length; n++) {
      sum[own[n]!]! += response[n]! - given[other[n]!]!;
      count[own[n]!]! += 1;
    }
    let change = 0;
    for (let i = 0; i < of.length; i++) {
      const mean = count[i]! > 0 ? sum[i]! / count[i]! : 0;
      change = Math.max(change, Math.abs(mean - of[i]!));
      of[i] = mean;
    }
    return change;
  };
  for (let sweep = 0, change = Infinity; change > TOLERANCE && sweep < MAX_SWEEPS; sweep++) {
    change = update(item, effects.item, subject, effects.subject);
    change = Math.max(change, update(subject, effects.subject, item, effects.item));
  }
  return effects;
}
