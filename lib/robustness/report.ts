import type { ArraysOf } from "../artifact/kind.ts";
import type { heldOut } from "../artifact/kinds.ts";
import { column } from "../stats/matrix.ts";
import type { Judged } from "./conclusions.ts";
import { type Headline, HEADLINES } from "./headline.ts";
import { CHOICES, type Interval, widest } from "./intervals.ts";
import type { GroupedOutcome } from "./outcome_table.ts";
import { breakers } from "./verdict.ts";

/** What each headline number is, for a reader. */
export const MEANINGS: Readonly<Record<keyof Headline, string>> = {
  peakMisalignment: "Peak misalignment Δ, in units of the score (ρ = .05, k = 20)",
  kStarSlow: "Best number of tasks k* at correction rate ρ = .01",
  kStarSlowLow: "… the least k whose cost is within 2 %",
  kStarSlowHigh: "… the largest k whose cost is within 2 %",
  kStarFast: "Best number of tasks k* at ρ = .1",
  kStarFastLow: "… the least k whose cost is within 2 %",
  kStarFastHigh: "… the largest k whose cost is within 2 %",
  transparency: "Utility when 20 tasks are published, share of the best",
  erm: "Utility with a private sample, of which the developer knows 1 %",
  nFactors: "Number of skills d",
};

/** What the report is made from. */
export interface ReportParts {
  readonly base: Headline | undefined;
  /** Of what is chosen or drawn otherwise, and of the controls. */
  readonly intervals: readonly Interval[];
  readonly controls: readonly Interval[];
  readonly conclusions: readonly Judged[];
  readonly claims: readonly Judged[];
  readonly heldOut: ArraysOf<typeof heldOut>;
  /** Share of the outcomes of a source in which what is robust holds. */
  readonly robustShare: number;
  /** All outcomes: those with a remark are listed. */
  readonly outcomes: readonly GroupedOutcome[];
  readonly isSimulated: boolean;
}

/** The report in Markdown, for a reader who has read nothing else. */
export function robustnessReport(parts: ReportParts): string {
  const { conclusions, claims, robustShare, isSimulated } = parts;
  return [
    "# How sure the results are",
    "",
    "A developer optimises a model for an evaluation's score; the evaluator wants the model to be good at all " +
    "tasks. The game between them is played on tasks whose skills are estimated from a table of " +
    `responses${
      isSimulated ? " (here **simulated responses**, not real data)" : ""
    }. Misalignment Δ is how ` +
    "much score the developer gains by aiming at the tasks that it knows and not at all of them.",
    "",
    `A conclusion is *robust* if it holds on the data, does in each control what it should, and holds in at least ` +
    `${
      100 * robustShare
    } % of the other choices, and by itself of each kind of sample; *fragile* if it holds on ` +
    "the data and not in these; and *not supported* if it does not hold on the data.",
    "",
    ...inShort(conclusions, claims),
    "## Conclusions",
    "",
    ...judgedTable("Conclusion", conclusions),
    "",
    "## Headline numbers",
    "",
    "Each number on the workflow's choices, and the interval that holds its middle 80 % when something else is drawn " +
    "or chosen. One seed's pool is one draw: read the interval, not the number. The last column says which of the " +
    "samples (subjects, items, pools, random numbers) matters most.",
    "",
    ...numbersTable(parts.base, parts.intervals, true),
    "",
    ...jackknife(parts),
    ...edges(parts),
    "The same on the controls, over random pools.",
    "",
    ...numbersTable(parts.base, parts.controls, false),
    "",
    "## How many skills predict",
    "",
    ...heldOutTable(parts.heldOut),
    "## Claims",
    "",
    "What the paper, the textbook and the model say of the game, by mean field. A claim should hold on tables with " +
    "one skill or none as well; where it says nothing (no misalignment is left), it is not counted. " +
    `${tallyOf(claims)}.`,
    "",
    ...judgedTable("Claim", claims),
    "",
    "## Remarks",
    "",
    ...remarks(parts),
    "",
  ].join("\n");
}

/** Which conclusions stand and which do not, and why, in sentences. */
function inShort(conclusions: readonly Judged[], claims: readonly Judged[]): string[] {
  const lines = (title: string, kind: string, why: (judged: Judged) => string): string[] => {
    const found = conclusions.filter(({ verdict }) => verdict.kind === kind);
    return found.length === 0 ? [] : [
      `**${title}**`,
      "",
      ...found.map((judged) => `- ${judged.statement} ${why(judged)}`),
      "",
    ];
  };
  const sentence = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}.`;
  // What is known to be wrong in general can hold here.
  const standing = claims.filter(({ verdict, expected }) =>
    verdict.kind === "robust" && expected !== false
  );
  return [
    `Of ${conclusions.length} conclusions, ${tallyOf(conclusions)}.`,
    "",
    "Of the choices, n_factors is the number of skills *d*, min_minority the fewest " +
    "subjects that gave an item's rarer response, psi_floor the least uniqueness, tau from where on a skill counts for " +
    "a task, n_pool the number of tasks, bias_bandwidth the less the more biased the evaluator, prior_mass how slowly " +
    "the developer learns, and gamma the weight of misalignment in the cost.",
    "",
    ...lines("What stands", "robust", ({ measured }) => sentence(measured)),
    ...(standing.length === 0 ? [] : [
      "**What stands of the game itself**, whatever the table and the choices:",
      "",
      ...standing.map(({ statement }) => `- ${sentence(statement)}`),
      "",
    ]),
    ...lines(
      "What depends on a choice or on the sample",
      "fragile",
      ({ measured, verdict }) =>
        `${sentence(measured)} It breaks with: ${breakers(verdict, CHOICES).join(", ")}.`,
    ),
    ...lines("What the data do not support", "not supported", ({ measured }) => sentence(measured)),
  ];
}

function tallyOf(judged: readonly Judged[]): string {
  const count = (kind: string): number =>
    judged.filter(({ verdict }) => verdict.kind === kind).length;
  const expected =
    judged.filter(({ expected, verdict }) => expected === false && verdict.kind === "not supported")
      .length;
  return `${count("robust")} are robust, ${count("fragile")} fragile and ${
    count("not supported")
  } not supported` + (expected > 0 ? ` (${expected} of them as expected)` : "");
}

function judgedTable(title: string, judged: readonly Judged[]): string[] {
  return table(
    [title, "Measured", "Verdict", "Holds in", "Does not hold with"],
    judged.map(({ statement, source, measured, expected, verdict }) => [
      source === undefined ? statement : `${statement} (${source})`,
      `${measured}.`,
      `**${verdict.kind}**${
        expected === false && verdict.kind === "not supported" ? ", as expected" : ""
      }`,
      verdict.tallies.map(({ source, of, broken }) => `${source} ${of - broken.length}/${of}`)
        .join("; "),
      // What does not hold on the data has nothing to break.
      verdict.kind === "not supported" ? "" : breakers(verdict, CHOICES).join(", "),
    ]),
  );
}

function numbersTable(
  base: Headline | undefined,
  intervals: readonly Interval[],
  withWidest: boolean,
): string[] {
  const sources = [...new Set(intervals.map(({ source }) => source))];
  return table(
    ["Number", "Value", ...sources, ...(withWidest ? ["Of samples, varies most with"] : [])],
    HEADLINES.map((name) => [
      MEANINGS[name],
      base === undefined ? "none" : short(base[name]),
      ...sources.map((source) => {
        const found = intervals.find((x) => x.headline === name && x.source === source);
        return found === undefined ? "none" : `${short(found.low)}–${short(found.high)}`;
      }),
      ...(withWidest ? [widest(intervals, name) ?? "nothing"] : []),
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

/** Of smooth numbers only: k* jumps, and a jackknife says nothing about it. */
function jackknife({ intervals }: ReportParts): string[] {
  const smooth = ["peakMisalignment", "transparency", "erm"];
  const found = intervals.filter(({ headline, standardError }) =>
    smooth.includes(headline) && !Number.isNaN(standardError)
  );
  if (found.length === 0) return [];
  const words = found.map((x) => `${MEANINGS[x.headline]}: ${short(x.standardError)}`).join("; ");
  return [
    `Jackknife standard errors over subjects. ${words}. Without each subject another pool is drawn, and the ` +
    "jackknife magnifies what the draw does as well.",
    "",
  ];
}

function edges({ outcomes }: ReportParts): string[] {
  const found = outcomes.filter(({ edges }) => edges.length > 0);
  if (found.length === 0) return [];
  const base = found.find(({ name }) => name === "base");
  return [
    `In ${found.length} of ${outcomes.length} outcomes a k* is 1 or the whole pool, the edge of what can be ` +
    "chosen: there the least cost may lie beyond, and the number is a bound" +
    `${base === undefined ? "" : ` (of the workflow's own choices: ${base.edges.join("; ")})`}.`,
    "",
  ];
}

function heldOutTable(scores: ArraysOf<typeof heldOut>): string[] {
  const { n_factors, brier, brier_of_mean, brier_of_additive, chosen_n_factors } = scores;
  const mean = (values: ArrayLike<number>): number =>
    Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;
  const rows = [
    ["0 (item means)", mean(brier_of_mean)],
    ["additive model", mean(brier_of_additive)],
    ...Array.from(n_factors, (d, n) => [
      d === chosen_n_factors ? `${d} (the workflow's)` : `${d}`,
      mean(column(brier, n)),
    ]),
  ] as const;
  return [
    "Mean squared error (Brier score) of answers that the fit did not see, in " +
    `${brier.rows} ${
      brier.rows === 1 ? "split" : "splits"
    }: the smaller, the better. Parallel analysis says how ` +
    "many skills exceed chance, not how many predict.",
    "",
    ...table(
      ["Skills d", "Brier score"],
      rows.map(([name, x]) => [String(name), short4(x as number)]),
    ),
    "",
  ];
}

function remarks({ outcomes }: ReportParts): string[] {
  const said = outcomes.filter(({ remarks }) => remarks.length > 0);
  const without = outcomes.filter(({ numbers }) => numbers === undefined).length;
  const total =
    `Of ${outcomes.length} outcomes, ${without} have no numbers and ${said.length} a remark.`;
  return [total, ...said.map((x) => `\n- ${x.group}, ${x.name}: ${x.remarks.join("; ")}`)];
}

/** Values below it are rounding noise. */
const ROUNDING = 1e-12;

function short(x: number): string {
  if (Math.abs(x) < ROUNDING) return "0";
  return Number(x.toPrecision(3)).toLocaleString("en-US", { maximumSignificantDigits: 3 })
    .replace("-", "−");
}

function short4(x: number): string {
  return x.toFixed(4);
}
