import assert from "node:assert/strict";
import { InputError } from "../../lib/base/errors.ts";
import { parallelAnalysis } from "../../lib/estimation/parallel_analysis.ts";
import { filterItems } from "../../lib/responses/filter_items.ts";
import { indexResponses } from "../../lib/responses/index_responses.ts";
import { simulateResponses } from "../../lib/responses/simulate_responses.ts";
import { readParquet } from "../../lib/responses/read_parquet.ts";
import type { Responses } from "../../lib/responses/responses.ts";
import { oneSkillTable, permutedTable, raschModel } from "../../lib/robustness/controls.ts";
import { fitLoadings } from "../../lib/robustness/fit_loadings.ts";
import { headline, headlineOfLoadings } from "../../lib/robustness/headline.ts";
import { multiverse } from "../../lib/robustness/multiverse.ts";
import {
  halfOfItems,
  halfOfSubjects,
  jackknifeError,
  selectSubjects,
  withoutEachSubject,
} from "../../lib/robustness/resample.ts";
import { type Choices, FIXED } from "../../lib/robustness/variant.ts";
import { verdictOf } from "../../lib/robustness/verdict.ts";
import { normal } from "../../lib/stats/random/normal.ts";
import { stream } from "../../lib/stats/random/stream.ts";
import { allowed, shared, sharedPath } from "../support.ts";
import { tableFromRows } from "../table_from_rows.ts";

/** The model's values (model sections 1 to 6). */
const BASE: Choices = {
  ...FIXED,
  minSubjects: 3,
  minMinority: 3,
  nFactors: "auto",
  factorModel: "gaussian",
  nReplications: 20,
  percentile: 95,
  psiFloor: 0.2,
  maxEpochs: 3000,
  tolerance: 1e-9,
  andersonDepth: 4,
  rotation: "quartimin",
  tau: 0.1,
  nPool: 400,
  biasBandwidth: 0.3,
  correction: { kind: "gap_gaussian", bandwidth: 0.1 },
  rounds: 200,
  forgetting: null,
  priorMass: null,
  gamma: 0.05,
  draws: 200,
  seed: "0",
  poolSeed: "0",
};

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
    const outcomes = await multiverse(simulated(16, 120, 2), base, [
      { name: "base", changes: {} },
      { name: "too many factors", changes: { nFactors: 16 } },
      { name: "cut short", changes: { maxEpochs: 2 } },
    ]);
    assert.deepEqual(outcomes.map(({ name }) => name), ["base", "too many factors", "cut short"]);
    const [plain, none, short] = outcomes;
    assert.deepEqual(plain!.remarks, []);
    assert.equal(none!.numbers, undefined);
    assert.match(none!.remarks[0]!, /^Cannot fit 16 factors to 16 subjects/);
    assert.deepEqual(short!.remarks, ["not converged after 2 iterations"]);
    assert.ok(short!.numbers!.peakMisalignment > 0);
  },
});

Deno.test("verdictOf() tells robust, fragile with what breaks it, and not supported", () => {
  const others = Array.from({ length: 20 }, (_, n) => ({ name: `v${n}`, holds: n !== 3 }));
  const good = [{ name: "one skill", holds: true }];
  assert.deepEqual(verdictOf(true, good, others), { kind: "robust" });
  assert.deepEqual(verdictOf(true, [{ name: "one skill", holds: false }], others), {
    kind: "fragile",
    breaksWith: ["one skill", "v3"],
  });
  const worse = others.map((other, n) => n === 4 ? { ...other, holds: null } : other);
  assert.deepEqual(verdictOf(true, good, worse), { kind: "fragile", breaksWith: ["v3", "v4"] });
  assert.deepEqual(verdictOf(false, good, others), { kind: "not supported" });
  assert.deepEqual(verdictOf(null, good, others), { kind: "not supported" });
});

Deno.test({
  name: "headline() of the real table moves with d, T and tau as in the trial of model section 8",
  ignore: native.ignore || !shared(FILE),
  fn: async () => {
    const table = await real();
    const of = (changes: Partial<typeof BASE>): ReturnType<typeof headline> =>
      headline(table, { ...BASE, ...changes });
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

Deno.test({
  ...native,
  name:
    "headline() of simulated responses has the real table's peak misalignment, in the mean of pools",
  fn: async () => {
    const fitted = await fitLoadings(simulateResponses("0"), { ...BASE, nFactors: 5 });
    const peaks: number[] = [];
    for (const poolSeed of ["0", "1", "2", "3"]) {
      peaks.push((await headlineOfLoadings(fitted, { ...BASE, poolSeed })).peakMisalignment);
    }
    const mean = peaks.reduce((sum, peak) => sum + peak, 0) / peaks.length;
    assert.ok(Math.abs(mean - 0.064) < 0.01, `${peaks}`);
  },
});
