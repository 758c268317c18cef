import { normalQuantile } from "../stats/normal_quantile.ts";

/** When the evaluator speaks (model section 9). */
export interface Gate {
  /** ε above 0: noise ξ ~ Laplace(0, 1/ε), in scores. */
  readonly epsilon: number;
  /** η, 0 or more: the round is silent while |r_H + ξ − r_T| < η. */
  readonly eta: number;
}

/** What a gate lets through of the difference r_H − r_T + ξ, averaged over the noise. */
export interface Passed {
  /** Probability of an alarm. */
  readonly alarm: number;
  /** E[x 1{|x| ≥ η}] and E[x² 1{|x| ≥ η}] of x = r_H − r_T + ξ. */
  readonly first: number;
  readonly second: number;
}

/** What the gate lets through at a difference r_H − r_T of `gap`, in closed form. */
export function passGate(gap: number, { epsilon, eta }: Gate): Passed {
  const above = tail(eta, gap, epsilon);
  const below = tail(eta, -gap, epsilon);
  return {
    alarm: above.alarm + below.alarm,
    first: above.first - below.first,
    second: above.second + below.second,
  };
}

/** The moments of x = gap + ξ over x ≥ η. */
function tail(eta: number, gap: number, epsilon: number): Passed {
  const b = 1 / epsilon;
  // ∫_η^∞ xⁿ e^{−(x − gap)/b}/(2b) dx is right while η ≥ gap; else the part between is taken by itself.
  const from = Math.max(eta, gap);
  const weight = Math.exp(-(from - gap) / b) / 2;
  const right = {
    alarm: weight,
    first: weight * (from + b),
    second: weight * (from * from + 2 * b * from + 2 * b * b),
  };
  if (eta >= gap) return right;
  // ∫_η^gap xⁿ e^{(x − gap)/b}/(2b) dx
  const rest = Math.exp((eta - gap) / b) / 2;
  return {
    alarm: right.alarm + 0.5 - rest,
    first: right.first + (gap - b) / 2 - rest * (eta - b),
    second: right.second + (gap * gap - 2 * b * gap + 2 * b * b) / 2 -
      rest * (eta * eta - 2 * b * eta + 2 * b * b),
  };
}

/** Mean and variance of a score. */
export interface ScoreMoments {
  readonly mean: number;
  readonly variance: number;
}

/** Of a round: how probable an alarm is, and the variance of what is published. */
export interface GatedScore {
  readonly alarm: number;
  readonly variance: number;
}

/** Values of a standard normal number, equally probable, with mean 0 and variance 1. */
const NODES = nodes(48);

function nodes(n: number): Float64Array {
  const raw = Float64Array.from({ length: n }, (_, i) => normalQuantile((i + 0.5) / n));
  const scale = Math.sqrt(raw.reduce((sum, x) => sum + x * x, 0) / n);
  return raw.map((x) => x / scale);
}

/**
 * The published score of a round: r_T where it is silent, r_H + ξ at an alarm. The scores of fresh samples
 * are taken as normal, as means of many tasks are, so that given x = r_H − r_T the rest of r_T is normal too.
 *
 * @param holdout Moments of r_H, of k tasks of π_t.
 * @param reference Moments of r_T, of n_0 tasks of π_0.
 */
export function gatedScore(holdout: ScoreMoments, reference: ScoreMoments, gate: Gate): GatedScore {
  const gap = holdout.mean - reference.mean;
  const total = holdout.variance + reference.variance;
  // r_T = mean + slope (x − gap) + a rest that is independent of x.
  const slope = total > 0 ? -reference.variance / total : 0;
  const rest = total > 0 ? holdout.variance * reference.variance / total : 0;
  const spread = Math.sqrt(total);
  let [alarm, within, mean, square] = [0, 0, 0, 0];
  for (const node of NODES) {
    const passed = passGate(gap + spread * node, gate);
    const published = slope * spread * node + passed.first;
    alarm += passed.alarm;
    within += passed.second - passed.first ** 2;
    mean += published;
    square += published ** 2;
  }
  const n = NODES.length;
  const between = Math.max(0, square / n - (mean / n) ** 2);
  return { alarm: alarm / n, variance: rest + within / n + between };
}
