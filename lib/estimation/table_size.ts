import { type Grade, GRADES, type SizeReport, type Skill } from "../responses/skills_report.ts";

/** Subjects for each skill: the usual rule of thumb, and half of it. */
const [SUBJECTS, FEW_SUBJECTS] = [10, 5];

/** Items of each skill: comfortable, and the least that determine a factor (Anderson and Rubin, 1956). */
const [ITEMS, FEW_ITEMS] = [10, 3];

/** Highest leverage of one subject on a skill: beyond the first the skill leans on it, beyond the second it is it. */
const [LEANS, IS_ONE] = [0.5, 0.9];

/** Below this margin, relatively, the last factor may be one of chance. */
const NARROW = 0.05;

/** How large a table is. */
export interface TableSize {
  readonly subjects: number;
  readonly items: number;
  readonly skills: readonly Skill[];
  /** Of the item correlation matrix, descending, with the thresholds of parallel analysis. */
  readonly eigenvalues: Float64Array;
  readonly thresholds: Float64Array;
}

/**
 * Whether a table is large enough for the skills that were found in it, in words: by its subjects,
 * its items, the leverage of one subject, and the margin by which the last factor passes.
 */
export function tableSize(size: TableSize): SizeReport {
  const measures = [subjectsOf(size), itemsOf(size), leverageOf(size), marginOf(size)];
  const worst = Math.min(...measures.map(({ grade }) => GRADES.indexOf(grade)));
  return { verdict: GRADES[worst]!, measures };
}

type Measure = SizeReport["measures"][number];

function grade(value: number, good: number, fair: number): Grade {
  return value >= good ? "yes" : value >= fair ? "barely" : "no";
}

function subjectsOf({ subjects, skills: { length: d } }: TableSize): Measure {
  const each = subjects / d;
  return {
    name: "subjects",
    grade: grade(each, SUBJECTS, FEW_SUBJECTS),
    says: `${subjects} subjects for ${count(d, "skill")}, ${each.toFixed(1)} for each; the usual ` +
      `rule is ${SUBJECTS}`,
  };
}

function itemsOf({ items, skills }: TableSize): Measure {
  const own = skills.map(({ n_items }) => n_items);
  const least = Math.min(...own);
  return {
    name: "items",
    grade: grade(least, ITEMS, FEW_ITEMS),
    says:
      `${items.toLocaleString("en-US")} items; skill ${own.indexOf(least) + 1} has the fewest, ` +
      `${least.toLocaleString("en-US")}, and ${FEW_ITEMS} are the least that determine a skill`,
  };
}

function leverageOf({ skills }: TableSize): Measure {
  const own = skills.map(({ leverage }) => leverage);
  const highest = Math.max(...own);
  const j = own.indexOf(highest);
  const where = `skill ${j + 1}: ${(100 * highest).toFixed(0)} % of its squared scores are of ` +
    `${skills[j]!.leader}`;
  return {
    name: "leverage",
    grade: highest <= LEANS ? "yes" : highest <= IS_ONE ? "barely" : "no",
    says: highest <= LEANS
      ? `no skill leans on one subject; the most is ${where}`
      : highest <= IS_ONE
      ? `one subject carries more than half of ${where}`
      : `one subject is nearly all of ${where}`,
  };
}

function marginOf({ skills: { length: d }, eigenvalues, thresholds }: TableSize): Measure {
  const margin = (rank: number): number => {
    const threshold = thresholds[rank - 1] ?? 0;
    return threshold > 0 ? eigenvalues[rank - 1]! / threshold - 1 : -1;
  };
  const own = margin(d);
  const next = (thresholds[d] ?? 0) > 0 ? margin(d + 1) : undefined;
  const after = next === undefined
    ? ""
    : next > 0
    ? `; factor ${d + 1} would pass too, by ${percent(next)}`
    : `; factor ${d + 1} misses by ${percent(-next)}`;
  const name = "parallel analysis";
  if (!(own > 0)) {
    const says = d === 1
      ? `no factor passes: the first is below its threshold, by ${percent(-own)}`
      : `factor ${d} is below its threshold, by ${percent(-own)}`;
    return { name, grade: "no", says };
  }
  const isNarrow = own < NARROW || (next !== undefined && Math.abs(next) < NARROW);
  const narrow = isNarrow
    ? ": a narrow margin, with other subjects the number of skills may well differ"
    : "";
  return {
    name,
    grade: isNarrow ? "barely" : "yes",
    says: `factor ${d}, the last, passes by ${percent(own)}${after}${narrow}`,
  };
}

function count(n: number, thing: string): string {
  return `${n} ${thing}${n === 1 ? "" : "s"}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
