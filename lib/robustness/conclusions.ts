import type { ArraysOf } from "../artifact/kind.ts";
import type { heldOut } from "../artifact/kinds.ts";
import { column, row } from "../stats/matrix.ts";
import { CONTROLS } from "./control_outcomes.ts";
import type { Headline } from "./headline.ts";
import type { GroupedOutcome } from "./outcome_table.ts";
import { type Holding, type Verdict, verdictOf } from "./verdict.ts";

/** A conclusion that a reader would draw from the headline numbers. */
interface Conclusion {
  /** The figure that shows its numbers. */
  readonly figure: string;
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

/** A conclusion or a claim, and how sure it is. */
export interface Judged {
  /** The figure that shows its numbers. */
  readonly figure: string;
  readonly statement: string;
  /** Where it comes from; of a claim alone. */
  readonly source?: string;
  readonly expected?: boolean;
  readonly measured: string;
  readonly verdict: Verdict;
}

/** From where on a conclusion holds. */
export interface Thresholds {
  /** Misalignment below this share of the score is not worth a remedy. */
  readonly visible: number;
  /** A conclusion about skills needs this multiple of what tables without them give. */
  readonly clearlyMore: number;
  /** k* is known where the k within 2 % of the least cost span no more than this ratio. */
  readonly knownRatio: number;
  /** Share of other choices, and of each kind of sample, in which what is robust holds. */
  readonly robustShare: number;
}

const three = (x: number): string => Number(x.toPrecision(3)).toLocaleString("en-US");

/** What is judged. */
const conclusionsOf = (
  { visible, clearlyMore, knownRatio }: Thresholds,
): readonly Conclusion[] => [
  {
    figure: "fig_repeated_delta_vs_k",
    statement: `The developer games the evaluation: misalignment peaks above ${
      100 * visible
    } % of the score.`,
    measured: ({ peakMisalignment }) => `the peak is ${three(peakMisalignment)}`,
    holds: ({ peakMisalignment }) => peakMisalignment > visible,
    controls: { unbiased: "fails" },
  },
  {
    figure: "fig_repeated_delta_vs_k",
    statement:
      `Misalignment comes from differences of skill: it is more than ${clearlyMore} times what tables with ` +
      "one skill, or none, give.",
    measured: ({ peakMisalignment }, { oneSkill, noSkill }) =>
      `the peak is ${three(peakMisalignment)}; with one skill ${three(oneSkill)}, ` +
      `with none ${three(noSkill)}`,
    holds: ({ peakMisalignment }, { oneSkill, noSkill }) =>
      peakMisalignment > clearlyMore * Math.max(oneSkill, noSkill),
    controls: { oneSkill: "fails", noSkill: "fails" },
  },
  {
    figure: "fig_parallel_analysis",
    statement: "The table has several skills.",
    measured: ({ nFactors }) => `parallel analysis finds ${nFactors}`,
    holds: ({ nFactors }, _controls, group) => group === "n_factors" ? undefined : nFactors > 1,
    controls: { oneSkill: "fails", noSkill: "fails" },
  },
  {
    figure: "fig_repeated_rho_k_colormap_total",
    statement:
      "Faster correction lets the evaluator score more tasks: k* at ρ = .1 is above k* at ρ = .01.",
    measured: ({ kStarSlow, kStarFast }) => `${three(kStarFast)} against ${three(kStarSlow)}`,
    holds: ({ kStarSlow, kStarFast }) => kStarFast > kStarSlow,
    controls: {},
  },
  {
    figure: "fig_repeated_rho_k_colormap_total",
    statement: `The best sample size k* at ρ = .01 is known to a factor of ${knownRatio}.`,
    measured: ({ kStarSlowLow, kStarSlowHigh }) =>
      `every k from ${three(kStarSlowLow)} to ${
        three(kStarSlowHigh)
      } costs within 2 % of the least`,
    holds: ({ kStarSlowLow, kStarSlowHigh }) => kStarSlowHigh <= knownRatio * kStarSlowLow,
    controls: {},
  },
  {
    figure: "fig_oneshot_erm_vs_transparency",
    statement:
      "Privacy pays: a private sample (ERM at α = .01) is worth more than publishing 20 tasks, " +
      "also if the evaluator has no bias.",
    measured: ({ erm, transparency }) =>
      `utility ${three(erm)} against ${three(transparency)} of the best`,
    holds: ({ erm, transparency }) => erm > transparency,
    controls: { unbiased: "holds" },
  },
];

/** Outcomes by what is chosen or drawn otherwise. */
export type Sources = Readonly<Record<string, readonly GroupedOutcome[]>>;

/**
 * Judges every conclusion (model section 8). A control of several pools does what it should if most of
 * them do.
 *
 * @param base The outcome of the workflow's own choices.
 * @param controls Outcomes of the controls.
 */
export function judge(
  base: GroupedOutcome | undefined,
  controls: readonly GroupedOutcome[],
  sources: Sources,
  thresholds: Thresholds,
): Judged[] {
  const means = {
    oneSkill: meanPeak(controls, CONTROLS.oneSkill),
    noSkill: meanPeak(controls, CONTROLS.noSkill),
  };
  return conclusionsOf(thresholds).map(
    ({ figure, statement, measured, holds, controls: expected }) => {
      const of = ({ numbers, group }: GroupedOutcome): boolean | null | undefined =>
        numbers === undefined ? null : holds(numbers, means, group);
      const verdict = verdictOf(
        base === undefined ? null : of(base) ?? null,
        inControls(controls, of, expected),
        holdings(sources, of),
        thresholds.robustShare,
      );
      const numbers = base?.numbers;
      const text = numbers === undefined ? "the base has no numbers" : measured(numbers, means);
      return { figure, statement, measured: text, verdict };
    },
  );
}

/**
 * Judges every claim: it is about the game, and so it should hold on tables with one skill or none as well.
 *
 * @param base The outcome of the workflow's own choices.
 */
export function judgeClaims(
  base: GroupedOutcome | undefined,
  controls: readonly GroupedOutcome[],
  sources: Sources,
  { robustShare }: Pick<Thresholds, "robustShare">,
): Judged[] {
  return (base?.claims ?? []).map(({ figure, statement, source, expected, measured, holds }, c) => {
    const of = ({ numbers, claims }: GroupedOutcome): boolean | null | undefined =>
      numbers === undefined ? null : claims?.[c]?.holds ?? undefined;
    const should = { oneSkill: "holds", noSkill: "holds" } as const;
    const verdict = verdictOf(
      holds,
      inControls(controls, of, should),
      holdings(sources, of),
      robustShare,
    );
    return { figure, statement, source, expected, measured, verdict };
  });
}

/** Judges by held-out answers whether the workflow's number of skills predicts better than one. */
export function judgeHeldOut(
  { n_factors, brier, brier_of_mean, chosen_n_factors: chosen }: ArraysOf<typeof heldOut>,
  { robustShare }: Pick<Thresholds, "robustShare">,
): Judged {
  const scores = Array.from(n_factors, (_, n) => meanOf(column(brier, n)));
  const at = n_factors.indexOf(chosen);
  const best = n_factors[scores.indexOf(Math.min(...scores))]!;
  const four = (x: number): string => x.toFixed(4);
  const splits = Array.from({ length: brier.rows }, (_, split) => ({
    name: `split ${split}`,
    holds: row(brier, split)[at]! < row(brier, split)[0]!,
  }));
  return {
    figure: "fig_parallel_analysis",
    statement: "The skills that the workflow fits predict held-out answers better than one skill.",
    measured:
      `the Brier score is ${four(scores[at]!)} with d = ${chosen}, ${four(scores[0]!)} with one ` +
      `skill, and least with d = ${best}; item means have ${four(meanOf(brier_of_mean))}`,
    verdict: verdictOf(scores[at]! < scores[0]!, [], { "hidden answers": splits }, robustShare),
  };
}

type HoldsIn = (outcome: GroupedOutcome) => boolean | null | undefined;

/** Of each control whether most of its pools to which a statement applies do what they should. */
function inControls(
  controls: readonly GroupedOutcome[],
  of: HoldsIn,
  expected: Conclusion["controls"],
): Holding[] {
  return Object.entries(expected).flatMap(([control, should]) => {
    const name = CONTROLS[control as keyof typeof CONTROLS];
    const found = controls.filter(({ group }) => group === name).map(of)
      .filter((held) => held !== undefined);
    const right = found.filter((held) => held === (should === "holds")).length;
    return found.length === 0 ? [] : [{ name, holds: right > found.length / 2 }];
  });
}

function holdings(sources: Sources, of: HoldsIn): Record<string, Holding[]> {
  return Object.fromEntries(
    Object.entries(sources).map(([source, outcomes]) => [
      source,
      outcomes.flatMap((outcome) => {
        const holds = of(outcome);
        return holds === undefined ? [] : [{ name: outcome.name, holds }];
      }),
    ]),
  );
}

function meanPeak(controls: readonly GroupedOutcome[], control: string): number {
  const peaks = controls.flatMap(({ group, numbers }) =>
    group === control && numbers !== undefined ? [numbers.peakMisalignment] : []
  );
  return meanOf(peaks);
}

function meanOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;
}
