import { parallelAnalysis } from "../estimation/parallel_analysis.ts";
import { filterItems } from "../responses/filter_items.ts";
import type { Responses } from "../responses/responses.ts";
import { oneSkillTable, permutedTable, raschModel } from "./controls.ts";
import { type FitLoadings, loadingsOf } from "./fit_loadings.ts";
import type { ClaimGrids } from "./limit_claims.ts";
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
 * The outcomes on the table, on tables with one skill and with none, all fitted with the d of the real one, and
 * with an evaluator without bias (model section 8). The number of skills that is reported is what parallel
 * analysis finds in each.
 *
 * @param n Pools of each.
 * @param progress Called with the number of controls done.
 */
export async function controlOutcomes(
  responses: Responses,
  base: Choices,
  grids: ClaimGrids,
  n: number,
  progress: (done: number, of: number, name: string) => void,
): Promise<GroupedOutcome[]> {
  const { responses: table } = filterItems(responses, base);
  const analyse = async (table: Responses): Promise<number> => {
    const options = { ...base, seed: base.seeds.parallelAnalysis };
    return (await parallelAnalysis(filterItems(table, base).responses, options)).nFactors;
  };
  const found = await analyse(table);
  const nFactors = base.nFactors === "auto" ? found : base.nFactors;
  const choices = { ...base, nFactors };
  const seed = base.seeds.tables;
  const fit = loadingsOf(table);
  const [oneSkill, noSkill] = [
    oneSkillTable(table, raschModel(table), seed),
    permutedTable(table, seed),
  ];
  const controls: readonly (readonly [
    group: string,
    skills: number,
    fit: FitLoadings,
    choices: Choices,
  ])[] = [
    [CONTROLS.real, found, fit, choices],
    [CONTROLS.oneSkill, await analyse(oneSkill), loadingsOf(oneSkill), choices],
    [CONTROLS.noSkill, await analyse(noSkill), loadingsOf(noSkill), choices],
    [CONTROLS.unbiased, found, fit, { ...choices, biasBandwidth: UNBIASED }],
  ];
  const outcomes: GroupedOutcome[] = [];
  for (const [done, [group, skills, fit, choices]] of controls.entries()) {
    for (const outcome of await poolOutcomes(fit, choices, grids, n)) {
      const numbers = outcome.numbers && { ...outcome.numbers, nFactors: skills };
      outcomes.push({ ...outcome, numbers, group });
    }
    progress(done + 1, controls.length, group);
  }
  return outcomes;
}
