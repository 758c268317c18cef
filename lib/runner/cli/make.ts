import { extname } from "@std/path";
import { assessAll, openWorkspace, type Workspace } from "../assess.ts";
import type { Listener } from "../event.ts";
import type { TargetName } from "../names.ts";
import type { Project } from "../project.ts";
import { planWorkflow } from "../config/plan.ts";
import type { Plan } from "../config/planned.ts";
import type { RecordedOutput, RunRecord } from "../record.ts";
import { runPlan } from "./run_plan.ts";
import { select, selectResults } from "./select.ts";
import { InputError } from "../../base/errors.ts";
import type { Command } from "./command.ts";
import { copyOut } from "./copy_out.ts";
import { INTERRUPTED, interruptible } from "./interrupt.ts";
import type { Options } from "./options.ts";
import { listener, write } from "./output.ts";
import { report } from "./status.ts";

/** `reproduce`: builds every result. */
export const reproduce: Command = (project, options) => make(project, options, selectResults);

/**
 * `build`: builds some targets.
 *
 * @param listen Is told what happens.
 */
export function build(
  project: Project,
  options: Options,
  listen: Listener = listener(options),
): Promise<number> {
  return make(project, options, (plan) => select(plan, options.targets), listen);
}

/**
 * Builds targets as the options ask.
 *
 * @param choose The targets, with what they need.
 * @param listen Receives what happens.
 * @returns The exit code.
 */
export async function make(
  project: Project,
  options: Options,
  choose: (plan: Plan) => ReadonlySet<TargetName>,
  listen: Listener = listener(options),
): Promise<number> {
  if (options.locked && options.overrides.length > 0) {
    throw new InputError("--locked cannot be combined with --set");
  }
  if (options.copy !== undefined && options.copyTo === undefined) {
    throw new InputError("--copy needs --copy-to FOLDER");
  }
  const plan = await planWorkflow(project, options.overrides);
  const names = choose(plan);
  const { rebuild } = options;
  const again = rebuild.length > 0 ? select(plan, rebuild) : new Set<TargetName>();
  if (options.dryRun) return await report(plan, names, { ...options, check: false }, again);
  const workspace = await openWorkspace(plan, again);
  return await interruptible(async (signal) => {
    const { failed, input, records, left } = await runPlan(
      workspace,
      names,
      options,
      signal,
      listen,
    );
    if (signal.aborted) return INTERRUPTED;
    if (failed.length > 0) return input ? 2 : 1;
    if (left > 0) return 0;
    if (!options.json) write(whereabouts(plan, records));
    if (options.copyTo !== undefined) await copyResults(workspace, records, options);
    return options.locked ? await compare(workspace, names, options) : 0;
  });
}

/** As many results are named; of more, their folder. */
const MAX_NAMED = 2;

/** Where the results of a run are, and what they are made from: a line, or nothing without results. */
function whereabouts({ project, origin }: Plan, records: Records): string {
  const paths = resultsOf(records, project.results).map(({ path }) => path);
  if (paths.length === 0) return "";
  const where = paths.length > MAX_NAMED ? `${project.results}/` : paths.join(", ");
  return `Results: ${where}${origin === undefined ? "" : `, ${origin}`}\n`;
}

type Records = ReadonlyMap<TargetName, RunRecord>;

function resultsOf(records: Records, folder: string): RecordedOutput[] {
  return [...records.values()].flatMap(({ outputs }) => Object.values(outputs))
    .filter(({ path }) => path.startsWith(`${folder}/`));
}

/** Copies the results of this run, from the cached contents: another run may have changed the results. */
async function copyResults(
  { plan, store }: Workspace,
  records: Records,
  { copyTo: folder = "", copy, json }: Options,
): Promise<void> {
  const { results, copied = "" } = plan.project;
  const endings = copy?.map((ending) => ending === "all" ? "" : `.${ending}`) ?? [copied];
  const all = resultsOf(records, results);
  for (const ending of endings) {
    if (copy === undefined || all.some(({ path }) => path.endsWith(ending))) continue;
    const known = [...new Set(all.map(({ path }) => extname(path).slice(1)))].sort();
    throw new InputError(
      `Cannot copy ${ending}: the ${results} of this run end in ${known.join(", ") || "nothing"}`,
    );
  }
  const files = all.filter(({ path }) => endings.some((ending) => path.endsWith(ending)))
    .map(({ path, digest }) => ({
      file: store.contentPath(digest),
      digest,
      name: path.replace(/^\w+\//, ""),
    }));
  await copyOut(plan.root, folder, results, files);
  if (!json) write(`${files.length} ${results} copied to ${folder}\n`);
}

async function compare(
  workspace: Workspace,
  names: ReadonlySet<TargetName>,
  options: Options,
): Promise<number> {
  const { compareWithLock, formatLockDifference, readLock } = await import(
    "../lockfile.ts"
  );
  const states = await assessAll(workspace, names);
  const found = compareWithLock(await readLock(workspace.plan.root), states);
  if (options.json) write(`${JSON.stringify({ kind: "locked", differences: found })}\n`);
  else if (found.length > 0) write(`${found.map(formatLockDifference).join("\n")}\n`);
  else write(`The bytes of all ${names.size} targets are those of workflow.lock.json.\n`);
  return found.length === 0 ? 0 : 3;
}
