import { parallelAnalysis } from "../estimation/parallel_analysis.ts";
import { filterItems } from "../responses/filter_items.ts";
import type { Responses } from "../responses/responses.ts";
import { oneSkillTable, permutedTable, raschModel } from "./controls.ts";
import { poolOutcomes } from "./multiverse.ts";
import type { GroupedOutcome } from "./outcome_table.ts";
import type { Choices } from "./variant.ts";

/** The groups of {@linkcode controlOutcomes}. */
export const CONTROLS = {
  real: "the table itself",
  oneSkill: "one skill",
  noSkill: "no skill",
  unbiased: "unbiased evaluator",
} as const;

/** A bandwidth b so large that the evaluator's distribution is uniform. */
const UNBIASED = 1e6;

/**
 * The headline numbers on the table, on tables with one skill and with none, all fitted with the d of the
 * real one, and with an evaluator without bias (model section 8). The number of skills that is reported is
 * what parallel analysis finds in each.
 *
 * @param n Pools of each.
 * @param progress Called with the number of controls done.
 */
export async function controlOutcomes(
  responses: Responses,
  base: Choices,
  n: number,
  progress: (done: number, of: number, name: string) => void,
): Promise<GroupedOutcome[]> {
  const { responses: table } = filterItems(responses, base);
  const analyse = async (table: Responses): Promise<number> =>
    (await parallelAnalysis(filterItems(table, base).responses, base)).nFactors;
  const found = await analyse(table);
  const nFactors = base.nFactors === "auto" ? found : base.nFactors;
  const choices = { ...base, nFactors };
  const controls: readonly (readonly [group: string, table: Responses, choices: Choices])[] = [
    [CONTROLS.real, table, choices],
    [CONTROLS.oneSkill, oneSkillTable(table, raschModel(table), base.seed), choices],
    [CONTROLS.noSkill, permutedTable(table, base.seed), choices],
    [CONTROLS.unbiased, table, { ...choices, biasBandwidth: UNBIASED }],
  ];
  const outcomes: GroupedOutcome[] = [];
  for (const [done, [group, of, choices]] of controls.entries()) {
    const skills = of === table ? found : await analyse(of);
    const made = await poolOutcomes(of, choices, n, skills);
    outcomes.push(...made.map((outcome) => ({ ...outcome, group })));
    progress(done + 1, controls.length, group);
  }
  return outcomes;
}
