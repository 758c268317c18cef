import { InputError } from "../../base/errors.ts";
import type { Responses } from "../../responses/responses.ts";
import { stream } from "../../stats/random/stream.ts";
import { additiveModel } from "./additive_model.ts";
import type { Fit } from "./fit_fiml.ts";

/** How well a fit predicts responses that it did not see. */
export interface HeldOutScore {
  /** Mean of (ŷ − y)² over the hidden cells, ŷ = μ_i + λ_iᵀ f_s within [0, 1] (Brier, 1950), or the
   * probability of that logit. */
  readonly brier: number;
  /** The same of each item's mean over the cells that were seen. */
  readonly brierOfMean: number;
  readonly nHidden: number;
}

/** The Brier scores of models with several numbers of factors, on the same hidden cells. */
export interface HeldOutByFactors {
  readonly nHidden: number;
  readonly brierOfMean: number;
  /** Of the additive model y = a_s + b_i. */
  readonly brierOfAdditive: number;
  /** Of each number of factors, in the order given. */
  readonly brier: Float64Array;
}

/**
 * Hides a share of the observed cells, fits the rest, and scores the predictions of what was hidden.
 * An item that would no longer vary keeps all of its cells.
 *
 * @param table S × p.
 * @param share Of the observed cells, in (0, 1).
 * @param fit Fits a table.
 * @throws {InputError} When no cell would be hidden.
 */
export async function heldOutScore(
  table: Responses,
  share: number,
  seed: string,
  fit: (seen: Responses) => Promise<Pick<Fit, "model" | "scores">>,
): Promise<HeldOutScore> {
  const split = hideCells(table, share, seed);
  return {
    brier: brierScore(split.hidden, predictionOf(await fit(split.seen))),
    brierOfMean: brierScore(split.hidden, (_, i) => split.means[i]!),
    nHidden: split.hidden.length,
  };
}

/**
 * The same for several numbers of factors, beside the item means and the additive model: parallel analysis
 * says how many factors exceed chance, not how many predict (model section 3).
 *
 * @param factors Numbers of factors.
 * @param fit Fits a table with d factors.
 * @throws {InputError} When no cell would be hidden.
 */
export async function heldOutByFactors(
  table: Responses,
  share: number,
  seed: string,
  factors: readonly number[],
  fit: (seen: Responses, d: number) => Promise<Pick<Fit, "model" | "scores">>,
): Promise<HeldOutByFactors> {
  const { seen, hidden, means } = hideCells(table, share, seed);
  const additive = additiveModel(seen);
  const brier = new Float64Array(factors.length);
  for (const [n, d] of factors.entries()) {
    brier[n] = brierScore(hidden, predictionOf(await fit(seen, d)));
  }
  return {
    nHidden: hidden.length,
    brierOfMean: brierScore(hidden, (_, i) => means[i]!),
    brierOfAdditive: brierScore(hidden, (s, i) => additive.subject[s]! + additive.item[i]!),
    brier,
  };
}

/** A response that a fit did not see. */
interface HiddenCell {
  readonly subject: number;
  readonly item: number;
  readonly response: number;
}

function hideCells(table: Responses, share: number, seed: string): {
  readonly seen: Responses;
  readonly hidden: readonly HiddenCell[];
  /** Of each item, over the cells that were seen. */
  readonly means: Float64Array;
} {
  const p = table.itemIds.length;
  const uniform = stream(seed, "held out");
  const hidden = Uint8Array.from(table.item, () => uniform() < share ? 1 : 0);
  const least = new Float64Array(p).fill(Infinity);
  const most = new Float64Array(p).fill(-Infinity);
  const [sum, count] = [new Float64Array(p), new Float64Array(p)];
  table.item.forEach((i, n) => {
    if (hidden[n] === 1) return;
    const y = table.response[n]!;
    least[i] = Math.min(least[i]!, y);
    most[i] = Math.max(most[i]!, y);
    sum[i]! += y;
    count[i]! += 1;
  });
  const isHidden = (n: number): boolean => {
    const i = table.item[n]!;
    return hidden[n] === 1 && most[i]! > least[i]!;
  };
  if (!table.item.some((_, n) => isHidden(n))) {
    throw new InputError(
      `Cannot score held-out responses: a share of ${share} hides no cell of this table. Hide a larger ` +
        "share, or none.",
    );
  }
  const seen = (_: number, n: number): boolean => !isHidden(n);
  const of = <T extends Int32Array | Float64Array>(cells: T): T => cells.filter(seen) as T;
  const hiddenCells = Array.from(table.item.keys()).filter(isHidden).map((n): HiddenCell => ({
    subject: table.subject[n]!,
    item: table.item[n]!,
    response: table.response[n]!,
  }));
  return {
    seen: {
      ...table,
      subject: of(table.subject),
      item: of(table.item),
      response: of(table.response),
    },
    hidden: hiddenCells,
    means: sum.map((total, i) => total / count[i]!),
  };
}

/** What is predicted of subject s and item i. */
type Prediction = (s: number, i: number) => number;

function predictionOf(
  { model: { loadings, mean, link }, scores }: Pick<Fit, "model" | "scores">,
): Prediction {
  const d = loadings.cols;
  return (s, i) => {
    let predicted = mean[i]!;
    for (let j = 0; j < d; j++) predicted += loadings.data[i * d + j]! * scores.data[s * d + j]!;
    return link === "logit" ? 1 / (1 + Math.exp(-predicted)) : predicted;
  };
}

/** Mean of (ŷ − y)², ŷ within [0, 1]. */
function brierScore(cells: readonly HiddenCell[], predict: Prediction): number {
  let squares = 0;
  for (const { subject, item, response } of cells) {
    squares += (Math.min(1, Math.max(0, predict(subject, item))) - response) ** 2;
  }
  return squares / cells.length;
}
