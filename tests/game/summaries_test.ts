import assert from "node:assert/strict";
import * as kinds from "../../lib/artifact/kinds.ts";
import { boundRounds, boundSummary } from "../../lib/game/summaries/bound_summary.ts";
import {
  meanFieldStarsNear,
  meanFieldSummary,
  monotoneSummary,
  optimumSummary,
  starRatios,
} from "../../lib/game/summaries/cost_summary.ts";
import { curves } from "../../lib/game/summaries/curves.ts";
import {
  asymmetrySummary,
  ermSummary,
  transparencySummary,
} from "../../lib/game/summaries/one_shot_summary.ts";
import { poolPhrase } from "../../lib/game/summaries/pool_phrase.ts";
import { type Matrix, matrix } from "../../lib/stats/matrix.ts";
import { resultsOf } from "../results.ts";

const floats = (...values: number[]): Float64Array => Float64Array.from(values);
const table = (rows: number, cols: number, ...values: number[]): Matrix =>
  matrix(rows, cols, floats(...values));

const REPEATED = resultsOf(kinds.repeated, { R: 2, K: 2, T: 3, N: 2 }, {
  rho: floats(0.5, 0),
  k: Int32Array.of(1, 2),
  t: Int32Array.of(0, 1, 2),
  initial: floats(1, 0),
  total_variation: table(2, 3, 0.5, 0.25, 0.1, 0.5, 0.5, 0.5),
  misalignment_mean: floats(0, 0.3, 0.1, 0, 0.4, 0.2, 0, 0.1, 0.2, 0, 0, 0),
}, { n_pool: 2, n_skills: 1, n_replicates: 7, seed: "" });

Deno.test("curves() give each game's peak, its round, and its end, by rate and then by size", () => {
  assert.deepEqual(
    curves(REPEATED).map(({ rho, k, peak, peakRound, end }) => [rho, k, peak, peakRound, end]),
    [[0.5, 1, 0.3, 1, 0.1], [0.5, 2, 0.4, 1, 0.2], [0, 1, 0.2, 2, 0.2], [0, 2, 0, 0, 0]],
  );
});

Deno.test("boundRounds() have the terms of the bound beside Δ_t, and boundSummary() their ratio", () => {
  const rounds = boundRounds(REPEATED);
  assert.equal(rounds.length, 12);
  // k = 2 at ρ = 0.5 in round 1: m = 2 of N = 2; 0.5 √(log 2/2).
  const { rho, k, t, mean, knowledge, correction, bound, variation, sharpBound } = rounds[4]!;
  assert.deepEqual([rho, k, t, mean, knowledge, variation], [0.5, 2, 1, 0.4, 0.5, 0.25]);
  assert.ok(Math.abs(correction - 0.5 * Math.sqrt(Math.log(2) / 2)) < 1e-15);
  assert.deepEqual([bound, sharpBound], [correction, 0.25]);
  const summary = boundSummary(rounds, "sharpBound");
  // Visible are the rounds after the first with misalignment: six of eight.
  assert.deepEqual([summary.played, summary.visible], [8, 6]);
  assert.deepEqual([summary.playedWithin, summary.visibleWithin], [5, 3]);
  assert.equal(summary.worst?.round, rounds[5]);
  assert.equal(summary.worst?.ratio, 0.2 / 0.1);
  assert.equal(boundSummary(rounds.slice(0, 1), "bound").worst, undefined);
});

const ONE_SHOT = resultsOf(kinds.oneShot, { K: 3, A: 2, alphas: 2, betas: 2 }, {
  k: Int32Array.of(1, 2, 40),
  awareness: floats(0.1, 1),
  published_score_mean: floats(0.8, 0.6, 0.4),
  transparency_mean: floats(0.5, 0.4, 0.8),
  erm_mean: floats(0.7, 0.9),
  gap_change: floats(0, 0.4, -0.9),
  gap_change_se: floats(0, 0.1, 0.1),
  asymmetry_erm: table(2, 2, 0.25, 0.5, 0.75, 1),
  asymmetry_transparency: 0.5,
}, {
  ...{ n_pool: 40, n_skills: 2, best_utility: 0.4, n_draws: 9, seed: "" },
  ...{ bias_bandwidth: 0.3, asymmetry_bandwidth: 0.3 },
});

Deno.test("transparencySummary() counts the gap's steps by hand", () => {
  const { gap, ...counts } = transparencySummary(ONE_SHOT);
  [1.5, 1.1, 0.2].forEach((x, n) => assert.ok(Math.abs(gap[n]! - x) < 1e-12));
  assert.deepEqual(counts, { partial: 2, above: 2, steps: 2, falls: 1, rises: 1 });
});

Deno.test("ermSummary() finds the best at a small k, the worst of ERM, and the crossings", () => {
  assert.deepEqual(ermSummary(ONE_SHOT), {
    bestTransparency: { k: 1, utility: 0.5 },
    worstErm: { awareness: 0.1, utility: 0.7 },
    crossings: [40, undefined],
  });
});

Deno.test("asymmetrySummary() is ERM less transparency", () => {
  assert.deepEqual(asymmetrySummary(ONE_SHOT), {
    difference: table(2, 2, -0.25, 0, 0.25, 0.5),
    least: -0.25,
    most: 0.5,
    shareBetter: 0.5,
  });
});

const COST = {
  rho: floats(0.01, 0.1),
  k: Int32Array.of(5, 10, 20),
  misalignment: table(2, 3, 0.1, 0.2, 0.15, 0.1, 0.02, 0.03),
  misalignment_se: table(2, 3, 0, 0, 0.01, 0.01, 0, 0),
  misalignment_mean_field: table(2, 3, 0.1, 0.21, 0.15, 0.13, 0.02, 0.03),
  k_star: floats(10, 5),
  k_star_mean_field: floats(20, 20),
} as const;

Deno.test("monotoneSummary() counts the neighbours that are apart, and those in order", () => {
  // Along ρ the first pair is equal; along k, 0.1 < 0.2 > 0.15 and 0.1 > 0.02 < 0.03.
  assert.deepEqual(monotoneSummary(COST, "rho"), { pairs: 3, apart: 2, right: 2 });
  assert.deepEqual(monotoneSummary(COST, "k"), { pairs: 4, apart: 4, right: 2 });
});

Deno.test("optimumSummary() looks at the ρ nearest in ratio, and counts the falls", () => {
  assert.deepEqual(optimumSummary(COST, 0.03), {
    ...{ rho: 0.01, k: 10, isInterior: true },
    ...{ first: 10, last: 5, falls: 1 },
  });
  assert.equal(optimumSummary(COST, 0.1).isInterior, false);
});

Deno.test("meanFieldSummary() tells cells that are near, and those off beyond Monte Carlo's error", () => {
  const { cells, near, off, worst } = meanFieldSummary(COST, 5, 0.02);
  assert.deepEqual([cells, near, off], [6, 4, 1]);
  assert.deepEqual([worst?.rho, worst?.k], [0.1, 5]);
  assert.ok(Math.abs(worst!.share - 0.3) < 1e-12 && Math.abs(worst!.errors - 3) < 1e-9);
  assert.equal(meanFieldSummary(COST, 50, 0.02).worst, undefined);
});

Deno.test("meanFieldStarsNear() counts steps of the grid, and starRatios() leave out what is missing", () => {
  assert.equal(meanFieldStarsNear(COST), 1);
  assert.deepEqual(starRatios(COST, floats(15, NaN)), {
    range: { least: 1.5, most: 1.5 },
    within: 1,
    none: 1,
  });
  assert.equal(starRatios(COST, floats(NaN, NaN)).range, undefined);
});

Deno.test("poolPhrase() names the pool by its lineage", () => {
  assert.equal(poolPhrase(REPEATED), "given pool (N = 2 tasks, d = 1 skill)");
  const facts = { pool: "synthetic" };
  const lineage = { task: "", params: {}, inputs: {}, facts };
  assert.match(poolPhrase({ ...REPEATED, lineage }), /^synthetic stratified pool \(N = 2/);
});
