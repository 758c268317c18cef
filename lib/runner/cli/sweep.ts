import { join } from "@std/path";
import { endingOf } from "../../base/ending.ts";
import { InputError } from "../../base/errors.ts";
import { writeAtomically } from "../../base/write_atomically.ts";
import { openWorkspace, type Workspace } from "../assess.ts";
import type { Override } from "../config/params.ts";
import { planWorkflow } from "../config/plan.ts";
import type { Plan } from "../config/planned.ts";
import type { Listener } from "../event.ts";
import type { Json, TargetName } from "../names.ts";
import type { Project } from "../project.ts";
import type { RunRecord } from "../record.ts";
import { combinationsOf, readParams, readVaried, valuesOf, type Varied } from "./combinations.ts";
import { INTERRUPTED, interruptible } from "./interrupt.ts";
import type { Options } from "./options.ts";
import { listener, report, write } from "./output.ts";
import { type Finding, folderName, forgetRun, runName, RUNS, writeRun } from "./run_folder.ts";
import { runPlan } from "./run_plan.ts";
import { select } from "./select.ts";

/** What of a project a sweep needs to know. */
export interface Swept {
  /** The targets that are built where the command line names none, with all that they need. */
  readonly targets: (plan: Plan) => ReadonlySet<TargetName>;
  /** What is to be compared between runs, of those targets that were built. */
  readonly findings: (
    workspace: Workspace,
    records: ReadonlyMap<TargetName, RunRecord>,
  ) => Promise<readonly Finding[]>;
}

/** One run of a sweep. */
interface Combination {
  readonly name: string;
  readonly overrides: readonly Override[];
}

/** How a run ended; an error instead of findings where it failed. */
interface Ended extends Combination {
  readonly findings?: readonly Finding[];
  readonly error?: string;
}

/**
 * Runs the workflow once for each combination of values. What is equal between runs is built once, since
 * it has the same key. The results go to `runs/SWEEP/RUN/`, and what was found in them to one table,
 * `runs/SWEEP/sweep.csv`; the results in their own places stay as they are.
 *
 * @param swept What of the project is run and compared.
 * @returns The exit code: 1 when a combination failed; the others are run all the same.
 */
export async function runSweep(project: Project, options: Options, swept: Swept): Promise<number> {
  const params = await readParams(project.root);
  const varied = readVaried(options.own["vary"] ?? [], params, options.overrides);
  const sweep = nameOf(options.own["name"]?.at(-1), varied);
  // What is wrong for every run is reported at once.
  select(await planWorkflow(project, options.overrides), options.targets);
  const all = combinationsOf(varied).map((own): Combination => ({
    name: runName(own),
    overrides: [...options.overrides, ...own],
  }));
  if (options.dryRun) {
    write(all.map(({ name }) => `${RUNS}/${sweep}/${name}\n`).join(""));
    return 0;
  }
  const counts = { built: 0, restored: 0, fresh: 0 };
  const ended: Ended[] = [];
  return await interruptible(async (signal) => {
    if (options.executor !== "local") await submitAll(project, options, swept, all, signal);
    for (const [i, one] of all.entries()) {
      if (options.json) write(`${JSON.stringify({ kind: "run", sweep, ...one })}\n`);
      else if (!options.quiet) write(`\n${one.name} (${i + 1} of ${all.length})\n`);
      const folder = join(project.root, RUNS, sweep, one.name);
      await forgetRun(folder);
      const listen = counting(listener(options), counts);
      const values = valuesOf(params, one.overrides);
      const end = await runOne(project, options, swept, one, folder, values, signal, listen);
      if (signal.aborted) break;
      ended.push(end);
      if (end.error !== undefined) report(`${one.name} failed: ${end.error}\n`);
    }
    const table = join(RUNS, sweep, "sweep.csv");
    await writeAtomically(join(project.root, table), tableOf(sweep, varied, ended));
    const failed = ended.filter(({ error }) => error !== undefined).length;
    if (options.json) {
      write(
        `${
          JSON.stringify({ kind: "swept", sweep, table, runs: ended.length, failed, ...counts })
        }\n`,
      );
    } else {
      write(
        `\n${ended.length - failed} of ${all.length} runs finished: ${counts.built} tasks ran, `,
      );
      write(`${counts.restored + counts.fresh} results were there.\n`);
      write(`What was found: ${table}\n`);
      if (ended.length - failed > 1) write(`Side by side: deno task compare ${sweep}\n`);
    }
    return signal.aborted ? INTERRUPTED : failed > 0 ? 1 : 0;
  });
}

/** Submits the jobs of all runs; each run then finds its own, and reports what is wrong with them. */
async function submitAll(
  project: Project,
  options: Options,
  { targets }: Swept,
  all: readonly Combination[],
  signal: AbortSignal,
): Promise<void> {
  for (const { overrides } of all) {
    if (signal.aborted) return;
    try {
      const plan = await planWorkflow(project, overrides);
      const names = options.targets.length > 0 ? select(plan, options.targets) : targets(plan);
      const how = { ...options, overrides, wait: false, json: true };
      await runPlan(await openWorkspace(plan), names, how, signal, (event) => {
        if (event.kind === "submitted") listener(options)(event);
      });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }
}

/** Names that a person may give to a sweep. */
const NAME = /^[\w=+][\w.,=+-]{0,99}$/;

function nameOf(given: string | undefined, varied: readonly Varied[]): string {
  if (given === undefined) return folderName(varied.map(({ name }) => name).join(","));
  if (NAME.test(given)) return given;
  throw new InputError(
    `Cannot name a sweep ${given}: give up to 100 of the letters a–z, A–Z, 0–9 and _ . , = + -`,
  );
}

async function runOne(
  project: Project,
  options: Options,
  { targets, findings }: Swept,
  one: Combination,
  folder: string,
  params: Readonly<Record<string, Json>>,
  signal: AbortSignal,
  listen: Listener,
): Promise<Ended> {
  try {
    const plan = await planWorkflow(project, one.overrides);
    const names = options.targets.length > 0 ? select(plan, options.targets) : targets(plan);
    const prefix = `${project.results}/`;
    const workspace = await openWorkspace(plan, new Set(), { folder, prefix });
    const how = { ...options, overrides: one.overrides };
    const { failed, records } = await runPlan(workspace, names, how, signal, listen);
    if (failed.length > 0) return { ...one, error: `${failed.join(", ")} could not be built` };
    if (signal.aborted) return one;
    const outputs = [...records.values()].flatMap(({ outputs }) => Object.values(outputs));
    const results = outputs.filter(({ path }) => path.startsWith(prefix))
      .map(({ path, digest }) => [path, digest] as const);
    const found = [...await findings(workspace, records)];
    await writeRun(folder, {
      version: 1,
      params,
      findings: found,
      results: Object.fromEntries(results),
    });
    return { ...one, findings: found };
  } catch (error) {
    if (signal.aborted) return one;
    return { ...one, error: endingOf(error, project.root, Deno.env.has("DEBUG")).message };
  }
}

/** A listener that also sums how the targets of all runs ended. */
function counting(
  listen: Listener,
  counts: { built: number; restored: number; fresh: number },
): Listener {
  return (event) => {
    if (event.kind === "done") {
      counts.built += event.built;
      counts.restored += event.restored;
      counts.fresh += event.fresh;
    }
    listen(event);
  };
}

/** The long table: a row for each run and finding, with the varied params as columns. */
function tableOf(sweep: string, varied: readonly Varied[], ended: readonly Ended[]): string {
  const columns = [
    "run",
    ...varied.map(({ name }) => name),
    "kind",
    "of",
    "name",
    "value",
    "detail",
  ];
  const rows = ended.flatMap(({ name: run, overrides, findings, error }) => {
    const texts = new Map(overrides.map(({ name, text }) => [name, text]));
    const first = [`${sweep}/${run}`, ...varied.map(({ name }) => texts.get(name) ?? "")];
    if (error !== undefined) return [[...first, "error", "", "", "", error]];
    return (findings ?? []).map(({ kind, of, name, value, detail }) => [
      ...first,
      ...[kind, of, name, value === null ? "" : String(value), detail],
    ]);
  });
  return [columns, ...rows].map((row) => `${row.map(csvField).join(",")}\n`).join("");
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
