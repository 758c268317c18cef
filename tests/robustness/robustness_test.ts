import assert from "node:assert/strict";
import { InputError } from "../../lib/base/errors.ts";
import { parallelAnalysis } from "../../lib/estimation/parallel_analysis.ts";
import { filterItems } from "../../lib/responses/filter_items.ts";
import { indexResponses } from "../../lib/responses/index_responses.ts";
import { simulateResponses } from "../../lib/responses/simulate_responses.ts";
import { readParquet } from "../../lib/responses/read_parquet.ts";
import type { Responses } from "../../lib/responses/responses.ts";
import { oneSkillTable, permutedTable, raschModel } from "../../lib/robustness/controls.ts";
import { loadingsOf } from "../../lib/robustness/fit_loadings.ts";
import { productBound } from "../../lib/game/bounds.ts";
import { evaluatorPaths } from "../../lib/game/evaluator_path.ts";
import { logSpaced, logSpacedIntegers } from "../../lib/game/grids.ts";
import { initialDistribution } from "../../lib/game/initial_distribution.ts";
import { makePool } from "../../lib/game/pool.ts";
import { playRepeated } from "../../lib/game/repeated.ts";
import { nativeProduct } from "../../lib/onnx/native_matrix.ts";
import { syntheticPool } from "../../lib/pool/synthetic_pool.ts";
import type { Matrix } from "../../lib/stats/matrix.ts";
import { gameOn, type Headline, playOn } from "../../lib/robustness/headline.ts";
import { multiverse } from "../../lib/robustness/multiverse.ts";
import { sampleOutcomes } from "../../lib/robustness/sample_outcomes.ts";
import {
  halfOfItems,
  halfOfSubjects,
  jackknifeError,
  selectSubjects,
  withoutEachSubject,
} from "../../lib/robustness/resample.ts";
import type { Choices, Variant } from "../../lib/robustness/variant.ts";
import { breakers, verdictOf } from "../../lib/robustness/verdict.ts";
import { normal } from "../../lib/stats/random/normal.ts";
import { stream } from "../../lib/stats/random/stream.ts";
import { allowed, shared, sharedPath } from "../support.ts";
import { GRIDS } from "./grids.ts";
import { tableFromRows } from "../table_from_rows.ts";

/** The model's values (model sections 1 to 6). */
const BASE: Choices = {
  minSubjects: 3,
  minMinority: 3,
  subsample: null,
  nFactors: "auto",
  factorModel: "gaussian",
  nReplications: 20,
  percentile: 95,
  psiFloor: 0.2,
  maxEpochs: 3000,
  tolerance: 1e-9,
  andersonDepth: 4,
  rotation: "quartimin",
  nStarts: 2,
  kaiser: true,
  tau: 0.1,
  nPool: 400,
  biasBandwidth: 0.3,
  correction: { kind: "gap_gaussian", bandwidth: 0.1 },
  rounds: 200,
  forgetting: null,
  priorMass: null,
  gamma: 0.05,
  draws: 200,
  threads: 1,
  seeds: {
    ...{ parallelAnalysis: "0", subsample: "0", rotation: "0", pool: "0", oneShot: "0" },
    tables: "0",
  },
};

/** A variant of the base with some choices changed. */
function variant(name: string, changes: Partial<Choices>, base = BASE): Variant {
  return { name, group: name, choices: { ...base, ...changes } };
}

const native = { ignore: !allowed("read", "ffi", "env", "sys") };
const FILE = "data/mmlupro_responses.parquet";

const real = async (): Promise<Responses> =>
  indexResponses(await readParquet(await Deno.readFile(sharedPath(FILE)), FILE), FILE).responses;

/** Binary responses of S subjects to p items by d equally strong skills, a twentieth of them missing. */
function simulated(S: number, p: number, d: number, strength = 2): Responses {
  const uniform = stream("robustness", S, p, d);
  const gauss = normal(uniform);
  const easiness = Array.from({ length: p }, () => 0.5 * gauss());
  return tableFromRows(Array.from({ length: S }, () => {
    const skills = Array.from({ length: d }, gauss);
    return easiness.map((e, i) =>
      uniform() < 0.05 ? null : e + strength * skills[i % d]! + gauss() > 0 ? 1 : 0
    );
  }));
}

Deno.test("raschModel() reproduces the scores of subjects and items", () => {
  const { responses: table } = filterItems(simulated(20, 200, 1, 0.7), {
    minSubjects: 3,
    minMinority: 2,
  });
  const { ability, easiness } = raschModel(table);
  const [score, expected] = [new Float64Array(20), new Float64Array(20)];
  table.subject.forEach((s, n) => {
    score[s]! += table.response[n]!;
    expected[s]! += 1 / (1 + Math.exp(-(ability[s]! + easiness[table.item[n]!]!)));
  });
  score.forEach((x, s) => assert.ok(Math.abs(x - expected[s]!) < 0.3, `${x} ${expected[s]}`));
});

Deno.test({
  ...native,
  name: "the controls have the skills that they say: eight clear ones, one, and none",
  fn: async () => {
    const table = simulated(80, 800, 8);
    const found = async (responses: Responses): Promise<number> => {
      const options = { nReplications: 20, percentile: 95, seed: "0" };
      const { responses: kept } = filterItems(responses, { minSubjects: 3, minMinority: 3 });
      const { eigenvalues, thresholds } = await parallelAnalysis(kept, options);
      return eigenvalues.findIndex((value, rank) => !(value > thresholds[rank]!));
    };
    const model = raschModel(table);
    const one = simulated(40, 800, 1, 0.7);
    assert.equal(await found(table), 8);
    assert.equal(await found(oneSkillTable(one, raschModel(one), "0")), 1);
    assert.equal(await found(permutedTable(table, "0")), 0);
    const control = oneSkillTable(table, model, "0");
    assert.deepEqual(control.item, table.item);
  },
});

Deno.test("permutedTable() keeps each item's responses and each cell's place", () => {
  const table = simulated(12, 30, 2);
  const permuted = permutedTable(table, "1");
  const sums = ({ item, response }: Responses): number[] => {
    const sum = new Array<number>(30).fill(0);
    item.forEach((i, n) => sum[i]! += response[n]!);
    return sum;
  };
  assert.deepEqual(sums(permuted), sums(table));
  assert.deepEqual(permuted.subject, table.subject);
  assert.notDeepEqual(permuted.response, table.response);
});

Deno.test("selectSubjects() keeps what they answered, and drops items that nobody is left to answer", () => {
  const table = tableFromRows([[1, 0, null], [0, 1, null], [1, null, 1]]);
  const part = selectSubjects(table, [0, 1]);
  assert.equal(part.subjectIds.length, 2);
  assert.equal(part.itemIds.length, 2);
  assert.deepEqual([...part.response], [1, 0, 0, 1]);
});

Deno.test("withoutEachSubject() and halfOfSubjects() leave out, and never double, a subject", () => {
  const table = simulated(9, 40, 1);
  const parts = [...withoutEachSubject(table)];
  assert.equal(parts.length, 9);
  parts.forEach(({ subjectIds }, s) => {
    assert.deepEqual(subjectIds, table.subjectIds.filter((_, n) => n !== s));
  });
  const { subjectIds } = halfOfSubjects(table, "0");
  assert.equal(new Set(subjectIds).size, 4);
  assert.equal(halfOfItems(table, "0").itemIds.length, 20);
});

Deno.test("withoutEachSubject() says in words that there are too few subjects", () => {
  const few = simulated(5, 40, 1);
  assert.throws(
    () => [...withoutEachSubject(few)],
    (error) =>
      error instanceof InputError && /has 5 subjects, and 8 are needed/.test(error.message),
  );
});

Deno.test("sampleOutcomes() of too few subjects is one outcome that says so", async () => {
  const options = { of: "subjects", n: 2, replicates: 2 } as const;
  const outcomes = await sampleOutcomes(simulated(5, 40, 1), BASE, GRIDS, options, () => {});
  assert.equal(outcomes.length, 1);
  assert.equal(outcomes[0]!.numbers, undefined);
  assert.match(outcomes[0]!.remarks[0]!, /^Cannot leave a subject out: the table has 5 subjects/);
});

Deno.test("jackknifeError() of a mean is its standard error", () => {
  const x = [1, 4, 2, 8, 5];
  const sum = x.reduce((a, b) => a + b, 0);
  const means = x.map((value) => (sum - value) / 4);
  const variance = x.reduce((total, value) => total + (value - 4) ** 2, 0) / 4;
  assert.ok(Math.abs(jackknifeError(means) - Math.sqrt(variance / 5)) < 1e-12);
});

Deno.test({
  ...native,
  name: "multiverse() reports variants that cannot be fitted or did not converge, and drops none",
  fn: async () => {
    const base = { ...BASE, nFactors: 2, rounds: 20, draws: 10, nPool: 50 };
    const outcomes = await multiverse(simulated(16, 120, 2), [
      variant("base", {}, base),
      variant("too many factors", { nFactors: 16 }, base),
      variant("cut short", { maxEpochs: 2 }, base),
    ], GRIDS);
    assert.deepEqual(outcomes.map(({ name }) => name), ["base", "too many factors", "cut short"]);
    const [plain, none, short] = outcomes;
    assert.deepEqual(plain!.remarks, []);
    assert.equal(none!.numbers, undefined);
    assert.equal(none!.claims, undefined);
    assert.match(none!.remarks[0]!, /^Cannot fit 16 factors to 16 subjects/);
    assert.deepEqual(short!.remarks, ["not converged after 2 iterations"]);
    assert.ok(short!.numbers!.peakMisalignment > 0);
  },
});

Deno.test("verdictOf() tells robust, fragile with what breaks it, and not supported", () => {
  const list = (n: number, broken: readonly number[]): { name: string; holds: boolean }[] =>
    Array.from({ length: n }, (_, i) => ({ name: `v${i}`, holds: !broken.includes(i) }));
  const good = [{ name: "one skill", holds: true }];
  const kindOf = (...given: Parameters<typeof verdictOf>): string => verdictOf(...given).kind;
  assert.equal(kindOf(true, good, { choices: list(20, [3]), pools: list(4, []) }, 0.95), "robust");
  // A source by itself: 4 of 44 are broken in all, but 1 of 4 pools.
  const fragile = verdictOf(true, good, { choices: list(40, []), pools: list(4, [1]) }, 0.9);
  assert.equal(fragile.kind, "fragile");
  assert.deepEqual(breakers(fragile, "choices"), ["pools (1 of 4)"]);
  const bad = [{ name: "one skill", holds: false }];
  const inControl = verdictOf(true, bad, { choices: list(20, [3]) }, 0.95);
  assert.equal(inControl.kind, "fragile");
  assert.deepEqual(breakers(inControl, "choices"), ["one skill", "v3"]);
  // One without numbers counts as broken.
  const silent = [{ name: "v0", holds: null }];
  assert.equal(kindOf(true, good, { choices: silent }, 0.95), "fragile");
  assert.equal(kindOf(false, good, { choices: list(20, []) }, 0.95), "not supported");
  assert.equal(kindOf(null, good, {}, 0.95), "not supported");
});

Deno.test({
  ...native,
  name:
    "a table with one skill is one skill to the workflow's d, and one with eight clear skills has eight",
  fn: async () => {
    const nFactorsOf = async (table: Responses): Promise<number> =>
      (await loadingsOf(table)({ ...BASE, nStarts: 1, maxEpochs: 30 })).nFactors;
    const one = simulated(40, 800, 1, 0.7);
    assert.equal(await nFactorsOf(oneSkillTable(one, raschModel(one), "0")), 1);
    assert.equal(await nFactorsOf(simulated(80, 800, 8)), 8);
  },
});

Deno.test({
  ...native,
  name: "loadingsOf() fits once for choices that differ in what comes after the fit",
  fn: async () => {
    const fit = loadingsOf(simulated(16, 120, 2));
    const [a, b] = [await fit(BASE), await fit({ ...BASE, tau: 0.2, rounds: 10, gamma: 1 })];
    assert.equal(a, b);
    assert.notEqual(await fit({ ...BASE, psiFloor: 0.3 }), a);
  },
});

Deno.test({
  ...native,
  name: "outcomes on a pool on which k* is at the edge say so in words",
  fn: async () => {
    const [still] = await multiverse(simulated(16, 120, 2), [
      variant("unbiased", { biasBandwidth: 1e6, nFactors: 2, rounds: 20, draws: 10, nPool: 50 }),
    ], GRIDS);
    assert.deepEqual(still!.edges, [
      "k* at ρ = 0.01 is 50, the edge of 1 … 50",
      "k* at ρ = 0.1 is 50, the edge of 1 … 50",
    ]);
  },
});

Deno.test({
  ...native,
  name:
    "sampleOutcomes() of a table too small for a half, or half of whose answers are missing, has outcomes with remarks",
  fn: async () => {
    const base = { ...BASE, rounds: 10, draws: 10, nPool: 40 };
    const options = { of: "half_subjects", n: 2, replicates: 2 } as const;
    // Four subjects are left, of which three have to give the rarer response.
    const few = await sampleOutcomes(simulated(8, 60, 1), base, GRIDS, options, () => {});
    assert.equal(few.length, 2);
    for (const { numbers, remarks } of few) {
      assert.ok(numbers !== undefined || /^Cannot go on: .*filter/.test(remarks[0]!), remarks[0]);
    }
    // Of a second benchmark the answers of half of the subjects are missing.
    const full = simulated(16, 120, 2);
    const seen = Array.from(full.item.keys())
      .filter((n) => full.item[n]! < 60 || full.subject[n]! % 2 === 0);
    const half = {
      ...full,
      subject: Int32Array.from(seen, (n) => full.subject[n]!),
      item: Int32Array.from(seen, (n) => full.item[n]!),
      response: Float64Array.from(seen, (n) => full.response[n]!),
    };
    const [outcome] = await sampleOutcomes(half, base, GRIDS, options, () => {});
    assert.ok(outcome!.numbers !== undefined || outcome!.remarks.length > 0);
    const choices = { ...base, nFactors: 2 };
    assert.ok((await multiverse(half, [variant("base", {}, choices)], GRIDS))[0]!.numbers);
  },
});

Deno.test({
  name: "playOn() of the real table moves with d, T and tau as in the trial of model section 8",
  ignore: native.ignore || !shared(FILE),
  fn: async () => {
    const table = await real();
    const fit = loadingsOf(table);
    const of = async (changes: Partial<Choices>): Promise<Headline> => {
      const choices = { ...BASE, ...changes };
      return (await playOn(await fit(choices), choices, GRIDS)).numbers;
    };
    const base = await of({});
    assert.equal(base.nFactors, 5);
    assert.ok(Math.abs(base.peakMisalignment - 0.064) < 2 * 0.007);
    assert.ok(Math.abs(base.transparency - 0.74) < 0.12);
    const two = await of({ nFactors: 2 });
    assert.ok(Math.abs(two.peakMisalignment - 0.019) < 0.005 && two.kStarSlow > 300);
    assert.ok(Math.abs(two.transparency - 0.91) < 0.03);
    const short = await of({ nFactors: 5, rounds: 50 });
    assert.ok(short.kStarSlow < 10 && short.kStarFast < 50);
  },
});

/** That Δ_t is within the product bound in every replicate, at all ρ and k of the workflow's grids. */
async function assertBounded(z: Matrix): Promise<void> {
  const pool = makePool(z);
  const N = z.rows;
  const initial = initialDistribution(z, BASE.biasBandwidth);
  const rhos = [0, 0.01, 0.05, 0.1, 0.2, ...logSpaced(0.005, 0.5, 24)];
  const ks = Int32Array.from([5, 20, 50, 100, ...logSpacedIntegers(1, N, 24)]);
  await using product = await nativeProduct();
  for (const correction of [BASE.correction, { kind: "uniform" } as const]) {
    const paths = evaluatorPaths(pool, initial, correction, rhos, BASE.rounds, product.multiply);
    for await (const path of paths) {
      const developer = { forgetting: path.rho, priorMass: N };
      const bounds = Array.from(ks, (k) => productBound(pool, path, { k, ...developer }));
      const options = { ks, ...developer, replicates: 2, seed: "bound" };
      let excess = -Infinity;
      playRepeated(pool, path, options, (_r, t, k, { misalignment }) => {
        excess = Math.max(excess, misalignment - bounds[k]![t]!);
      });
      assert.ok(excess <= 1e-12, `${correction.kind}, ρ = ${path.rho}: beyond by ${excess}`);
    }
  }
}

Deno.test({
  ...native,
  name: "productBound() holds in every replicate on both pools, at all ρ and k of the grids",
  fn: async () => {
    await assertBounded((await syntheticPool(8, 80, "0")).z);
    const choices: Choices = { ...BASE, nFactors: 5 };
    const fitted = await loadingsOf(simulateResponses("0"))(choices);
    await assertBounded((await gameOn(fitted, choices, [])).pool.z);
  },
});

Deno.test({
  ...native,
  name:
    "playOn() of simulated responses has the real table's peak misalignment, in the mean of pools",
  fn: async () => {
    const choices: Choices = { ...BASE, nFactors: 5 };
    const fitted = await loadingsOf(simulateResponses("0"))(choices);
    const peaks: number[] = [];
    for (const pool of ["0", "1", "2", "3"]) {
      const drawn = { ...choices, seeds: { ...BASE.seeds, pool } };
      peaks.push((await playOn(fitted, drawn, GRIDS)).numbers.peakMisalignment);
    }
    const mean = peaks.reduce((sum, peak) => sum + peak, 0) / peaks.length;
    assert.ok(Math.abs(mean - 0.064) < 0.01, `${peaks}`);
  },
});
