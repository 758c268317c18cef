import { show } from "./values.ts";

/** What the skills of a table are, and whether it is large enough to tell. */
export interface SkillsReport {
  /** By share of the mass, the largest first. */
  readonly skills: readonly Skill[];
  readonly size: SizeReport;
}

/** One skill: an axis of the tasks. */
export interface Skill {
  /** Share of the mass of all tasks, in [0, 1]. */
  readonly share: number;
  /** How many items draw on it. */
  readonly n_items: number;
  /** Of which categories, or else benchmarks, its mass is, the largest shares first. */
  readonly parts: readonly { readonly name: string; readonly share: number }[];
  /** The items with the largest loadings on it, the largest first. */
  readonly items: readonly HeavyItem[];
  /** All subjects by their scores on it, the highest first. */
  readonly subjects: readonly { readonly id: string; readonly score: number }[];
  /** The largest share of the skill's squared scores that one subject has, in (0, 1], and whose. */
  readonly leverage: number;
  readonly leader: string;
}

/** An item that is heavy on a skill. */
export interface HeavyItem {
  readonly id: string;
  /** Null where they are not known. */
  readonly benchmark: string | null;
  readonly category: string | null;
  /** The task's coordinate on the skill, in (0, 1]. */
  readonly weight: number;
}

/** Whether a table is large enough, by each measure. */
export interface SizeReport {
  readonly verdict: Grade;
  readonly measures: readonly {
    readonly name: string;
    readonly grade: Grade;
    readonly says: string;
  }[];
}

/** Grades of a table's size, the worst first. */
export const GRADES = ["no", "barely", "yes"] as const;

/** One of {@linkcode GRADES}. */
export type Grade = typeof GRADES[number];

/** The verdict in words. */
const VERDICTS: Readonly<Record<Grade, string>> = {
  yes: "yes",
  barely: "barely: take the number of skills, and the weakest of them, with care",
  no: "no: take the skills with great care",
};

/** Subjects that are shown of each end, and parts of a skill. */
const [ENDS, PARTS] = [3, 3];

/**
 * A report as text for people.
 *
 * @param report The skills.
 * @param nameOf The name of a subject.
 */
export function formatSkills(
  { skills, size }: SkillsReport,
  nameOf: (subject: string) => string = (id) => id,
): string {
  const named = (text: string): string =>
    skills.reduce((all, { leader }) => all.replaceAll(leader, () => nameOf(leader)), text);
  const measures = size.measures.map(({ name, grade, says }) =>
    `  ${name.padEnd(17)}  ${grade.padEnd(6)}  ${named(says)}`
  );
  return [
    `Is the table large enough? ${VERDICTS[size.verdict]}`,
    ...measures,
    ...skills.flatMap((skill, j) => ["", ...describe(skill, j + 1, nameOf)]),
  ].join("\n");
}

function describe(
  { share, n_items, parts, items, subjects }: Skill,
  number: number,
  nameOf: (subject: string) => string,
): readonly string[] {
  const isKnown = (column: "benchmark" | "category"): boolean =>
    items.some((item) => item[column] !== null);
  const columns = (["benchmark", "category"] as const).filter(isKnown);
  const rows = [
    ["weight", "item", ...columns],
    ...items.map((item) => [
      item.weight.toFixed(3),
      printable(item.id),
      ...columns.map((column) => printable(item[column] ?? "")),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const of = parts.slice(0, PARTS).map((part) => `${printable(part.name)} ${percent(part.share)}`);
  const scores = (some: Skill["subjects"]): string =>
    some.map(({ id, score }) => `${printable(nameOf(id))} ${score.toFixed(2)}`).join(", ");
  const rest = subjects.slice(Math.max(ENDS, subjects.length - ENDS));
  return [
    `skill ${number}: ${percent(share)} of the mass, ${n_items.toLocaleString("en-US")} ` +
    (n_items === 1 ? "item" : "items") +
    (of.length === 0 ? "" : `; mostly ${of.join(", ")}`),
    ...rows.map((row) =>
      `  ${row.map((text, column) => text.padEnd(widths[column]!)).join("  ").trimEnd()}`
    ),
    `  highest scores: ${scores(subjects.slice(0, ENDS))}`,
    ...(rest.length === 0 ? [] : [`  lowest scores: ${scores(rest)}`]),
  ];
}

/** An id as it is shown: as it is, unless it is long or would spoil a terminal. */
function printable(text: string): string {
  const isPlain = text.length <= 60 && !/\p{C}/u.test(text);
  return isPlain ? text : show(text);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
