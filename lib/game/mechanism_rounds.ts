import { stream } from "../stats/random/stream.ts";
import type { EvaluatorPath } from "./evaluator_path.ts";
import type { Developer } from "./game.ts";
import { type Holdout, type HoldoutRound, playHoldout, playHoldoutMeanField } from "./holdout.ts";
import { playMeanField } from "./mean_field.ts";
import { type Measures, RoundMeasures } from "./measures.ts";
import type { Pool } from "./pool.ts";
import { playRepeated } from "./repeated.ts";
import { TaskDraws } from "./task_draws.ts";

/** An evaluator, the developer that it meets, and what is published. */
export interface Mechanism {
  readonly path: EvaluatorPath;
  readonly developer: Developer;
  /**
   * A holdout whose gate is between the two; `nothing`: the developer sees what is scored; `transparency`: the
   * k tasks of every round are the same published ones, and all that the developer answers to.
   */
  readonly gate: Holdout | "nothing" | "transparency";
  /** Tasks scored a round. */
  readonly k: number;
}

/** The rounds of a mechanism in the mean-field limit. */
export function mechanismLimit(
  pool: Pool,
  { path, developer, gate, k }: Mechanism,
): readonly HoldoutRound[] {
  if (gate === "transparency") {
    const expected = pool.mu.map((x, j) => x + path.bias[j]!);
    return new Array<HoldoutRound>(path.rounds).fill(publishedRound(pool, path, k, expected));
  }
  if (gate !== "nothing") {
    return playHoldoutMeanField(pool, path, { k, ...gate, ...developer });
  }
  const rounds: HoldoutRound[] = [];
  const options = { ks: [k], ...developer };
  playMeanField(pool, path, options, (_t, _k, measures) => rounds.push(openRound(measures, k)));
  return rounds;
}

/** Plays a mechanism by Monte Carlo; `visit` receives replicate, round and measures. */
export function playMechanism(
  pool: Pool,
  { path, developer, gate, k }: Mechanism,
  { replicates, seed }: { readonly replicates: number; readonly seed: string },
  visit: (replicate: number, t: number, round: HoldoutRound) => void,
): void {
  if (gate === "transparency") {
    const draws = new TaskDraws(pool, path);
    for (let r = 0; r < replicates; r++) {
      const sum = new Float64Array(pool.z.cols);
      draws.draw(0, k, stream(seed, "published", r));
      draws.add(0, k, sum);
      const round = publishedRound(pool, path, k, sum);
      for (let t = 0; t < path.rounds; t++) visit(r, t, round);
    }
  } else if (gate === "nothing") {
    const options = { ks: [k], ...developer, replicates, seed };
    playRepeated(pool, path, options, (r, t, _k, measures) => visit(r, t, openRound(measures, k)));
  } else {
    playHoldout(pool, path, { k, ...gate, ...developer, replicates, seed }, visit);
  }
}

function openRound({ misalignment, variance }: Measures, k: number): HoldoutRound {
  return { misalignment, variance: variance / k, alarm: 1 };
}

/** A round in which the developer answers to published tasks of the given sum. */
function publishedRound(
  pool: Pool,
  path: EvaluatorPath,
  k: number,
  sum: Float64Array,
): HoldoutRound {
  const measures = new RoundMeasures(pool, path);
  measures.measure(0, sum);
  return openRound(measures, k);
}
