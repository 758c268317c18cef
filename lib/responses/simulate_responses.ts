import { normalQuantile } from "../stats/normal_quantile.ts";
import { normal } from "../stats/random/normal.ts";
import { stream } from "../stats/random/stream.ts";
import MMLU_PRO_CARD from "./mmlupro_card.json" with { type: "json" };
import type { Responses } from "./responses.ts";

/**
 * Strengths of the simulator on the probit scale, where an item's own noise has variance 1. They were tuned
 * until the shares of the leading eigenvalues (0.172, 0.058, 0.045, 0.041, 0.038 for seed 0), the number of
 * factors (5) and peak misalignment (0.060 ± 0.008 over draws of the pool) were those of the real table (0.172, 0.056, 0.043, 0.041, 0.040;
 * 5; 0.064 ± 0.007). Skills that only some items draw on, as sharp axes, gave peaks of
 * 0.16 whatever their strength.
 */
const STRENGTHS = {
  /** Standard deviation of items' easiness within a category. */
  easiness: 0.9,
  /** Of items' loadings on the general skill: their mean, in units that restore accuracies, and spread. */
  general: { mean: 1.1, spread: 0.4 },
  /** Standard deviations of items' loadings on each special skill. */
  skills: [0.48, 0.374, 0.355, 0.336],
} as const;

/**
 * Draws a response table that resembles MMLU-Pro's, calibrated to public facts about it
 * (mmlupro_card.json: repository TIGER-AI-Lab/MMLU-Pro, the per-question results of 29 models at commit
 * f418b116db00b065c2aea046518d8fcf74d39872, and the table of accuracies in its README): 48 subjects × 13,542 items in 14 categories,
 * 13 % of cells missing. It is not real data, and its ids say so.
 *
 * How: a probit factor model. x_si = K (g_i u_s + v_c(i)) + b_i + Σ_j l_ij f_sj + ε_si, ε ~ N(0, 1), and
 * the response is 1 where x > 0. The general skill u_s is the normal quantile of a known accuracy
 * (those between are interpolated by rank), v_c that of a category's mean against the overall one, and
 * g_i the item's discrimination; K restores their scale under the other variances, so that subjects'
 * accuracies come out within a few points of the given ones. Four special skills f_sj, normal draws made
 * orthogonal to each other and to the general skill, make 5 factors with it; every item draws on each, by
 * a normal loading of either sign. b_i and ε_si are the item's
 * easiness and uniqueness. Categories differ as the real ones do, but all are a little easier, since
 * the 48 models are stronger than the 29 whose responses are public. Cells are missing at random, at
 * a rate that differs between subjects.
 *
 * @param seed Seed of the draws.
 * @returns The indexed table.
 */
export function simulateResponses(seed: string): Responses {
  const { subjects: S, items: p, missingShare, meanResponse } = MMLU_PRO_CARD;
  const categories = categoryOfItems();
  const names = Object.keys(MMLU_PRO_CARD.categories);
  const means = Object.values(MMLU_PRO_CARD.categories).map(({ mean }) => normalQuantile(mean));
  const overall = normalQuantile(meanResponse);
  const general = interpolate(MMLU_PRO_CARD.accuracies, S).map(normalQuantile);
  const { easiness, skills, general: discrimination } = STRENGTHS;
  const special = skills.reduce((sum, l) => sum + l * l, 0);
  const scale = Math.sqrt(1 + easiness ** 2 + special);

  const normalItem = normal(stream(seed, "items"));
  const intercept = new Float64Array(p);
  const slope = new Float64Array(p);
  const loading = new Float64Array(p * skills.length);
  for (let i = 0; i < p; i++) {
    intercept[i] = scale * (means[categories[i]!]! - overall) + easiness * normalItem();
    slope[i] = scale * (discrimination.mean + discrimination.spread * normalItem());
    skills.forEach((size, j) => loading[i * skills.length + j] = size * normalItem());
  }

  // A special skill moves items against each other, not a subject's accuracy.
  const average = skills.map((_, j) => {
    let sum = 0;
    for (let i = 0; i < p; i++) sum += loading[i * skills.length + j]!;
    return sum / p;
  });
  loading.forEach((_, n) => loading[n]! -= average[n % skills.length]!);

  const uniformSubject = stream(seed, "subjects");
  const normalSubject = normal(uniformSubject);
  const drawn = skills.map(() => general.map(() => normalSubject()));
  const scores = orthonormalise(drawn, [general.map(() => 1), general]);
  const missing = Array.from({ length: S }, () => 2 * missingShare * uniformSubject());
  const excess = missing.reduce((sum, rate) => sum + rate, 0) / S / missingShare;
  const subject: number[] = [];
  const item: number[] = [];
  const response: number[] = [];
  for (let s = 0; s < S; s++) {
    const uniform = stream(seed, "responses", s);
    const noise = normal(uniform);
    const f = scores.map((score) => score[s]!);
    for (let i = 0; i < p; i++) {
      let x = slope[i]! * general[s]! + intercept[i]! + noise();
      for (let j = 0; j < f.length; j++) x += loading[i * f.length + j]! * f[j]!;
      if (uniform() < missing[s]! / excess) continue;
      subject.push(s);
      item.push(i);
      response.push(x > 0 ? 1 : 0);
    }
  }
  const digits = String(p).length;
  return {
    subjectIds: general.map((_, s) => `simulated-${String(s + 1).padStart(2, "0")}`),
    itemIds: intercept.reduce<string[]>((ids, _, i) => {
      ids.push(`simulated-${String(i + 1).padStart(digits, "0")}`);
      return ids;
    }, []),
    categories: Array.from(categories, (c) => names[c] ?? ""),
    subject: Int32Array.from(subject),
    item: Int32Array.from(item),
    response: Float64Array.from(response),
  };
}

/**
 * Gram–Schmidt on columns over subjects: each comes out with mean square 1 and orthogonal to those
 * before it and to the given ones.
 */
function orthonormalise(
  columns: readonly (readonly number[])[],
  against: readonly (readonly number[])[],
): number[][] {
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, x, s) => sum + x * b[s]!, 0);
  const basis: number[][] = [];
  const result: number[][] = [];
  for (const [c, column] of [...against, ...columns].entries()) {
    let rest = [...column];
    for (const b of basis) {
      const share = dot(rest, b);
      rest = rest.map((x, s) => x - share * b[s]!);
    }
    const unit = rest.map((x) => x / Math.sqrt(dot(rest, rest)));
    basis.push(unit);
    if (c >= against.length) result.push(unit.map((x) => x * Math.sqrt(unit.length)));
  }
  return result;
}

/** The category's index of each item, in proportion to the real table's counts. */
function categoryOfItems(): Int32Array {
  const counts = Object.values(MMLU_PRO_CARD.categories).map(({ items }) => items);
  const total = counts.reduce((sum, n) => sum + n, 0);
  const result = new Int32Array(MMLU_PRO_CARD.items);
  let c = 0;
  let below = counts[0] ?? 0;
  for (let i = 0; i < result.length; i++) {
    while ((i + 0.5) * total >= below * result.length) below += counts[++c] ?? total;
    result[i] = c;
  }
  return result;
}

/** Stretches ascending values over `count` ranks, linearly between neighbours. */
function interpolate(values: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, rank) => {
    const at = (rank * (values.length - 1)) / (count - 1);
    const low = Math.floor(at);
    const [a, b] = [values[low]!, values[Math.min(low + 1, values.length - 1)]!];
    return a + (at - low) * (b - a);
  });
}
