import { isAbsolute, join } from "@std/path";
import { digestOf } from "../base/digest.ts";
import { InputError } from "../base/errors.ts";
import { formatAt, type TableFormat } from "../responses/read_tables.ts";
import { formatReport } from "../responses/report.ts";
import type { Validation } from "../responses/validate_table.ts";
import { openWorkspace } from "../runner/assess.ts";
import { INTERRUPTED, interruptible } from "../runner/cli/interrupt.ts";
import type { Options } from "../runner/cli/options.ts";
import { write } from "../runner/cli/output.ts";
import { targetOf } from "../runner/cli/target_of.ts";
import type { Plan, PlannedTarget } from "../runner/config/plan.ts";
import { TaskFailure } from "../runner/executor/executor.ts";
import { prepareJob } from "../runner/executor/job.ts";
import { snapshotCode } from "../runner/snapshot.ts";
import { localExecutor } from "../runner/executor/local.ts";
import { manifestOf } from "../runner/key.ts";
import { taskCode } from "../runner/modules.ts";
import type { TargetName, TaskId } from "../runner/names.ts";

const TASK = "tasks/validate.ts" as TaskId;

/**
 * Reads a table of one's own as the workflow would, in a task's process, and prints what it holds and
 * what is wrong with it, with the rows.
 *
 * @param root Folder of the project.
 * @param plan The workflow, for its params.
 * @param file The table, or a folder of such.
 * @param options The command line.
 * @returns The exit code: 2 when it cannot be used or, with `--strict`, has errors.
 */
export async function validate(
  root: string,
  plan: Plan,
  file: string,
  options: Pick<Options, "json" | "args">,
): Promise<number> {
  const path = isAbsolute(file) ? file : join(root, file);
  return await interruptible(async (signal) => {
    let format: TableFormat | undefined;
    let validation: Validation;
    try {
      format = await formatAt(path, file);
      validation = await runTask(plan, { path, name: file, format }, signal);
    } catch (cause) {
      if (signal.aborted) return INTERRUPTED;
      if (!(cause instanceof InputError || cause instanceof TaskFailure)) throw cause;
      const error = cause instanceof InputError
        ? cause.message
        : `Cannot read ${file}: ${cause.message}`;
      validation = { error, n_faults: 0, faults: [], warnings: [] };
    }
    const { error, n_faults } = validation;
    const isStrict = targetOf(plan, "responses").params["strict"] === true;
    const usable = error === null && !(isStrict && n_faults > 0);
    if (options.json) write(`${JSON.stringify({ file, usable, ...validation })}\n`);
    else {
      write(describe(validation));
      const command = `deno task reproduce ${settings(file, format, options.args)}`;
      const but = n_faults > 0 ? ", without what is wrong" : "";
      const verdict = usable
        ? `${file} can be used${but}:\n  ${command}`
        : error ?? `${file} has errors, and --strict allows none. Correct them.`;
      write(`${verdict}\n`);
    }
    return usable ? 0 : 2;
  });
}

/** Runs the task with what the target of the responses has: its limits of time and memory, too. */
async function runTask(
  plan: Plan,
  { path, name, format }: { path: string; name: string; format: TableFormat },
  signal: AbortSignal,
): Promise<Validation> {
  const workspace = await openWorkspace(plan);
  const responses = targetOf(plan, "responses");
  const { shape = null, benchmarks = null, min_overlap = null } = responses.params;
  const { min_subjects = null, min_minority = null } = targetOf(plan, "items").params;
  const code = await taskCode(plan.root, [TASK]);
  const target: PlannedTarget = {
    ...responses,
    name: "data validate" as TargetName,
    taskId: TASK,
    params: { format, shape, benchmarks, min_overlap, min_subjects, min_minority },
    inputs: new Map([["table", { path, place: { file: name }, producer: undefined }]]),
    outputs: new Map([["report", "cache/validation.json"]]),
  };
  const table = await workspace.digests.ofInput(path);
  if (table === undefined) throw new InputError(`Cannot read ${name}: it is gone`);
  // Nothing is kept, so that this is the key of no record.
  const key = digestOf(crypto.randomUUID());
  const manifest = manifestOf(target, code.get(TASK)!, { table }, plan.seed);
  const staging = workspace.store.stage(key);
  const snapshot = (): string => snapshotCode(plan.root, code);
  try {
    const own = { ...workspace, code, snapshot };
    const job = await prepareJob(own, target, key, manifest, staging);
    await localExecutor.run(job, () => {}, signal);
    return JSON.parse(await Deno.readTextFile(job.outputs["report"] ?? ""));
  } finally {
    await Deno.remove(staging, { recursive: true }).catch(() => {});
  }
}

function describe({ report, n_faults, faults, warnings }: Validation): string {
  const more = n_faults > faults.length ? [`and ${n_faults - faults.length} more`] : [];
  const lines = [...faults.map(({ where, what }) => `${where}: ${what}`), ...more];
  return [
    ...(report === undefined ? [] : [formatReport(report)]),
    ...(n_faults === 0
      ? []
      : [`${n_faults} rows or cells are wrong:\n${lines.map((line) => `  ${line}`).join("\n")}`]),
    // The errors' own warning says the same, in short.
    ...warnings.filter((text) => !text.includes(": left out ")).map((text) => `warning: ${text}`),
  ].map((text) => `${text}\n\n`).join("");
}

/** The settings that `reproduce` needs, quoted for the shell. */
function settings(file: string, format: string | undefined, args: readonly string[]): string {
  const written = args.flatMap((arg, i) =>
    arg === "--set" ? [args[i + 1] ?? ""] : arg.startsWith("--set=") ? [arg.slice(6)] : []
  ).filter((set) => !/^responses\.(source|path)=/.test(set));
  const all = [`responses.source=${format}`, `responses.path=${file}`, ...written];
  const strict = args.includes("--strict") ? " --strict" : "";
  return all.map((set) => `--set ${quoted(set)}`).join(" ") + strict;
}

function quoted(text: string): string {
  return /^[\w.,=/:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
