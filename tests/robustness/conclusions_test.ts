import assert from "node:assert/strict";
import type { ArraysOf } from "../../lib/artifact/kind.ts";
import type { heldOut as heldOutKind } from "../../lib/artifact/kinds.ts";
import { judge, judgeClaims, judgeHeldOut } from "../../lib/robustness/conclusions.ts";
import type { KeptClaim } from "../../lib/robustness/multiverse.ts";
import { CONTROLS } from "../../lib/robustness/control_outcomes.ts";
import type { Headline } from "../../lib/robustness/headline.ts";
import { CHOICES, intervals } from "../../lib/robustness/intervals.ts";
import {
  type GroupedOutcome,
  outcomesOf,
  outcomeTable,
} from "../../lib/robustness/outcome_table.ts";
import { robustnessReport } from "../../lib/robustness/report.ts";
import { SAMPLES } from "../../lib/robustness/sample_outcomes.ts";
import { breakers } from "../../lib/robustness/verdict.ts";
import { matrix } from "../../lib/stats/matrix.ts";

const BASE: Headline = {
  peakMisalignment: 0.1,
  ...{ kStarSlow: 40, kStarSlowLow: 10, kStarSlowHigh: 400 },
  ...{ kStarFast: 190, kStarFastLow: 90, kStarFastHigh: 400 },
  ...{ transparency: 0.7, erm: 0.8, nFactors: 5 },
};

const NOTHING = { claims: undefined, edges: [] };
const THRESHOLDS = { visible: 0.01, clearlyMore: 2, knownRatio: 4, robustShare: 0.95 };

function outcome(group: string, name: string, changes?: Partial<Headline>): GroupedOutcome {
  return changes === undefined
    ? { ...NOTHING, group, name, numbers: undefined, remarks: ["Cannot fit it."] }
    : { ...NOTHING, group, name, numbers: { ...BASE, ...changes }, remarks: [] };
}

const CONTROL_OUTCOMES = [
  outcome(CONTROLS.oneSkill, "pool 0", { peakMisalignment: 0.03, nFactors: 1 }),
  outcome(CONTROLS.noSkill, "pool 0", { peakMisalignment: 0.02, nFactors: 1 }),
  outcome(CONTROLS.unbiased, "pool 0", { peakMisalignment: 0, transparency: 0.95 }),
];

Deno.test("outcomesOf() gives back what outcomeTable() was given, outcomes without numbers too", () => {
  const given = [outcome("d", "d = 1", { nFactors: 1 }), outcome("d", "d = 60")];
  const { arrays, facts } = outcomeTable(given);
  assert.deepEqual(outcomesOf(arrays), given);
  assert.deepEqual(facts, { n_outcomes: 2, n_without_numbers: 1 });
});

Deno.test("judge() tells conclusions that stand from those that a control or a choice breaks", () => {
  const kindsOf = (others: GroupedOutcome[]): string[] =>
    judge(outcome("base", "base", {}), CONTROL_OUTCOMES, { [CHOICES]: others }, THRESHOLDS)
      .map(({ verdict }) => verdict.kind);
  const [games, skills, several, faster, known, privacy] = kindsOf([
    outcome("n_factors", "n_factors = 1", { nFactors: 1 }),
  ]);
  assert.deepEqual([games, skills, several, faster], ["robust", "robust", "robust", "robust"]);
  assert.equal(known, "not supported");
  assert.equal(privacy, "fragile");
});

Deno.test("judge() counts samples, names choices, and takes one without numbers as broken", () => {
  const [, skills] = judge(outcome("base", "base", {}), CONTROL_OUTCOMES, {
    [CHOICES]: [outcome("tau", "tau = 0.2")],
    [SAMPLES.pools]: [
      outcome(SAMPLES.pools, "pool 0", { peakMisalignment: 0.05 }),
      outcome(SAMPLES.pools, "pool 1", {}),
    ],
  }, THRESHOLDS);
  assert.equal(skills!.verdict.kind, "fragile");
  assert.deepEqual(breakers(skills!.verdict, CHOICES), ["tau = 0.2", "pool draws (1 of 2)"]);
});

Deno.test("judge() supports nothing where the base has no numbers, and takes other thresholds", () => {
  const none = judge(outcome("base", "base"), CONTROL_OUTCOMES, {}, THRESHOLDS);
  assert.ok(none.every(({ verdict }) => verdict.kind === "not supported"));
  const base = outcome("base", "base", {});
  const high = judge(base, CONTROL_OUTCOMES, {}, { ...THRESHOLDS, visible: 0.2 });
  assert.equal(high[0]!.verdict.kind, "not supported");
  assert.match(high[0]!.statement, /above 20 % of the score/);
});

Deno.test("judgeClaims() leaves out where a claim does not apply, and counts an edge as broken", () => {
  const claimed = (name: string, holds: boolean | null, atEdge = false): GroupedOutcome => {
    const claim: KeptClaim = {
      ...{ figure: "fig", statement: "it holds", source: "textbook", expected: true },
      ...{ measured: "so", holds, atEdge },
    };
    return { ...outcome("tau", name, {}), claims: [claim] };
  };
  const back = (outcomes: GroupedOutcome[]): GroupedOutcome[] =>
    outcomesOf(outcomeTable(outcomes).arrays);
  const [base, ...others] = back([
    claimed("base", true),
    claimed("silent", null),
    claimed("edge", null, true),
    claimed("fine", true),
  ]);
  const [judged] = judgeClaims(base, [], { [CHOICES]: others }, THRESHOLDS);
  assert.equal(judged!.verdict.kind, "fragile");
  assert.deepEqual(judged!.verdict.tallies, [{ source: CHOICES, of: 2, broken: ["edge"] }]);
});

Deno.test("judgeHeldOut() compares the workflow's number of skills with one on every split", () => {
  const scores = (data: number[]): ArraysOf<typeof heldOutKind> => ({
    n_factors: Int32Array.of(1, 2, 3),
    brier: matrix(2, 3, Float64Array.from(data)),
    converged: matrix(2, 3, new Float64Array(6).fill(1)),
    brier_of_mean: Float64Array.of(0.25, 0.25),
    brier_of_additive: Float64Array.of(0.2, 0.2),
    chosen_n_factors: 2,
  });
  const worse = judgeHeldOut(scores([0.17, 0.18, 0.19, 0.17, 0.18, 0.19]), THRESHOLDS);
  assert.equal(worse.verdict.kind, "not supported");
  assert.match(worse.measured, /0\.1800 with d = 2, 0\.1700 with one skill, and least with d = 1/);
  const better = judgeHeldOut(scores([0.2, 0.18, 0.19, 0.2, 0.18, 0.19]), THRESHOLDS);
  assert.equal(better.verdict.kind, "robust");
});

Deno.test("intervals() gives the 10–90 % of each source and counts outcomes without numbers", () => {
  const pools = Array.from({ length: 11 }, (_, n) =>
    outcome("pools", `${n}`, {
      erm: n / 10,
    }));
  const found = intervals({ pools: [...pools, outcome("pools", "none")], empty: [] });
  const erm = found.find(({ headline }) => headline === "erm")!;
  assert.ok(Math.abs(erm.low - 0.1) < 1e-12 && Math.abs(erm.high - 0.9) < 1e-12);
  assert.deepEqual([erm.n, erm.without, erm.standardError], [12, 1, NaN]);
  assert.ok(found.every(({ source }) => source === "pools"));
});

Deno.test("robustnessReport() gives verdicts, intervals, held-out scores, and every remark", () => {
  const outcomes = [outcome("d", "d = 60"), ...CONTROL_OUTCOMES];
  const base = outcome("base", "base", {});
  const sources = { [CHOICES]: outcomes.slice(0, 1) };
  const text = robustnessReport({
    base: BASE,
    outcomes,
    intervals: intervals({ pools: CONTROL_OUTCOMES }),
    controls: intervals({ "one skill": CONTROL_OUTCOMES }),
    conclusions: judge(base, CONTROL_OUTCOMES, sources, THRESHOLDS),
    claims: [],
    heldOut: {
      n_factors: Int32Array.of(1),
      brier: matrix(1, 1, Float64Array.of(0.17)),
      converged: matrix(1, 1, Float64Array.of(1)),
      brier_of_mean: Float64Array.of(0.25),
      brier_of_additive: Float64Array.of(0.2),
      chosen_n_factors: 1,
    },
    robustShare: 0.95,
    isSimulated: true,
  });
  assert.match(text, /\*\*simulated responses\*\*/);
  assert.match(text, /\*\*fragile\*\* \| other choices 0\/1 \| .*d = 60/);
  assert.match(text, /It breaks with: d = 60\./);
  assert.match(text, /\*\*not supported\*\*/);
  assert.match(text, /\| 1 \(the workflow's\) \| 0\.1700 \|/);
  assert.match(text, /- d, d = 60: Cannot fit it\./);
  assert.doesNotMatch(text, /NaN|undefined/);
});
