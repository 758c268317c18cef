import type { Responses } from "../responses/responses.ts";
import type { HeavyItem, Skill } from "../responses/skills_report.ts";
import { column, type Matrix } from "../stats/matrix.ts";

/** Items that are named of each skill. */
const HEAVIEST = 10;

/** The tasks and the subjects on d skills. */
export interface SkillsOptions {
  /** N × d, sparsified; skills in descending order of mass. */
  readonly tasks: Matrix;
  /** The items' ids of the N tasks. */
  readonly taskIds: readonly string[];
  /** S × d, in the same order of skills. */
  readonly scores: Matrix;
  /** The S subjects' ids. */
  readonly subjectIds: readonly string[];
  /** The table, for the items' benchmarks and categories. */
  readonly table: Pick<Responses, "itemIds" | "benchmarks" | "categories">;
}

/** Describes each skill by its heaviest items, its parts and the subjects' scores. */
export function describeSkills(options: SkillsOptions): readonly Skill[] {
  const { tasks, table } = options;
  const place = new Map(table.itemIds.map((id, i) => [id, i]));
  const total = tasks.data.reduce((sum, z) => sum + z * z, 0);
  return Array.from({ length: tasks.cols }, (_, j) => {
    const weights = column(tasks, j);
    const mass = weights.reduce((sum, z) => sum + z * z, 0);
    const order = Array.from(weights.keys()).filter((n) => weights[n]! > 0)
      .sort((a, b) => weights[b]! - weights[a]! || a - b);
    const itemOf = (n: number): HeavyItem => {
      const id = options.taskIds[n]!;
      const i = place.get(id) ?? -1;
      const [benchmark, category] = [table.benchmarks?.[i], table.categories?.[i]];
      return {
        id,
        benchmark: benchmark || null,
        category: category || null,
        weight: weights[n]!,
      };
    };
    return {
      share: total > 0 ? mass / total : 0,
      n_items: order.length,
      parts: partsOf(order.map(itemOf), mass),
      items: order.slice(0, HEAVIEST).map(itemOf),
      ...standings(options, j),
    };
  });
}

/** The shares of categories or, where none is known, of benchmarks in a skill's mass. */
function partsOf(items: readonly HeavyItem[], mass: number): Skill["parts"] {
  const key = items.some(({ category }) => category !== null) ? "category" : "benchmark";
  const parts = Map.groupBy(items, (item) => item[key]);
  parts.delete(null);
  return [...parts].map(([name, own]) => ({
    name: name ?? "",
    share: own.reduce((sum, { weight }) => sum + weight * weight, 0) / mass,
  })).sort((a, b) => b.share - a.share);
}

/** The subjects by their scores, and the one with the largest share of the squared scores. */
function standings(
  { scores, subjectIds }: SkillsOptions,
  j: number,
): Pick<Skill, "subjects" | "leverage" | "leader"> {
  const own = column(scores, j);
  const total = own.reduce((sum, f) => sum + f * f, 0);
  const subjects = subjectIds.map((id, s) => ({ id, score: own[s]! }))
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  const leader = subjects.reduce((a, b) => Math.abs(b.score) > Math.abs(a.score) ? b : a);
  return {
    subjects,
    leverage: total > 0 ? leader.score ** 2 / total : 0,
    leader: leader.id,
  };
}
