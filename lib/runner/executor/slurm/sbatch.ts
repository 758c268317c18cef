import { join } from "@std/path";
import { InputError, UnavailableError } from "../../../base/errors.ts";
import type { Resources } from "../../config/definition.ts";
import { bytes, gpuCount, seconds } from "../amounts.ts";
import { slurm } from "./commands.ts";
import { type JobRun, JOBS } from "./ledger.ts";

/** An array as sbatch is given it. */
export interface Submission {
  readonly run: JobRun;
  /** Its number in the run. */
  readonly number: number;
  readonly indexes: readonly number[];
  /** What it makes, for people who look at the queue. */
  readonly what: string;
  readonly resources: Resources;
  /** `afterok:12_3:12_4,aftercorr:13`, or "". */
  readonly dependency: string;
  /** Folder of the project, absolute. */
  readonly root: string;
  /** The project's program, absolute. */
  readonly main: string;
  /** Name of the folder of results. */
  readonly results: string;
  /** Variables that a task may read, with their values; undefined where one is not set. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Less memory than this the runtime itself needs, in MiB. */
const LEAST_MEMORY = 512;

/** Minutes that a job may take beyond its task: to begin and end, and since Slurm warns it early. */
const SPARE_MINUTES = 3;

/** Seconds between Slurm's request that the job end and its killing it. */
const WARNING = 60;

/** What a controller says that may accept the same later. */
const LATER =
  /unable to contact|connection refused|socket timed out|timeout|temporarily unable|try again|standby|SubmitJob|dependency problem|communication/i;

/** The controller does not take jobs now. */
export class NotNow extends UnavailableError {}

/**
 * Submits an array.
 *
 * @returns Its number in the queue.
 * @throws {NotNow} When the controller does not answer or takes no more jobs.
 * @throws {InputError} When Slurm refuses it.
 */
export async function submit(submission: Submission): Promise<string> {
  const { run, number } = submission;
  const { success, out, err } = await slurm("sbatch", options(submission), script(submission));
  // With several clusters, theirs follows.
  const job = out.trim().split(";")[0] ?? "";
  if (success && /^\d+$/.test(job)) {
    await run.setJob(number, job);
    return job;
  }
  const said = (err || out).replaceAll(/^sbatch: (error: )?/gm, "").trim().replaceAll("\n", "; ");
  if (LATER.test(said)) throw new NotNow(`Slurm takes no jobs now: ${said}`);
  throw new InputError(`Slurm refuses the job: ${said}; see resources in workflow.yaml`);
}

function options(
  { run, number, indexes, what, resources, dependency, root }: Submission,
): string[] {
  const { cpus, memory, gpu, time, slurm: site = {} } = resources;
  const all: Readonly<Record<string, string | number | undefined>> = {
    "job-name": run.name,
    "comment": `${number} ${what}`,
    "array": ranges(indexes),
    "dependency": dependency || undefined,
    "kill-on-invalid-dep": "yes",
    "signal": `B:TERM@${WARNING}`,
    "export": "ALL",
    "chdir": root,
    "output": join(root, JOBS, run.id, `${number}-%a.log`),
    "cpus-per-task": cpus,
    "mem": memory && `${Math.max(LEAST_MEMORY, Math.ceil(bytes(memory) / 2 ** 20))}M`,
    "gres": gpuCount(gpu) > 0 ? `gpu:${gpu}` : undefined,
    "time": time && Math.ceil(seconds(time) / 60) + SPARE_MINUTES,
    "partition": site.partition,
    "account": site.account,
    "qos": site.qos,
    "constraint": site.constraint,
    "exclude": site.exclude,
  };
  const given = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}=${value}`]
  );
  return ["--parsable", "--no-requeue", ...given];
}

/** `0-4,7`: a list of a thousand numbers would be long. */
function ranges(indexes: readonly number[]): string {
  const found: [first: number, last: number][] = [];
  for (const index of indexes.toSorted((a, b) => a - b)) {
    const range = found.at(-1);
    if (range?.[1] === index - 1) range[1] = index;
    else found.push([index, index]);
  }
  return found.map(([first, last]) => first === last ? first : `${first}-${last}`).join(",");
}

/** What the node runs: the program itself, so that what Slurm signals reaches it. */
function script({ run, number, resources, main, results, env }: Submission): string {
  const { prologue } = resources.slurm ?? {};
  const variables = Object.entries(env).map(([name, value]) =>
    value === undefined ? `unset ${name}` : `export ${name}=${quoted(value)}`
  );
  const command = [
    ...[quoted(Deno.execPath()), "run", "--quiet", "--no-prompt", "--cached-only", "-RES"],
    ...[`"-W=cache,${results},$TMPDIR"`, "--allow-run", quoted(main)],
    ...["node", run.id, number, '"$SLURM_ARRAY_TASK_ID"'],
  ];
  return [
    // Where modules are loaded, a login shell knows how.
    prologue === undefined ? "#!/bin/sh" : "#!/bin/bash -l",
    ...(prologue === undefined ? [] : [prologue]),
    ...variables,
    'export TMPDIR="${SLURM_TMPDIR:-${TMPDIR:-/tmp}}"',
    `exec ${command.join(" ")}`,
    "",
  ].join("\n");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
