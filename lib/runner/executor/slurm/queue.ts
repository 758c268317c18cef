import { UnavailableError } from "../../../base/errors.ts";
import { causeOf, type JobState } from "./cause.ts";
import { slurm } from "./commands.ts";

/** Columns of squeue, the comment last, since it may hold a `|`. */
const COLUMNS = ["%i", "%A", "%T", "%r", "%N", "%m", "%j", "%k"].join("|");

const MINUTE = 60_000;

/** Most elements of an array, where Slurm allows more. */
const LARGEST_ARRAY = 1000;

/** A job of which the queue is asked. */
export interface Asked {
  /** `12_3` */
  readonly id: string;
  readonly raw: string | undefined;
}

/** Queries in a minute, at most: a controller serves everybody. */
export const QUERIES = 5;

/**
 * Asks the queue about jobs: one query a round for all of them, and never more than a few a minute. A
 * command that fails is no evidence about any job.
 */
export class Queue {
  readonly #asked: number[] = [];
  readonly #most: number;

  /** @param most Queries in a minute. */
  constructor(most: number = QUERIES) {
    this.#most = most;
  }

  /** Whether another query may be made now. */
  get mayAsk(): boolean {
    while ((this.#asked[0] ?? Infinity) < Date.now() - MINUTE) this.#asked.shift();
    return this.#asked.length < this.#most;
  }

  /**
   * The jobs of these names that the controller knows, by id; undefined where it does not answer.
   *
   * @param names As given to sbatch.
   */
  async jobs(names: readonly string[]): Promise<ReadonlyMap<string, JobState> | undefined> {
    const args = ["-h", "-r", "-t", "all", "-o", COLUMNS, `--name=${names.join(",")}`];
    const lines = await this.#ask("squeue", args);
    if (lines === undefined) return undefined;
    const rows = lines.map((line): JobState => {
      const [id = "", raw = "", state = "", reason = "", node = "", memory = "", name = "", about] =
        line.split("|");
      return { id, raw, state, reason, node, memory, array: `${name} ${about?.split(" ")[0]}` };
    });
    return new Map(rows.map((row) => [row.id.replace(/_\[.*/, ""), row]));
  }

  /**
   * What accounting, or else the file of finished jobs, or else the controller knows of jobs that
   * the queue no longer shows.
   *
   * @param jobs The jobs.
   * @param since When the first of them was submitted, as ISO 8601.
   */
  async past(jobs: readonly Asked[], since: string): Promise<ReadonlyMap<string, JobState>> {
    const ids = jobs.map(({ id }) => id);
    const fields = "--format=jobid,state,exitcode,nodelist";
    const arrays = [...new Set(ids.map((id) => id.split("_")[0]))].join(",");
    const start = `--starttime=${since.slice(0, 10)}`;
    const accounted = await this.#ask("sacct", ["-X", "-P", "-n", fields, start, "-j", arrays]);
    const found = byId(accounted?.map(row) ?? []);
    if (ids.some((id) => stateOf(found, id))) return found;
    const finished = byId((await this.#ask("sacct", ["-c", "-P", "-n", fields]))?.map(row) ?? []);
    const known = jobs.flatMap(({ id, raw }) => {
      const job = finished.get(id) ?? finished.get(raw ?? "");
      return job === undefined ? [] : [{ ...job, id }];
    });
    if (known.length > 0) return byId(known);
    const [first = ""] = ids;
    return byId((await this.#ask("scontrol", ["-o", "show", "job", first]))?.map(shown) ?? []);
  }

  /** Most elements of an array. */
  async largestArray(): Promise<number> {
    const config = (await this.#ask("scontrol", ["show", "config"]))?.join("\n") ?? "";
    const [, size] = /^MaxArraySize\s*=\s*(\d+)/m.exec(config) ?? [];
    return Math.max(1, Math.min(LARGEST_ARRAY, Number(size ?? Infinity) - 1));
  }

  /** Lines of a command's output; undefined where it failed or may not be asked now. */
  async #ask(command: string, args: readonly string[]): Promise<string[] | undefined> {
    if (!this.mayAsk) return undefined;
    this.#asked.push(Date.now());
    const { success, out } = await slurm(command, args).catch((error: unknown) => {
      // Not every site has every command.
      if (error instanceof UnavailableError) return { success: false, out: "" };
      throw error;
    });
    return success ? out.split("\n").filter((line) => line !== "") : undefined;
  }
}

/**
 * The state of a job among those that were asked for: an array of which nothing ran may be shown as
 * one, `12` or `12_[0-9]`.
 */
export function stateOf(
  states: ReadonlyMap<string, JobState>,
  id: string,
): JobState | undefined {
  return states.get(id) ?? states.get(id.split("_")[0] ?? "");
}

/** Of the rows of a job that was requeued, the last counts. */
function byId(jobs: readonly JobState[]): Map<string, JobState> {
  return new Map(
    jobs.filter((job) => causeOf(job) !== undefined).map((job) => [
      job.id.replace(/_\[.*/, ""),
      job,
    ]),
  );
}

function row(line: string): JobState {
  const [id = "", state = "", , node = ""] = line.split("|");
  return { id, state, node };
}

function shown(line: string): JobState {
  const field = (name: string): string => new RegExp(`\\b${name}=(\\S*)`).exec(line)?.[1] ?? "";
  const element = field("ArrayTaskId");
  const id = /^\d+$/.test(element) ? `${field("ArrayJobId")}_${element}` : field("JobId");
  return { id, state: field("JobState"), reason: field("Reason"), node: field("NodeList") };
}
