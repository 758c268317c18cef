import type { EvaluatorPath } from "./evaluator_path.ts";
import { type MeanFieldOptions, playMeanField } from "./mean_field.ts";
import { type Measures, roundLoss, RoundMeasures } from "./measures.ts";
import type { Pool } from "./pool.ts";

/** Half the step of a difference quotient, as a share of the direction's length. */
const STEP = 1e-5;

/** What chance adds to a round's loss and misalignment, to first order. */
export interface Chance {
  loss: number;
  misalignment: number;
}

/**
 * Control variates of the repeated game (Owen, Monte Carlo, ch. 8.9): counts are drawn of distributions that
 * no draw changes, and the developer forgets them at a constant rate, so the mean of its direction v_t
 * is exactly that of the mean field, v̄_t. Hence s·(v_t − v̄_t) has mean 0 for any slope s. With the
 * slopes of a measure at v̄_t it takes away what chance adds to first order: the same mean, and a
 * smaller error. The slopes are difference quotients; their errors cost precision, never a bias.
 *
 * @param gamma Weight γ of misalignment in the loss.
 * @returns A function that gives the variates of a round; its result is used again.
 */
export function controlVariates(
  pool: Pool,
  path: EvaluatorPath,
  options: MeanFieldOptions,
  gamma: number,
): (t: number, kIndex: number, direction: Float64Array) => Readonly<Chance> {
  const [d, K, T] = [pool.z.cols, options.ks.length, path.rounds];
  const [means, losses, misalignments] = [0, 0, 0].map(() => new Float64Array(T * K * d)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const rounds = new RoundMeasures(pool, path);
  const moved = new Float64Array(d);
  playMeanField(pool, path, options, (t, kIndex, _measures, direction) => {
    const at = (t * K + kIndex) * d;
    means.set(direction, at);
    const step = STEP * Math.sqrt(direction.reduce((sum, x) => sum + x * x, 0));
    for (let j = 0; j < d; j++) {
      const measured = [step, -step].map((by): Measures => {
        moved.set(direction);
        moved[j]! += by;
        rounds.measure(t, moved);
        const { misalignment, variance } = rounds;
        return { ...rounds, misalignment, variance };
      }) as [Measures, Measures];
      const [up, down] = measured;
      const k = options.ks[kIndex]!;
      losses[at + j] = (roundLoss(up, k, gamma) - roundLoss(down, k, gamma)) / (2 * step);
      misalignments[at + j] = (up.misalignment - down.misalignment) / (2 * step);
    }
  });
  const chance: Chance = { loss: 0, misalignment: 0 };
  return (t, kIndex, direction) => {
    [chance.loss, chance.misalignment] = [0, 0];
    for (let j = 0, at = (t * K + kIndex) * d; j < d; j++, at++) {
      const away = direction[j]! - means[at]!;
      chance.loss += losses[at]! * away;
      chance.misalignment += misalignments[at]! * away;
    }
    return chance;
  };
}
