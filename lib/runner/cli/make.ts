import { extname, join } from "@std/path";
import { assessAll, NOWHERE, openWorkspace, type Workspace } from "../assess.ts";
import type { Listener } from "../event.ts";
import type { TargetName } from "../names.ts";
import type { Project, Result } from "../project.ts";
import { planWorkflow } from "../config/plan.ts";
import type { Plan } from "../config/planned.ts";
import type { RunRecord } from "../record.ts";
import { runPlan } from "./run_plan.ts";
import { select, selectResults } from "./select.ts";
import { InputError } from "../../base/errors.ts";
import type { Command } from "./command.ts";
import { type Copied, copyOut } from "./copy_out.ts";
import { INTERRUPTED, interruptible } from "./interrupt.ts";
import type { Options } from "./options.ts";
import { listener, write } from "./output.ts";
import { report } from "./status.ts";

/** `reproduce`: builds every result. */
export const reproduce: Command = (project, options) => make(project, options, selectResults);

/**
 * `build`: builds some targets.
 *
 * @param listen Receives what happens.
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
  const { rebuild, out, copyTo } = options;
  const again = rebuild.length > 0 ? select(plan, rebuild) : new Set<TargetName>();
  if (options.dryRun) return await report(plan, names, { ...options, check: false }, again);
  const workspace = await openWorkspace(plan, again, out === undefined ? undefined : NOWHERE);
  const records = await recordsOf(workspace, names, options, listen);
  if (typeof records === "number") return records;
  const results = resultsOf(workspace, records);
  const tell = options.json ? (): void => {} : write;
  if (out !== undefined) {
    await copyOut(
      plan.root,
      out,
      project.results,
      results.map((result) => ({ ...result, name: nameOf(result) })),
    );
  }
  tell(whereabouts(plan, results, out));
  if (copyTo !== undefined) {
    const files = await copiesOf(workspace, results, options.copy);
    await copyOut(plan.root, copyTo, project.results, files);
    tell(`${files.length} ${files.length === 1 ? "file" : "files"} copied to ${copyTo}\n`);
  }
  return options.locked ? await compare(workspace, names, options) : 0;
}

/** The records of the targets of a run. */
export type Records = ReadonlyMap<TargetName, RunRecord>;

/**
 * Builds targets until all are there, it fails or it is interrupted.
 *
 * @param names The targets, with what they need.
 * @param listen Receives what happens.
 * @returns The records, or the exit code of a run that made not all of them: 0 where jobs are left.
 */
export async function recordsOf(
  workspace: Workspace,
  names: ReadonlySet<TargetName>,
  options: Options,
  listen: Listener,
): Promise<Records | number> {
  return await interruptible(async (signal) => {
    const how = [options, signal, listen] as const;
    const { failed, input, records, left } = await runPlan(workspace, names, ...how);
    if (signal.aborted) return INTERRUPTED;
    if (failed.length > 0) return input ? 2 : 1;
    return left > 0 ? 0 : records;
  });
}

/** The results among what a run made, in the order of the plan. */
export function resultsOf({ plan, store }: Workspace, records: Records): Result[] {
  return [...plan.targets.values()].flatMap(({ name, params }) =>
    Object.values(records.get(name)?.outputs ?? {}).map(({ path, digest }) => ({
      path,
      digest,
      file: store.contentPath(digest),
      params,
    }))
  ).filter(({ path }) => path.startsWith(`${plan.project.results}/`));
}

/** The results of a target that need not run, whoever made them; none where it would have to, or is not there. */
export async function freshResults(workspace: Workspace, name: string): Promise<Result[]> {
  const target = name as TargetName;
  if (!workspace.plan.targets.has(target)) return [];
  const found = (await assessAll(workspace, select(workspace.plan, [name]))).get(target);
  return found?.state === "fresh" || found?.state === "in cache"
    ? resultsOf(workspace, new Map([[target, found.record]]))
    : [];
}

/** As many results are named; of more, their folder. */
const MAX_NAMED = 2;

/** Where the results of a run are, and what they are made from: a line, or nothing without results. */
function whereabouts(
  { project, origin }: Plan,
  results: readonly Result[],
  folder = project.results,
): string {
  const paths = results.map((result) => join(folder, nameOf(result)));
  if (paths.length === 0) return "";
  const where = paths.length > MAX_NAMED ? join(folder, "/") : paths.join(", ");
  return `Results: ${where}${origin === undefined ? "" : `, ${origin}`}\n`;
}

/** Name of a result within the folder of results. */
function nameOf({ path }: Result): string {
  return path.replace(/^\w+\//, "");
}

/** What `--copy` asks for: results by their endings, and the project's extras by their names. */
async function copiesOf(
  workspace: Workspace,
  results: readonly Result[],
  kinds: readonly string[] | undefined,
): Promise<Copied[]> {
  const { results: folder, copied = "", extras = {} } = workspace.plan.project;
  const all = kinds?.includes("all") ?? copied === "";
  const wanted = (result: Result): boolean =>
    all || (kinds ?? [copied]).includes(extname(result.path).slice(1));
  const files: Copied[] = results.filter(wanted)
    .map((result) => ({ ...result, name: nameOf(result) }));
  for (const [name, make] of Object.entries(extras)) {
    if (!all && !kinds?.includes(name)) continue;
    const texts = Object.entries(await make(results, (name) => freshResults(workspace, name)));
    files.push(...texts.map(([name, text]) => ({ name, text })));
  }
  const known = new Set(results.map(({ path }) => extname(path).slice(1)));
  const unknown = kinds?.find((kind) =>
    kind !== "all" && !known.has(kind) && !Object.hasOwn(extras, kind)
  );
  if (unknown === undefined) return files;
  const valid = [...[...known].sort(), ...Object.keys(extras), "all"].join(", ");
  throw new InputError(
    `Cannot copy ${unknown}: of the ${folder} of this run, --copy takes ${valid}`,
  );
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
