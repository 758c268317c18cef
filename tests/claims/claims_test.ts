import assert from "node:assert/strict";
import type { Results } from "../../lib/artifact/artifact.ts";
import type { ArraysOf } from "../../lib/artifact/kind.ts";
import * as kinds from "../../lib/artifact/kinds.ts";
import { type Claim, claim, outcomeOf, summaryOf } from "../../lib/claims/claim.ts";
import { costClaims } from "../../lib/claims/cost_claims.ts";
import { holdoutClaims } from "../../lib/claims/holdout_claims.ts";
import { ermClaims, transparencyClaims } from "../../lib/claims/one_shot_claims.ts";
import { boundClaims, deltaClaims } from "../../lib/claims/repeated_claims.ts";
import { matrix } from "../../lib/stats/matrix.ts";
import { resultsOf } from "../results.ts";

const holds = (claims: readonly Claim[]): (boolean | null)[] => claims.map((claim) => claim.holds);
const floats = (...values: number[]): Float64Array => Float64Array.from(values);

/** A one-shot game of ‖μ‖ = 0.4. */
function oneShot(
  k: readonly number[],
  awareness: readonly number[],
  arrays: Partial<ArraysOf<typeof kinds.oneShot>>,
): Results<typeof kinds.oneShot> {
  const dims = { K: k.length, A: awareness.length, alphas: 2, betas: 2 };
  return resultsOf(kinds.oneShot, dims, {
    k: Int32Array.from(k),
    awareness: Float64Array.from(awareness),
    ...arrays,
  }, {
    ...{ n_pool: k.at(-1)!, n_skills: 2, best_utility: 0.4, n_draws: 9, seed: "" },
    ...{ bias_bandwidth: 0.3, asymmetry_bandwidth: 0.3 },
  });
}

Deno.test("ermClaims() compares transparency at small k with ERM's worst", () => {
  const erm_mean = floats(0.5, 1);
  const game = (...transparency_mean: number[]): Results<typeof kinds.oneShot> =>
    oneShot([1, 100], [0.01, 1], { erm_mean, transparency_mean: floats(...transparency_mean) });
  const [claim] = ermClaims(game(0.4, 1));
  assert.ok(claim!.holds);
  assert.match(claim!.measured, /0\.400 \(k = 1\) against 0\.500 \(α = 0\.01\)/);
  assert.equal(holds(ermClaims(game(0.6, 1)))[0], false);
});

Deno.test("ermClaims() tell bias from privacy: without bias, publishing is no worse than keeping private", () => {
  const of = (loss: number): Claim =>
    ermClaims(oneShot([1, 100], [0.01, 1], {
      erm_mean: floats(0.5, 1),
      transparency_mean: floats(0.4, 1),
      transparency_unbiased_mean: floats(0.5 + loss, 1),
      privacy_loss: floats(loss, 0),
      privacy_loss_se: floats(0.01, 0),
      n_known: Int32Array.of(1, 100),
    }))[1]!;
  assert.equal(outcomeOf(of(-0.001)), "fails as expected");
  assert.match(of(-0.001).measured, /^0\.499 against 0\.500 \(1 tasks, α = 0\.01\)$/);
  assert.equal(of(-0.1).holds, true);
});

Deno.test("costClaims() measure the exponents of the scaling laws where k* can move", () => {
  const rhos = [0.01, 0.02, 0.04, 0.08];
  const laws = (stars: number[], costs: number[]): Claim[] =>
    costClaims(resultsOf(kinds.totalCost, { R: 4, K: 2, L: 2 }, {
      ...{ rho: floats(...rhos), k: Int32Array.of(1, 20), k_mean_field: floats(1, 20) },
      misalignment: matrix(4, 2, new Float64Array(8).fill(0.1)),
      ...{ k_star_refined: floats(...stars), cost_star_refined: floats(...costs) },
    }, { n_pool: 20, n_skills: 2, n_replicates: 7, n_rounds: 9, gamma: 0.05, seed: "" })).slice(-2);
  const root = (x: number): number => Math.sqrt(x);
  const [star, cost] = laws(rhos.map((x) => 20 * root(x)), rhos.map((x) => 1 / root(x)));
  assert.ok(star!.holds && cost!.holds);
  assert.match(star!.measured, /^by mean field it is 0\.50 over the 4 of 4 ρ/);
  assert.match(cost!.measured, /^by mean field it is -0\.50/);
  const [linear] = laws(rhos.map((x) => 200 * x), rhos);
  assert.equal(outcomeOf(linear!), "fails as expected");
  const [stuck] = laws([1, 1, 5, 20], rhos);
  assert.equal(outcomeOf(stuck!), "at the edge");
});

Deno.test("holdoutClaims() say what a holdout does, and do not apply where there is none", () => {
  const of = (mechanism: string[], misalignment: number[], cost: number[]): Claim[] =>
    holdoutClaims(resultsOf(kinds.mechanisms, { M: mechanism.length, T: 2 }, {
      mechanism,
      misalignment_mean: matrix(mechanism.length, 2, Float64Array.from(misalignment)),
      ...{ cost_mean: floats(...cost), cost_mean_field: floats(...cost), honest_alarm: 0.2 },
    }, {
      ...{ n_pool: 9, n_skills: 2, seed: "", n_replicates: 2, k: 5, rho: 0.05, gamma: 0.05 },
      ...{ n_0: 4, epsilon: 20, eta: 0.1 },
    }));
  const names = ["none", "correction", "holdout", "both", "transparency"];
  const delta = [0, 0.4, 0, 0.1, 0.1, 0.2, 0.1, 0, 0.5, 0.5];
  const found = of(names, delta, [5, 1, 3, 2, 6]);
  assert.deepEqual(holds(found), [true, true, false, true, false, true]);
  assert.match(found[0]!.measured, /in the first 1 rounds it is above, as 4 tasks are published$/);
  const none = of(["none", "correction", "transparency"], delta.slice(0, 6), [5, 1, 6]);
  assert.ok(none.every(({ holds }) => holds === null));
});

Deno.test("claims on one-shot games do not apply to too small a pool, nor where all is the best", () => {
  const arrays = { transparency_mean: floats(0.4, 1), erm_mean: floats(0.5) };
  const [small] = ermClaims(oneShot([1, 4], [0.5], arrays));
  assert.equal(small!.holds, null);
  assert.equal(small!.measured, "does not apply: 5 % of 4 tasks are less than one task");
  const best = oneShot([1, 100], [0.5], {
    transparency_mean: floats(1, 1),
    erm_mean: floats(1),
    transparency_unbiased_mean: floats(1),
  });
  for (const { holds, measured } of [...ermClaims(best), ...transparencyClaims(best)]) {
    assert.equal(holds, null);
    assert.match(measured, /^does not apply: all tasks ask for the same mix of skills/);
  }
});

Deno.test("transparencyClaims() look at the gap in shares of the best utility", () => {
  const game = (
    arrays: Partial<ArraysOf<typeof kinds.oneShot>> = {},
  ): Results<typeof kinds.oneShot> =>
    oneShot([1, 2, 4], [1], {
      published_score_mean: floats(0.8, 0.6, 0.4),
      transparency_mean: floats(0.5, 0.7, 1),
      gap_change: floats(0, -0.7, -0.8),
      gap_change_se: floats(0, 0.01, 0.01),
      ...arrays,
    });
  assert.deepEqual(holds(transparencyClaims(game())), [true, true]);
  const wider = game({ gap_change: floats(0, 0.05, -0.8) });
  assert.deepEqual(holds(transparencyClaims(wider)), [true, false]);
  // A rise within three standard errors is not a rise.
  const noisy = game({ gap_change: floats(0, 0.02, -0.8) });
  assert.deepEqual(holds(transparencyClaims(noisy)), [true, true]);
  const below = game({ published_score_mean: floats(0.1, 0.6, 0.4) });
  assert.deepEqual(holds(transparencyClaims(below)), [false, false]);
});

/** A repeated game by its mean misalignment: ρ × k × t. */
function repeated(
  rho: readonly number[],
  k: readonly number[],
  curves: readonly (readonly number[])[],
  arrays: Partial<ArraysOf<typeof kinds.repeated>> = {},
): Results<typeof kinds.repeated> {
  const T = curves[0]!.length;
  const dims = { R: rho.length, K: k.length, T, N: arrays.initial?.length ?? 2 };
  return resultsOf(kinds.repeated, dims, {
    rho: Float64Array.from(rho),
    k: Int32Array.from(k),
    t: Int32Array.from({ length: T }, (_, t) => t),
    misalignment_mean: Float64Array.from(curves.flat()),
    ...arrays,
  }, { n_pool: 9, n_skills: 2, n_replicates: 7, seed: "" });
}

Deno.test("deltaClaims() tell a rise and fall, persistence, and the order of peaks", () => {
  const [first, second] = [[0, 0.1, 0.2, 0.01], [0, 0.5, 0.3, 0.02]];
  const [free, freeSecond] = [[0, 0.1, 0.2, 0.3], [0, 0.5, 0.6, 0.6]];
  const claims = (...curves: (readonly number[])[]): (boolean | null)[] =>
    holds(deltaClaims(repeated([0.05, 0], [1, 9], curves)));
  assert.deepEqual(claims(first, second, free, freeSecond), [true, true, true]);
  const rising = [0, 0.1, 0.2, 0.3];
  assert.deepEqual(claims(rising, second, free, freeSecond), [false, true, true]);
  const fading = [0, 0.5, 0.6, 0.1];
  assert.deepEqual(claims(first, second, free, fading), [true, false, true]);
  const lower = [0, 0.15, 0.1, 0.01];
  assert.deepEqual(claims(first, lower, free, freeSecond), [true, true, false]);
});

Deno.test("boundClaims() count the rounds within both forms of the bound", () => {
  // N = 2 and k = 2 at ρ = 0.5: m_t = 2, 4 and the knowledge 1/2, 2/3; D_0 = log 2.
  const [product, textbook, sharp] = boundClaims(repeated([0.5], [2], [[0, 0.1, 0.14]], {
    initial: floats(1, 0),
    total_variation: matrix(1, 3, floats(1, 0.9, 0.3)),
    product_bound: floats(0, 0.1, 0.2),
  }));
  assert.ok(product!.holds && textbook!.holds && sharp!.holds);
  const correction = 0.5 ** 2 * Math.sqrt(Math.log(2) / 2);
  const above = repeated([0.5], [2], [[0, 0.1, 0.14]], {
    initial: floats(1, 0),
    total_variation: matrix(1, 3, floats(1, 0.9, 0.13)),
  });
  const [, still, broken] = boundClaims(above);
  assert.ok(still!.holds && !broken!.holds);
  assert.match(broken!.measured, /^in 50\.0 % of the rounds .*\(50\.0 % of all\).* is 1\.08$/);
  assert.match(textbook!.measured, /^in 100 % of .*\(100 % of all\)/);
  assert.ok(textbook!.measured.endsWith((0.14 / correction).toPrecision(3)));
});

Deno.test("claims on a game without misalignment say so, in words", () => {
  const none = repeated([0.1, 0], [1], [[0, 0], [0, 0]], { initial: floats(0.5, 0.5) });
  assert.deepEqual(
    boundClaims(none).map(({ measured, holds }) => [measured, holds]),
    new Array(3).fill(["does not apply: Δ_t is below 0.0001 in every round", null]),
  );
  for (const { holds, measured } of deltaClaims(none)) {
    assert.equal(holds, null);
    assert.match(measured, /does not apply: there is no misalignment/);
  }
  const still = grid({ misalignment: new Array<number>(6).fill(0) });
  assert.deepEqual(holds(costClaims(still)), new Array(10).fill(null));
});

Deno.test("deltaClaims() apply where games with correction, or without, were played", () => {
  const curve = [0, 0.2, 0.01];
  const [, free] = deltaClaims(repeated([0.1], [1], [curve]));
  assert.equal(free!.measured, "does not apply: no game without correction was played");
  const [corrected, , order] = deltaClaims(repeated([0], [1], [curve]));
  assert.equal(corrected!.measured, "does not apply: no game with correction was played");
  assert.equal(order!.measured, "does not apply: fewer than two k were played with correction");
});

Deno.test("boundClaims() say that a ratio to a bound of 0 is unbounded", () => {
  // At ρ = 1 correction leaves nothing to exploit after round 0.
  const [, textbook] = boundClaims(repeated([1], [2], [[0, 0.1]], { initial: floats(1, 0) }));
  assert.ok(!textbook!.holds);
  assert.match(textbook!.measured, /largest ratio is unbounded, as the bound is 0$/);
});

/** A grid of 2 ρ and 3 k on which every claim holds, but for the given arrays. */
function grid(arrays: Readonly<Record<string, readonly number[]>> = {}): Results<
  typeof kinds.totalCost
> {
  const table = (name: string, ...values: number[]): ReturnType<typeof matrix> =>
    matrix(2, 3, Float64Array.from(arrays[name] ?? values));
  const line = (name: string, ...values: number[]): Float64Array =>
    Float64Array.from(arrays[name] ?? values);
  return resultsOf(kinds.totalCost, { R: 2, K: 3, L: 3 }, {
    rho: floats(0.01, 0.1),
    k: Int32Array.of(5, 10, 20),
    k_mean_field: floats(5, 10, 20),
    misalignment: table("misalignment", 0.1, 0.2, 0.3, 0.01, 0.02, 0.03),
    misalignment_se: table("misalignment_se", ...new Array<number>(6).fill(1e-4)),
    misalignment_mean_field: table("misalignment_mean_field", 0.101, 0.2, 0.3, 0.01, 0.02, 0.03),
    k_star: line("k_star", 10, 20),
    k_star_low: line("k_star_low", 8, 14),
    k_star_high: line("k_star_high", 12, 20),
    k_star_mean_field: line("k_star_mean_field", 5, 20),
    k_star_textbook: line("k_star_textbook", 6, 30),
    k_star_finite_horizon: line("k_star_finite_horizon", 6, 30),
  }, { n_pool: 20, n_skills: 2, n_replicates: 7, n_rounds: 9, gamma: 0.05, seed: "" });
}

Deno.test("costClaims() hold on a table made to fit, and each fails on its own change", () => {
  // Of two ρ there is no exponent.
  assert.deepEqual(holds(costClaims(grid())), [...new Array(8).fill(true), null, null]);
  const changes: readonly (readonly [number, Record<string, number[]>])[] = [
    [0, {
      misalignment: [0.1, 0.2, 0.3, 0.11, 0.02, 0.03],
      misalignment_mean_field: [0.1, 0.2, 0.3, 0.11, 0.02, 0.03],
    }],
    [1, {
      misalignment: [0.25, 0.2, 0.3, 0.01, 0.02, 0.03],
      misalignment_mean_field: [0.25, 0.2, 0.3, 0.01, 0.02, 0.03],
    }],
    [2, { k_star: [5, 20] }],
    [3, { k_star: [10, 10], k_star_mean_field: [10, 10], k_star_textbook: [9, 9] }],
    [4, { misalignment_mean_field: [0.11, 0.2, 0.3, 0.01, 0.02, 0.03] }],
    [5, { k_star_mean_field: [20, 5] }],
    [6, { k_star_textbook: [4, 30] }],
    [7, { k_star_finite_horizon: [4, 30] }],
  ];
  for (const [at, change] of changes) {
    const claim = costClaims(grid(change))[at]!;
    assert.ok(!claim.holds, `${claim.statement}: ${claim.measured}`);
  }
  // A difference within Monte Carlo's error does not count.
  const noisy = {
    misalignment_mean_field: [0.11, 0.2, 0.3, 0.01, 0.02, 0.03],
    misalignment_se: new Array<number>(6).fill(0.01),
  };
  assert.ok(costClaims(grid(noisy))[4]!.holds);
});

Deno.test("costClaims() say that a closed form has no minimum where there is nothing to exploit", () => {
  const claims = costClaims(grid({
    k_star_textbook: [NaN, NaN],
    k_star_finite_horizon: [NaN, 9],
  }));
  const [textbook, horizon] = claims.slice(-4);
  assert.equal(textbook!.measured, "does not apply: that form has no minimum");
  assert.equal(textbook!.holds, null);
  assert.equal(horizon!.measured, "at 0 of 2 ρ; 0.45 to 0.45 times it; without a minimum at 1");
  assert.equal(horizon!.holds, false);
});

Deno.test("costClaims() tell a k* that is stuck at the edge of the grid from one that is wrong", () => {
  const interior = (k_star: number[], low: number, high: number): Claim =>
    costClaims(grid({ k_star, k_star_low: [low, 1], k_star_high: [high, 20] }))[2]!;
  // The mean field is near its least cost at the edge as well, or beyond it.
  for (const [low, high] of [[1, 2], [1, 9], [5 * (1 + 1e-9), 9]] as const) {
    assert.equal(outcomeOf(interior([5, 10], low, high)), "at the edge");
  }
  const stuck = interior([20, 20], 14, 20 * (1 - 1e-9));
  assert.equal(
    stuck.measured,
    "does not apply: k* = 20 at ρ = 0.010 is at the edge of the grid, k = 5 … 20, " +
      "and the mean field's cost is near its least for k = 14 … 20",
  );
  assert.equal(stuck.value, 20);
  const wrong = interior([5, 10], 8, 12);
  assert.equal(outcomeOf(wrong), "fails unexpectedly");
  assert.match(wrong.measured, /at the edge, although the mean field's cost .* k = 8 … 12$/);
  assert.equal(outcomeOf(interior([20, 20], 8, 12)), "fails unexpectedly");
  assert.equal(outcomeOf(interior([10, 20], 5, 20)), "holds");
});

Deno.test("costClaims() judge no ratio of k* where the edge of the grid hides the empirical one", () => {
  const at = (k_star: number[], k_star_textbook: number[]): Claim =>
    costClaims(grid({ k_star, k_star_textbook }))[6]!;
  assert.match(at([20, 10], [90, 10]).measured, /^at 1 of 1 ρ; .* at 1 more the empirical one/);
  assert.equal(outcomeOf(at([20, 5], [90, 1])), "at the edge");
  // Within the factor, inside the grid: the optimum may be beyond, and the form wrong.
  assert.match(at([20, 10], [15, 10]).measured, /^at 1 of 1 ρ; .* at 1 more the empirical one/);
  // Far inside the grid the form is wrong, wherever the empirical one is.
  assert.match(at([20, 5], [9, 11]).measured, /^at 0 of 2 ρ; 0\.45 to 2\.2 times it$/);
  const moves = costClaims(grid({ k_star: [20, 20] }))[3]!;
  assert.equal(outcomeOf(moves), "at the edge");
});

Deno.test("costClaims() do not count a mean field's k* that is at the same edge", () => {
  const at = (k_star: number[], k_star_mean_field: number[]): Claim =>
    costClaims(grid({ k_star, k_star_mean_field }))[5]!;
  assert.equal(
    at([10, 20], [10, 20]).measured,
    "at 1 of 1 ρ; at 1 more both are at the same edge of the grid",
  );
  assert.equal(outcomeOf(at([5, 20], [5, 20])), "at the edge");
  assert.equal(outcomeOf(at([20, 20], [5, 20])), "fails unexpectedly");
  assert.equal(outcomeOf(at([20, 20], [10, 20])), "holds");
});

Deno.test("each claim shows the number that it is judged by", () => {
  const numbers = (claims: readonly Claim[]): (string | number | null)[][] =>
    claims.map(({ value, shown }) => [value, shown]);
  const one = oneShot([1, 2, 4], [1], {
    erm_mean: floats(0.9),
    published_score_mean: floats(0.8, 0.6, 0.4),
    transparency_mean: floats(0.5, 0.7, 1),
    gap_change: floats(0, 0.2, -0.8),
    gap_change_se: floats(0, 0.01, 0.01),
  });
  const [gap, shrinks] = numbers(transparencyClaims(one));
  assert.deepEqual([gap, shrinks], [[0.6 / 0.4 - 0.7, "0.800"], [2, "2 of 3"]]);
  const curves = [[0, 0.5, 0.1], [0, 0.4, 0.02], [0, 0.5, 0.4], [0, 0.5, 0.5]];
  const [falls, persists, order] = numbers(deltaClaims(repeated([0.1, 0], [1, 9], curves)));
  assert.deepEqual([falls, persists], [[20, "20 %"], [80, "80 %"]]);
  assert.deepEqual(order, [0, "0 of 1"]);
  const cost = numbers(
    costClaims(grid({ k_star: [20, 10], k_star_low: [8, 1], k_star_high: [12, 20] })),
  );
  assert.deepEqual(cost.slice(2, 4), [[20, "k* = 20"], [0.5, "1 down"]]);
  assert.deepEqual(cost[4], [100, "100 %"]);
});

Deno.test("claims on one skill say so", () => {
  const none = repeated([0.1, 0], [1], [[0, 0], [0, 0]], { initial: floats(0.5, 0.5) });
  const [delta] = deltaClaims({ ...none, facts: { ...none.facts, n_skills: 1 } });
  assert.equal(
    delta!.measured,
    "does not apply: there is one skill (d = 1), so there is no misalignment",
  );
});

Deno.test("every claim says its source, and those of the bounds whether they are expected to hold", () => {
  const bounds = boundClaims(repeated([0.5], [2], [[0, 0.1]], { initial: floats(1, 0) }));
  assert.deepEqual(bounds.map(({ expected }) => expected), [true, false, false]);
  for (const { source } of [...bounds, ...costClaims(grid())]) assert.match(source, /section 6/);
});

Deno.test("summaryOf() counts what holds, and what fails as expected or not", () => {
  const one = (holds: boolean, expected: boolean): Claim =>
    claim({ ...stated, expected }, false, () => ({
      measured: "m",
      value: 1,
      shown: "1",
      holds,
    }));
  const stated = { figure: "f", label: "l", measure: "n", statement: "s", source: "o" };
  const claims = [one(true, true), one(true, false), one(false, true), one(false, false)];
  const none = (): never => assert.fail("is not looked at");
  const edge = claim(stated, { edge: "k* = 1" }, none);
  assert.equal(edge.measured, "does not apply: k* = 1");
  assert.equal(
    summaryOf([...claims, edge, claim(stated, "small", none)]),
    "2 of 4 statements hold (1 unexpectedly); 1 fails as expected; 1 fails unexpectedly; " +
      "1 cannot be judged, because k* is at the edge of the grid; 1 does not apply.",
  );
});
