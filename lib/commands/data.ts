import { join } from "@std/path";
import type { Facts } from "../artifact/kind.ts";
import * as kinds from "../artifact/kinds.ts";
import { InputError } from "../base/errors.ts";
import { formatReport, type Report, reportSubjects } from "../responses/report.ts";
import { formatSkills, type SkillsReport } from "../responses/skills_report.ts";
import { responsesOf } from "../responses/responses.ts";
import { openWorkspace } from "../runner/assess.ts";
import { nearest } from "../base/nearest.ts";
import { planWorkflow } from "../runner/config/plan.ts";
import type { Plan, PlannedTarget } from "../runner/config/planned.ts";
import type { RunResult } from "../runner/run.ts";
import type { Store } from "../runner/store.ts";
import { select } from "../runner/cli/select.ts";
import type { Command } from "../runner/cli/command.ts";
import { INTERRUPTED } from "../runner/cli/interrupt.ts";
import { recordsOf } from "../runner/cli/make.ts";
import type { Options } from "../runner/cli/options.ts";
import { listenerAside, write } from "../runner/cli/output.ts";
import { readOutput } from "./read_output.ts";
import { targetOf } from "./target_of.ts";
import { validate } from "./validate.ts";

type Records = RunResult["records"];

/** `data`: shows what the response table and its skills are; `data validate PATH`, of one to be used. */
export const data: Command = async (project, options) => {
  const [verb, file, ...rest] = options.targets;
  const plan = await planWorkflow(project, options.overrides);
  if (verb === undefined) return await show(plan, options);
  if (verb !== "validate") {
    throw new InputError(`Unknown subcommand: data ${verb}${nearest(verb, ["validate"])}`);
  }
  if (file === undefined || rest.length > 0) {
    throw new InputError(
      "data validate needs one file or folder; write: deno task data validate PATH",
    );
  }
  return await validate(plan, file, options);
};

async function show(plan: Plan, options: Options): Promise<number> {
  const workspace = await openWorkspace(plan);
  const [responses, items] = [targetOf(plan, "responses"), targetOf(plan, "items")];
  const run = async (...targets: readonly PlannedTarget[]): Promise<Records | number> => {
    const wanted = select(plan, targets.map(({ name }) => name));
    return await recordsOf(workspace, wanted, options, listenerAside(options));
  };
  const records = await run(responses, items);
  if (typeof records === "number") return records;
  const report = await reportOf(workspace.store, records, responses, items);
  if (!options.json) write(`${formatReport(report)}\n\n`);
  const skills = targetOf(plan, "skills");
  const made = await run(skills);
  if (made === INTERRUPTED) return INTERRUPTED;
  const found = typeof made === "number" ? null : await skillsOf(plan, skills);
  if (options.json) write(`${JSON.stringify({ ...report, skills: found })}\n`);
  else {write(
      found === null ? `no skills: ${skills.name} failed\n` : describe(found, report, skills),
    );}
  return typeof made === "number" ? made : 0;
}

function describe(found: SkillsReport, { subjects }: Report, { outputs }: PlannedTarget): string {
  const names = new Map(subjects.map(({ id, name }) => [id, name ?? id]));
  const text = formatSkills(found, (id) => names.get(id) ?? id);
  return `${text}\n\nAll subjects' scores: ${outputs.get("csv")}\n`;
}

async function skillsOf(plan: Plan, { outputs }: PlannedTarget): Promise<SkillsReport> {
  return JSON.parse(await Deno.readTextFile(join(plan.root, outputs.get("report") ?? "")));
}

async function reportOf(
  store: Store,
  records: Records,
  responses: PlannedTarget,
  items: PlannedTarget,
): Promise<Report> {
  const table = await readOutput(store, kinds.responses, records.get(responses.name));
  const kept = await readOutput(store, kinds.items, records.get(items.name));
  return {
    source: String(responses.params["source"]),
    from: Object.entries(table.lineage?.inputs ?? {}).map(([logical, { sha256 }]) => ({
      name: responses.inputs.get(logical)?.path ?? logical,
      sha256,
    })),
    facts: table.facts as Facts,
    filtered: {
      kept: kept.facts.n_items,
      droppedFewSubjects: kept.facts.n_dropped_few_subjects,
      droppedMinority: kept.facts.n_dropped_minority,
    },
    subjects: reportSubjects(responsesOf(table.arrays)),
  };
}
