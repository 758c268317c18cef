import assert from "node:assert/strict";
import { judge } from "../../lib/robustness/conclusions.ts";
import { CONTROLS } from "../../lib/robustness/control_outcomes.ts";
import type { Headline } from "../../lib/robustness/headline.ts";
import { intervals } from "../../lib/robustness/intervals.ts";
import {
  type GroupedOutcome,
  outcomesOf,
  outcomeTable,
} from "../../lib/robustness/outcome_table.ts";
import { robustnessReport } from "../../lib/robustness/report.ts";
import { SAMPLES } from "../../lib/robustness/sample_outcomes.ts";

const BASE: Headline = {
  peakMisalignment: 0.1,
  ...{ kStarSlow: 40, kStarSlowLow: 10, kStarSlowHigh: 400 },
  ...{ kStarFast: 190, kStarFastLow: 90, kStarFastHigh: 400 },
  ...{ transparency: 0.7, erm: 0.8, nFactors: 5 },
};

function outcome(group: string, name: string, changes?: Partial<Headline>): GroupedOutcome {
  return changes === undefined
    ? { group, name, numbers: undefined, remarks: ["Cannot fit it."] }
    : { group, name, numbers: { ...BASE, ...changes }, remarks: [] };
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
    judge(BASE, CONTROL_OUTCOMES, others).map(({ verdict }) => verdict.kind);
  const [games, skills, several, faster, known, privacy] = kindsOf([
    outcome("d", "d = 1", { nFactors: 1 }),
  ]);
  assert.deepEqual([games, skills, several, faster], ["robust", "robust", "robust", "robust"]);
  assert.equal(known, "not supported");
  assert.equal(privacy, "fragile");
});

Deno.test("judge() counts samples, names choices, and takes one without numbers as broken", () => {
  const others = [
    outcome("tau", "tau = 0.2"),
    outcome(SAMPLES.pools, "pool 0", { peakMisalignment: 0.05 }),
    outcome(SAMPLES.pools, "pool 1", {}),
  ];
  const [, skills] = judge(BASE, CONTROL_OUTCOMES, others);
  assert.deepEqual(skills!.verdict, {
    kind: "fragile",
    breaksWith: ["tau = 0.2", "pool draws (1 of 2)"],
  });
});

Deno.test("judge() supports nothing where the base has no numbers", () => {
  const judged = judge(undefined, CONTROL_OUTCOMES, []);
  assert.ok(judged.every(({ verdict }) => verdict.kind === "not supported"));
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

Deno.test("robustnessReport() gives verdicts, intervals, and every remark", () => {
  const outcomes = [outcome("d", "d = 60"), ...CONTROL_OUTCOMES];
  const text = robustnessReport({
    base: BASE,
    outcomes,
    intervals: intervals({ controls: CONTROL_OUTCOMES }),
    judged: judge(BASE, CONTROL_OUTCOMES, outcomes.slice(0, 1)),
    isSimulated: true,
  });
  assert.match(text, /\*\*simulated responses\*\*/);
  assert.match(text, /\*\*fragile\*\* \(breaks with: d = 60\)/);
  assert.match(text, /\*\*not supported\*\*/);
  assert.match(text, /- d, d = 60: Cannot fit it\./);
});
