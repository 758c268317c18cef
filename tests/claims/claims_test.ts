import assert from "node:assert/strict";
import type { Claim } from "../../lib/claims/claim.ts";
import { costClaims } from "../../lib/claims/cost_claims.ts";
import { ermClaims, transparencyClaims } from "../../lib/claims/one_shot_claims.ts";
import { boundClaims, deltaClaims } from "../../lib/claims/repeated_claims.ts";
import { Table } from "../../lib/claims/table.ts";
import { encodeCsv } from "../../lib/figure/csv.ts";

type Columns = Readonly<Record<string, readonly (number | string)[]>>;

function table(columns: Columns): Table {
  const list = Object.entries(columns).map(([name, values]) => ({ name, meaning: "", values }));
  return new Table(encodeCsv(["A title", 'a "caption", with commas'], list), "test.csv");
}

const holds = (claims: readonly Claim[]): (boolean | null)[] => claims.map((claim) => claim.holds);

Deno.test("Table reads back what encodeCsv() wrote, and names a missing column", () => {
  const read = table({ a: [1, 0.1, ""], b: ["x,y", "#z", 'q"'] });
  assert.equal(read.length, 3);
  assert.deepEqual([...read.numbers("a")], [1, 0.1, NaN]);
  assert.deepEqual(read.texts("b"), ["x,y", "#z", 'q"']);
  assert.throws(() => read.texts("c"), /test\.csv: it has no column c/);
});

Deno.test("ermClaims() compares transparency at small k with ERM's worst", () => {
  const columns = {
    setting: ["transparency", "transparency", "erm", "erm"],
    k: [1, 100, "", ""],
    awareness: ["", "", 0.01, 1],
    utility_mean: [0.4, 1, 0.5, 1],
  };
  const [claim] = ermClaims(table(columns));
  assert.ok(claim!.holds);
  assert.match(claim!.measured, /0\.400 \(k = 1\) against 0\.500 \(α = 0\.01\)/);
  assert.deepEqual(holds(ermClaims(table({ ...columns, utility_mean: [0.6, 1, 0.5, 1] }))), [
    false,
  ]);
});

Deno.test("transparencyClaims() look at the gap in shares of the best utility", () => {
  const columns = {
    k: [1, 2, 4],
    published_score_mean: [0.8, 0.6, 0.4],
    utility_mean: [0.5, 0.7, 1],
    best_utility: [0.4, 0.4, 0.4],
    gap_change: [0, -0.7, -0.8],
    gap_change_se: [0, 0.01, 0.01],
  };
  assert.deepEqual(holds(transparencyClaims(table(columns))), [true, true]);
  const wider = { ...columns, gap_change: [0, 0.05, -0.8] };
  assert.deepEqual(holds(transparencyClaims(table(wider))), [true, false]);
  // A rise within three standard errors is none.
  const noisy = { ...columns, gap_change: [0, 0.02, -0.8] };
  assert.deepEqual(holds(transparencyClaims(table(noisy))), [true, true]);
  const below = { ...columns, published_score_mean: [0.1, 0.6, 0.4] };
  assert.deepEqual(holds(transparencyClaims(table(below))), [false, false]);
});

Deno.test("deltaClaims() tell a rise and fall, persistence, and the order of peaks", () => {
  const curves = {
    "0.05 1": [0, 0.1, 0.2, 0.01],
    "0.05 9": [0, 0.5, 0.3, 0.02],
    "0 1": [0, 0.1, 0.2, 0.3],
    "0 9": [0, 0.5, 0.6, 0.6],
  };
  const columns = (some: Readonly<Record<string, readonly number[]>>): Columns => {
    const rows = Object.entries(some).flatMap(([name, values]) =>
      values.map((value, t) => [...name.split(" ").map(Number), t, value])
    );
    return Object.fromEntries(
      ["rho", "k", "t", "misalignment_mean"].map((name, n) => [name, rows.map((row) => row[n]!)]),
    );
  };
  assert.deepEqual(holds(deltaClaims(table(columns(curves)))), [true, true, true]);
  const rising = { ...curves, "0.05 1": [0, 0.1, 0.2, 0.3] };
  assert.deepEqual(holds(deltaClaims(table(columns(rising)))), [false, true, true]);
  const fading = { ...curves, "0 9": [0, 0.5, 0.6, 0.1] };
  assert.deepEqual(holds(deltaClaims(table(columns(fading)))), [true, false, true]);
  const lower = { ...curves, "0.05 9": [0, 0.15, 0.1, 0.01] };
  assert.deepEqual(holds(deltaClaims(table(columns(lower)))), [true, true, false]);
});

Deno.test("boundClaims() count the rounds within both forms of the bound", () => {
  const columns = {
    t: [0, 1, 2],
    misalignment_mean: [0, 0.1, 0.2],
    bound: [0, 0.2, 0.19],
    bound_knowledge: [0, 0.2, 0.5],
    total_variation: [1, 0.9, 0.3],
  };
  const [textbook, sharp] = boundClaims(table(columns));
  assert.ok(!textbook!.holds && sharp!.holds);
  assert.match(textbook!.measured, /^in 50\.0 % of the rounds .*\(50\.0 % of all\).* is 1\.05$/);
});

Deno.test("claims on a game without misalignment say so, in words", () => {
  const none = { t: [0, 1], misalignment_mean: [0, 0], bound: [0, 1] };
  const bounds = boundClaims(table({ ...none, bound_knowledge: [0, 1], total_variation: [1, 1] }));
  assert.deepEqual(
    bounds.map(({ measured, holds }) => [measured, holds]),
    new Array(2).fill(["does not apply: Δ_t is below 0.0001 in every round", null]),
  );
  const curves = {
    rho: [0.1, 0.1, 0, 0],
    k: [1, 1, 1, 1],
    t: [0, 1, 0, 1],
    misalignment_mean: [0, 0, 0, 0],
  };
  for (const { holds, measured } of deltaClaims(table(curves))) {
    assert.equal(holds, null);
    assert.match(measured, /does not apply: there is no misalignment/);
  }
});

Deno.test("costClaims() hold on a table made to fit, and each fails on its own change", () => {
  const [rhos, ks] = [[0.01, 0.1], [5, 10, 20]];
  const fitting: Record<string, number[]> = {
    rho: rhos.flatMap((rho) => ks.map(() => rho)),
    k: rhos.flatMap(() => ks),
    misalignment: [0.1, 0.2, 0.3, 0.01, 0.02, 0.03],
    misalignment_se: new Array(6).fill(1e-4),
    misalignment_mean_field: [0.101, 0.2, 0.3, 0.01, 0.02, 0.03],
    k_star: [10, 10, 10, 20, 20, 20],
    k_star_mean_field: [5, 5, 5, 20, 20, 20],
    k_star_textbook: [6, 6, 6, 30, 30, 30],
    k_star_finite_horizon: [6, 6, 6, 30, 30, 30],
  };
  const found = costClaims(table(fitting));
  assert.deepEqual(holds(found), new Array(8).fill(true));
  const changes: readonly (readonly [number, Record<string, number[]>])[] = [
    [0, {
      misalignment: [0.1, 0.2, 0.3, 0.11, 0.02, 0.03],
      misalignment_mean_field: [0.1, 0.2, 0.3, 0.11, 0.02, 0.03],
    }],
    [1, {
      misalignment: [0.25, 0.2, 0.3, 0.01, 0.02, 0.03],
      misalignment_mean_field: [0.25, 0.2, 0.3, 0.01, 0.02, 0.03],
    }],
    [2, { k_star: [5, 5, 5, 20, 20, 20] }],
    [3, {
      k_star: [10, 10, 10, 10, 10, 10],
      k_star_mean_field: [10, 10, 10, 10, 10, 10],
      k_star_textbook: [9, 9, 9, 9, 9, 9],
    }],
    [4, { misalignment_mean_field: [0.11, 0.2, 0.3, 0.01, 0.02, 0.03] }],
    [5, { k_star_mean_field: [20, 20, 20, 5, 5, 5] }],
    [6, { k_star_textbook: [4, 4, 4, 30, 30, 30] }],
    [7, { k_star_finite_horizon: [6, 6, 6, 50, 50, 50] }],
  ];
  for (const [at, change] of changes) {
    const claim = costClaims(table({ ...fitting, ...change }))[at]!;
    assert.ok(!claim.holds, `${claim.statement}: ${claim.measured}`);
  }
  // A difference within Monte Carlo's error is no failure.
  const noisy = {
    misalignment_mean_field: [0.11, 0.2, 0.3, 0.01, 0.02, 0.03],
    misalignment_se: new Array(6).fill(0.01),
  };
  assert.ok(costClaims(table({ ...fitting, ...noisy }))[4]!.holds);
});
