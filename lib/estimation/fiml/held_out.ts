import { InputError } from "../../base/errors.ts";
import { stream } from "../../stats/random/stream.ts";
import type { Responses } from "../../responses/responses.ts";
import type { Fit } from "./fit_fiml.ts";

/** How well a fit predicts responses that it did not see. */
export interface HeldOutScore {
  /** Mean of (ŷ − y)² over the hidden cells, ŷ = μ_i + λ_iᵀ f_s within [0, 1] (Brier, 1950). */
  readonly brier: number;
  /** The same of each item's mean over the cells that were seen. */
  readonly brierOfMean: number;
  readonly nHidden: number;
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
  fit: (seen: Responses) => Promise<Fit>,
): Promise<HeldOutScore> {
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
  const { model: { loadings, mean }, scores } = await fit({
    ...table,
    subject: table.subject.filter(seen),
    item: table.item.filter(seen),
    response: table.response.filter(seen),
  });
  const d = loadings.cols;
  let [squares, squaresOfMean, nHidden] = [0, 0, 0];
  for (let n = 0; n < table.item.length; n++) {
    if (!isHidden(n)) continue;
    const [s, i, y] = [table.subject[n]!, table.item[n]!, table.response[n]!];
    let predicted = mean[i]!;
    for (let j = 0; j < d; j++) predicted += loadings.data[i * d + j]! * scores.data[s * d + j]!;
    squares += (Math.min(1, Math.max(0, predicted)) - y) ** 2;
    squaresOfMean += (sum[i]! / count[i]! - y) ** 2;
    nHidden += 1;
  }
  return { brier: squares / nHidden, brierOfMean: squaresOfMean / nHidden, nHidden };
}
