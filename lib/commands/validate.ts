import { relative } from "@std/path";
import { digestOf } from "../base/digest.ts";
import { InputError } from "../base/errors.ts";
import { sourceAt, type TableFormat } from "../responses/read_tables.ts";
import { formatReport } from "../responses/report.ts";
import type { Validation } from "../responses/validate_table.ts";
import { openWorkspace } from "../runner/assess.ts";
import { INTERRUPTED, interruptible } from "../runner/cli/interrupt.ts";
import type { Options } from "../runner/cli/options.ts";
import { write } from "../runner/cli/output.ts";
import { locate } from "./locate.ts";
import { targetOf } from "./target_of.ts";
import type { Plan, PlannedTarget } from "../runner/config/planned.ts";
import { TaskFailure } from "../runner/executor/executor.ts";
import { prepareJob } from "../runner/executor/job.ts";
import { snapshotCode } from "../runner/snapshot.ts";
import { localExecutor } from "../runner/executor/local.ts";
import { manifestOf } from "../runner/key.ts";
import { taskSeed } from "../runner/task_seed.ts";
import { taskCode } from "../runner/modules.ts";
import type { TargetName, TaskId } from "../runner/names.ts";

const TASK = "tasks/validate.ts" as TaskId;

/**
 * Reads a table of one's own as the workflow would, in a task's process, and prints what it holds and
 * what is wrong with it, with the rows.
 *
 * @param plan The workflow, for its params.
 * @param file The table, or a folder of such.
 * @param options The command line.
 * @returns The exit code: 2 when it cannot be used or, with `--strict`, has errors.
 */
export async function validate(
  plan: Plan,
  file: string,
  options: Pick<Options, "json" | "args">,
): Promise<number> {
  const path = await locate(plan.root, file);
  const inside = relative(plan.root, path);
  const name = inside === "" || inside.startsWith("..") ? path : inside;
  return await interruptible(async (signal) => {
    let format: Source | undefined;
    let validation: Validation;
    try {
      format = await sourceAt(path, file);
      validation = await runTask(plan, { path, name, format }, signal);
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
      const command = `deno task reproduce ${settings(name, format, options.args)}`;
      const but = n_faults > 0 ? ", without what is wrong" : "";
      const verdict = usable
        ? `${file} can be used${but}:\n  ${command}`
        : error === null
        ? `${file} has errors, and --strict allows none. Correct them.`
        : n_faults > 0
        ? `${error} What is wrong above was left out; correcting it may be enough.`
        : error;
      write(`${verdict}\n`);
    }
    return usable ? 0 : 2;
  });
}

/** What a file or folder of one's own is read by. */
type Source = TableFormat | "evals";

/** Runs the task with what the target of the responses has: its limits of time and memory, too. */
async function runTask(
  plan: Plan,
  { path, name, format }: { path: string; name: string; format: Source },
  signal: AbortSignal,
): Promise<Validation> {
  const workspace = await openWorkspace(plan);
  const responses = targetOf(plan, "responses");
  const { source: _source, ...reading } = responses.params;
  const items = targetOf(plan, "items");
  const fit = targetOf(plan, "fiml");
  const code = await taskCode(plan.root, [TASK]);
  const target: PlannedTarget = {
    ...responses,
    name: "data validate" as TargetName,
    taskId: TASK,
    params: {
      ...reading,
      ...items.params,
      format,
      subsample: fit.params["subsample"] ?? null,
      n_factors: targetOf(plan, "fiml_graph").params["n_factors"] ?? "auto",
      fit_seed: taskSeed(plan.seed, fit.taskId),
    },
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
    await localExecutor(plan.project).run(job, () => {}, signal);
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
    ...(n_faults === 0 ? [] : [
      `${n_faults === 1 ? "1 row or cell is" : `${n_faults} rows or cells are`} wrong:\n${
        lines.map((line) => `  ${line}`).join("\n")
      }`,
    ]),
    // The errors' own warning says the same, in short.
    ...warnings.filter((text) => !text.includes(": left out ")).map((text) => `warning: ${text}`),
  ].map((text) => `${text}\n\n`).join("");
}

/** The settings that `reproduce` needs, quoted for the shell. */
function settings(file: string, format: string | undefined, args: readonly string[]): string {
  const written = valuesOf("--set", args).filter((set) => !/^responses\.(source|path)=/.test(set));
  const all = [`responses.source=${format}`, `responses.path=${file}`, ...written];
  const devices = valuesOf("--device", args).map((device) => `--device ${quoted(device)}`);
  const others = ["--strict", "--fast"].filter((option) => args.includes(option));
  return [...all.map((set) => `--set ${quoted(set)}`), ...devices, ...others].join(" ");
}

/** The values of an option on a command line. */
function valuesOf(option: string, args: readonly string[]): readonly string[] {
  return args.flatMap((arg, i) => {
    if (arg === option) return [args[i + 1] ?? ""];
    return arg.startsWith(`${option}=`) ? [arg.slice(option.length + 1)] : [];
  });
}

function quoted(text: string): string {
  return /^[\w.,=/:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
