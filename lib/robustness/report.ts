import type { Judged } from "./conclusions.ts";
import { type Headline, HEADLINES } from "./headline.ts";
import type { Interval } from "./intervals.ts";
import type { GroupedOutcome } from "./outcome_table.ts";

/** What a reader is told each headline number is. */
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
  readonly intervals: readonly Interval[];
  readonly judged: readonly Judged[];
  /** All outcomes: those with a remark are listed. */
  readonly outcomes: readonly GroupedOutcome[];
  readonly isSimulated: boolean;
}

/** The report in Markdown, for a reader who has read nothing else. */
export function robustnessReport(parts: ReportParts): string {
  const { base, judged, intervals, isSimulated } = parts;
  const sources = [...new Set(intervals.map(({ source }) => source))];
  const count = (kind: string): number =>
    judged.filter(({ verdict }) => verdict.kind === kind).length;
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
    `Of ${judged.length} conclusions, ${count("robust")} are robust, ${
      count("fragile")
    } are fragile and ` +
    `${
      count("not supported")
    } are not supported. A conclusion is *robust* if it holds on the data, does in ` +
    "each control what it should, and holds in at least 95 % of the other choices and samples; *fragile* if " +
    "it holds on the data and not in these; and *not supported* if it does not hold on the data.",
    "",
    "## Conclusions",
    "",
    ...table(
      ["Conclusion", "Measured", "Verdict"],
      judged.map(({ statement, measured, verdict }) => [
        statement,
        `${measured}.`,
        verdict.kind === "fragile"
          ? `**fragile** (breaks with: ${verdict.breaksWith.join(", ")})`
          : `**${verdict.kind}**`,
      ]),
    ),
    "",
    "## Headline numbers",
    "",
    "Each number on the workflow's choices, and the interval that holds its middle 80 % when something else is drawn " +
    "or chosen. One seed's pool is one draw: read the interval, not the number.",
    "",
    ...table(
      ["Number", "Value", ...sources],
      HEADLINES.map((name) => [
        MEANINGS[name],
        base === undefined ? "none" : short(base[name]),
        ...sources.map((source) => {
          const found = intervals.find((x) => x.headline === name && x.source === source);
          return found === undefined ? "none" : `${short(found.low)}–${short(found.high)}`;
        }),
      ]),
    ),
    "",
    ...jackknife(parts),
    "## Remarks",
    "",
    ...remarks(parts),
    "",
  ].join("\n");
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
  return [`Jackknife standard errors over subjects. ${words}.`, ""];
}

function remarks({ outcomes }: ReportParts): string[] {
  const said = outcomes.filter(({ remarks }) => remarks.length > 0);
  const without = outcomes.filter(({ numbers }) => numbers === undefined).length;
  const total =
    `Of ${outcomes.length} outcomes, ${without} have no numbers and ${said.length} a remark.`;
  return [total, ...said.map((x) => `\n- ${x.group}, ${x.name}: ${x.remarks.join("; ")}`)];
}

function short(x: number): string {
  return Number(x.toPrecision(3)).toLocaleString("en-US").replace("-", "−");
}
