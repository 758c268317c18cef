/**
 * What is known of jobs, in `cache/jobs/RUN/`, so that any login node finds them again:
 *
 * - `run.json`: who submitted it, and the values given on the command line.
 * - `ARRAY.json`: an array, written before it is submitted: its targets by their indexes.
 * - `ARRAY.job`: its number in the queue. Where a killed process did not come to write it, the queue
 *   knows the array by the run's name and by its comment.
 * - `ARRAY-INDEX.started`, `.ended`, `.log`: what the node says.
 * - `over`: nothing of it waits or runs any more.
 *
 * No secret is written, and nothing here is believed of a result: that is for the records.
 *
 * @module
 */
import { join } from "@std/path";
import { z } from "zod";
import { writeAtomically } from "../../../base/write_atomically.ts";
import { resourcesDefinition } from "../../config/definition.ts";
import type { Override } from "../../config/params.ts";

/** The folder of jobs, in that of the project. */
export const JOBS = join("cache", "jobs");

const causes = z.enum([
  "failed",
  "timeout",
  "oom",
  "node_fail",
  "preempted",
  "cancelled",
  "dependency",
  "lost",
  "no_record",
]);

const arrayShape = z.object({
  resources: resourcesDefinition,
  /** What the code was when the array was submitted: a part of a manifest. */
  code: z.record(z.string(), z.unknown()),
  elements: z.array(z.object({
    index: z.int().min(0),
    target: z.string(),
    /** Digest of all that is planned of the target and of what it needs. */
    plan: z.string(),
    /** Whether it runs although there is a record. */
    again: z.boolean(),
    /** What ended the tries before this one. */
    causes: z.array(causes),
  })),
});

const runShape = z.object({
  when: z.string(),
  host: z.string(),
  overrides: z.array(z.object({ name: z.string(), text: z.string() })),
});

/** What the node says at the end of a job. */
const endingShape = z.union([
  z.object({ kind: z.literal("done") }),
  z.object({
    kind: z.literal("failed"),
    cause: causes,
    message: z.string(),
    /** Whether it is for a person to fix in their input. */
    input: z.boolean(),
  }),
]);

/** An array of jobs as it was submitted. */
export type SubmittedArray = z.output<typeof arrayShape>;

/** What the node says at the end of a job. */
export type JobEnding = z.output<typeof endingShape>;

/** The jobs of one command. */
export class JobRun {
  readonly id: string;
  /** The folder of what is known of it, absolute. */
  readonly folder: string;

  constructor(root: string, id: string) {
    this.id = id;
    this.folder = join(root, JOBS, id);
  }

  /** Begins a run. */
  static async begin(root: string, overrides: readonly Override[]): Promise<JobRun> {
    const when = new Date().toISOString();
    const id = `${when.slice(0, 19).replace(/\D/g, "")}-${crypto.randomUUID().slice(0, 8)}`;
    const run = new JobRun(root, id);
    const text = JSON.stringify({ when, host: Deno.hostname(), overrides });
    await writeAtomically(join(run.folder, "run.json"), text);
    return run;
  }

  /** The runs of a project that are not over, the oldest first. */
  static all(root: string): JobRun[] {
    return names(join(root, JOBS)).sort().map((id) => new JobRun(root, id))
      .filter(({ folder }) => !names(folder).includes("over"));
  }

  /** What jobs of the run are called in the queue. */
  get name(): string {
    return `se-${this.id}`;
  }

  /** When it was begun, and the values given on the command line; undefined where damaged. */
  about(): z.output<typeof runShape> | undefined {
    return runShape.safeParse(read(join(this.folder, "run.json"))).data;
  }

  /** The arrays by number; damaged ones are left out, and their targets are submitted again. */
  arrays(): ReadonlyMap<number, SubmittedArray> {
    const found = new Map<number, SubmittedArray>();
    for (const name of names(this.folder)) {
      const [, number] = /^(\d+)\.json$/.exec(name) ?? [];
      const { data } = arrayShape.safeParse(read(join(this.folder, name)));
      if (number !== undefined && data !== undefined) found.set(Number(number), data);
    }
    return found;
  }

  /** One array. */
  array(number: number): SubmittedArray | undefined {
    return arrayShape.safeParse(read(join(this.folder, `${number}.json`))).data;
  }

  /** Notes an array that is to be submitted. */
  async add(number: number, array: SubmittedArray): Promise<void> {
    await writeAtomically(join(this.folder, `${number}.json`), JSON.stringify(array));
  }

  /** The number of an array in the queue, if it was noted. */
  job(number: number): string | undefined {
    const job = read(join(this.folder, `${number}.job`));
    return typeof job === "string" ? job : undefined;
  }

  /** Notes the number of an array in the queue. */
  async setJob(number: number, job: string): Promise<void> {
    await writeAtomically(join(this.folder, `${number}.job`), JSON.stringify(job));
  }

  /** Names of the files of the run: which jobs have started and ended. To ask renews what a network file system remembers. */
  files(): ReadonlySet<string> {
    return new Set(names(this.folder));
  }

  /** What the node said at the end of a job. */
  ending(element: string): JobEnding | undefined {
    return endingShape.safeParse(read(join(this.folder, `${element}.ended`))).data;
  }

  /** Says that a job has started, and which one it is in the queue. */
  async start(element: string, job: string): Promise<void> {
    await writeAtomically(join(this.folder, `${element}.started`), JSON.stringify(job));
  }

  /** The number in the queue of a job that has started, apart from its array's. */
  raw(element: string): string | undefined {
    const job = read(join(this.folder, `${element}.started`));
    return typeof job === "string" ? job : undefined;
  }

  /** Says how a job ended. */
  async end(element: string, ending: JobEnding): Promise<void> {
    await writeAtomically(join(this.folder, `${element}.ended`), JSON.stringify(ending));
  }

  /** What a job printed; relative to the project. */
  log(element: string): string {
    return join(JOBS, this.id, `${element}.log`);
  }

  /** The run is over; where all went well, nothing of it is kept. */
  async close(kept: boolean): Promise<void> {
    if (kept) await writeAtomically(join(this.folder, "over"), "");
    else await Deno.remove(this.folder, { recursive: true }).catch(() => {});
  }
}

/** The names in a folder; none where there is no folder. */
function names(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch {
    return [];
  }
}

function read(path: string): unknown {
  try {
    return JSON.parse(Deno.readTextFileSync(path));
  } catch {
    return undefined;
  }
}
