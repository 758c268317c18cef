import { CONTROLS } from "./control_outcomes.ts";
import type { Headline } from "./headline.ts";
import type { GroupedOutcome } from "./outcome_table.ts";
import { SAMPLES } from "./sample_outcomes.ts";
import { type Holding, type Verdict, verdictOf } from "./verdict.ts";

/** A conclusion that a reader would draw from the headline numbers. */
interface Conclusion {
  readonly statement: string;
  /** In which words its numbers are measured. */
  readonly measured: (base: Headline, controls: ControlMeans) => string;
  /** Whether it holds; undefined where a group of variants decides it by itself. */
  readonly holds: (numbers: Headline, controls: ControlMeans, group: string) => boolean | undefined;
  /** Controls in which it should hold, or should fail. */
  readonly controls: Readonly<Partial<Record<keyof typeof CONTROLS, "holds" | "fails">>>;
}

/** Means of the peak of Δ_t over the pools of the controls without several skills; NaN where there is none. */
interface ControlMeans {
  readonly oneSkill: number;
  readonly noSkill: number;
}

/** A conclusion, and how sure it is. */
export interface Judged {
  readonly statement: string;
  readonly measured: string;
  readonly verdict: Verdict;
}

/** Misalignment below this share of the score is not worth a remedy. */
const VISIBLE = 0.01;
/** A conclusion about skills needs this multiple of what tables without them give. */
const CLEARLY_MORE = 2;
/** k* is known where the k within 2 % of the least cost span no more than this ratio. */
const KNOWN_RATIO = 4;

const three = (x: number): string => Number(x.toPrecision(3)).toLocaleString("en-US");

/** What is judged. */
const CONCLUSIONS: readonly Conclusion[] = [
  {
    statement: "The developer games the evaluation: misalignment peaks above 1 % of the score.",
    measured: ({ peakMisalignment }) => `the peak is ${three(peakMisalignment)}`,
    holds: ({ peakMisalignment }) => peakMisalignment > VISIBLE,
    controls: { unbiased: "fails" },
  },
  {
    statement:
      "Misalignment comes from differences of skill: it is more than twice what tables with one " +
      "skill, or none, give.",
    measured: ({ peakMisalignment }, { oneSkill, noSkill }) =>
      `the peak is ${three(peakMisalignment)}; with one skill ${three(oneSkill)}, ` +
      `with none ${three(noSkill)}`,
    holds: ({ peakMisalignment }, { oneSkill, noSkill }) =>
      peakMisalignment > CLEARLY_MORE * Math.max(oneSkill, noSkill),
    controls: { oneSkill: "fails", noSkill: "fails" },
  },
  {
    statement: "The table has several skills.",
    measured: ({ nFactors }) => `parallel analysis finds ${nFactors}`,
    holds: ({ nFactors }, _controls, group) => group === "d" ? undefined : nFactors > 1,
    controls: { oneSkill: "fails", noSkill: "fails" },
  },
  {
    statement:
      "Faster correction lets the evaluator score more tasks: k* at ρ = .1 is above k* at ρ = .01.",
    measured: ({ kStarSlow, kStarFast }) => `${three(kStarFast)} against ${three(kStarSlow)}`,
    holds: ({ kStarSlow, kStarFast }) => kStarFast > kStarSlow,
    controls: {},
  },
  {
    statement: `The best sample size k* at ρ = .01 is known to a factor of ${KNOWN_RATIO}.`,
    measured: ({ kStarSlowLow, kStarSlowHigh }) =>
      `every k from ${three(kStarSlowLow)} to ${
        three(kStarSlowHigh)
      } costs within 2 % of the least`,
    holds: ({ kStarSlowLow, kStarSlowHigh }) => kStarSlowHigh <= KNOWN_RATIO * kStarSlowLow,
    controls: {},
  },
  {
    statement:
      "Privacy pays: a private sample (ERM at α = .01) is worth more than publishing 20 tasks, " +
      "also if the evaluator has no bias.",
    measured: ({ erm, transparency }) =>
      `utility ${three(erm)} against ${three(transparency)} of the best`,
    holds: ({ erm, transparency }) => erm > transparency,
    controls: { unbiased: "holds" },
  },
];

/** Samples have many names that say nothing. */
const isSample = (group: string): boolean => (Object.values(SAMPLES) as string[]).includes(group);

/**
 * Judges every conclusion (model section 8). A control of several pools does what it should if most of
 * them do.
 *
 * @param base The numbers on the workflow's own choices.
 * @param controls Outcomes of the controls.
 * @param others Variants and samples.
 */
export function judge(
  base: Headline | undefined,
  controls: readonly GroupedOutcome[],
  others: readonly GroupedOutcome[],
): Judged[] {
  const means = {
    oneSkill: meanPeak(controls, CONTROLS.oneSkill),
    noSkill: meanPeak(controls, CONTROLS.noSkill),
  };
  return CONCLUSIONS.map(({ statement, measured, holds, controls: expected }) => {
    const of = ({ numbers, group }: GroupedOutcome): boolean | null | undefined =>
      numbers === undefined ? null : holds(numbers, means, group);
    const inControls = Object.entries(expected).map(([control, should]) => {
      const name = CONTROLS[control as keyof typeof CONTROLS];
      const found = controls.filter(({ group }) => group === name).map(of);
      const share = found.filter((x) => x === (should === "holds")).length / found.length;
      return { name, holds: share > 0.5 };
    });
    const applicable: Holding[] = [];
    const groups = new Map<string, boolean[]>();
    for (const other of others) {
      const found = of(other);
      if (found === undefined) continue;
      applicable.push({ name: other.name, holds: found });
      if (isSample(other.group)) {
        groups.set(other.group, [...groups.get(other.group) ?? [], found === true]);
      }
    }
    const verdict = base === undefined
      ? verdictOf(null, inControls, applicable)
      : verdictOf(holds(base, means, "base") ?? null, inControls, applicable);
    const text = base === undefined ? "the base has no numbers" : measured(base, means);
    return { statement, measured: text, verdict: shorten(verdict, others, groups) };
  });
}

/** Samples are counted and not named. */
function shorten(
  verdict: Verdict,
  others: readonly GroupedOutcome[],
  groups: ReadonlyMap<string, readonly boolean[]>,
): Verdict {
  if (verdict.kind !== "fragile") return verdict;
  const samples = new Set(others.filter(({ group }) => isSample(group)).map(({ name }) => name));
  const counted = [...groups].flatMap(([group, found]) => {
    const broken = found.filter((holds) => !holds).length;
    return broken === 0 ? [] : [`${group} (${broken} of ${found.length})`];
  });
  const named = verdict.breaksWith.filter((name) => !samples.has(name));
  return { kind: "fragile", breaksWith: [...named, ...counted] };
}

function meanPeak(controls: readonly GroupedOutcome[], control: string): number {
  const peaks = controls.flatMap(({ group, numbers }) =>
    group === control && numbers !== undefined ? [numbers.peakMisalignment] : []
  );
  return peaks.reduce((sum, x) => sum + x, 0) / peaks.length;
}
