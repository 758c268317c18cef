import { join } from "@std/path";
import { type Artifact, readArtifact } from "../artifact/artifact.ts";
import type { Facts, Kind } from "../artifact/kind.ts";
import * as kinds from "../artifact/kinds.ts";
import { InputError } from "../base/errors.ts";
import { formatReport, type Report, reportSubjects } from "../responses/report.ts";
import { formatSkills, type SkillsReport } from "../responses/skills_report.ts";
import { responsesOf } from "../responses/responses.ts";
import { openWorkspace } from "../runner/assess.ts";
import { localExecutor } from "../runner/executor/local.ts";
import { nearest } from "../base/nearest.ts";
import { planWorkflow } from "../runner/config/plan.ts";
import type { Plan, PlannedTarget } from "../runner/config/planned.ts";
import { type RunResult, runTargets } from "../runner/run.ts";
import { select } from "../runner/cli/select.ts";
import type { Command } from "../runner/cli/command.ts";
import { INTERRUPTED, interruptible } from "../runner/cli/interrupt.ts";
import type { Options } from "../runner/cli/options.ts";
import { listenerAside, write } from "../runner/cli/output.ts";
import { targetOf } from "./target_of.ts";
import { validate } from "./validate.ts";

/** `data`: says what the response table and its skills are; `data validate PATH`, of one to be used. */
export const data: Command = async (project, options) => {
  const [verb, file, ...rest] = options.targets;
  const plan = await planWorkflow(project, options.overrides);
  if (verb === undefined) return await show(plan, options);
  if (verb !== "validate") {
    throw new InputError(`Unknown subcommand: data ${verb}${nearest(verb, ["validate"])}`);
  }
  if (file === undefined || rest.length > 0) {
    throw new InputError("data validate needs one file; write: deno task data validate FILE");
  }
  return await validate(plan, file, options);
};

async function show(plan: Plan, options: Options): Promise<number> {
  const workspace = await openWorkspace(plan);
  const [responses, items] = [targetOf(plan, "responses"), targetOf(plan, "items")];
  const skills = targetOf(plan, "skills");
  return await interruptible(async (signal) => {
    const run = async (...targets: readonly PlannedTarget[]): Promise<RunResult> =>
      await runTargets(
        workspace,
        select(plan, targets.map(({ name }) => name)),
        localExecutor(plan.project),
        { jobs: options.jobs, keepGoing: false, signal },
        listenerAside(options),
      );
    const { failed, input } = await run(responses, items);
    if (signal.aborted) return INTERRUPTED;
    if (failed.length > 0) return input ? 2 : 1;
    const report = await reportOf(plan, responses, items);
    if (!options.json) write(`${formatReport(report)}\n\n`);
    const without = (await run(skills)).failed[0];
    if (signal.aborted) return INTERRUPTED;
    const found = without === undefined ? await skillsOf(plan, skills) : null;
    if (options.json) write(`${JSON.stringify({ ...report, skills: found })}\n`);
    else write(found === null ? `no skills: ${without} failed\n` : describe(found, report, skills));
    return 0;
  });
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
  plan: Plan,
  responses: PlannedTarget,
  items: PlannedTarget,
): Promise<Report> {
  const { store } = await openWorkspace(plan);
  const read = async <K extends Kind>(kind: K, { name }: PlannedTarget): Promise<Artifact<K>> => {
    const key = (await store.state(name))?.key;
    const output = key && Object.values((await store.record(key))?.outputs ?? {})[0];
    if (!output) throw new InputError(`Cannot read ${name}: it was removed meanwhile`);
    const { path, digest } = output;
    return await readArtifact(kind, { path: store.contentPath(digest), name: path, digest });
  };
  const [table, kept] = [await read(kinds.responses, responses), await read(kinds.items, items)];
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
