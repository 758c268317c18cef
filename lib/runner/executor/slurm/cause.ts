import type { Resources } from "../../config/definition.ts";
import { bytes } from "../amounts.ts";

/** What ended a job that left no record. */
export type Cause =
  | "failed"
  | "timeout"
  | "oom"
  | "node_fail"
  | "preempted"
  | "cancelled"
  /** A job that it waits for failed. */
  | "dependency"
  /** The queue knows nothing of it. */
  | "lost"
  /** It ended well, and there is no record. */
  | "no_record";

/** A job as the queue shows it. */
export interface JobState {
  /** Of the array and of the element: `12_3`. */
  readonly id: string;
  /** As Slurm has it: `RUNNING`, `CANCELLED by 0`, … */
  readonly state: string;
  readonly reason?: string;
  readonly node?: string;
  /** What it may use of memory, as Slurm writes it: `4G`. */
  readonly memory?: string;
  /** Its number apart from the array's: what the file of finished jobs knows it by. */
  readonly raw?: string;
  /** Name of its run, and the number of its array in it. */
  readonly array?: string;
}

const ENDED: Readonly<Record<string, Cause>> = {
  COMPLETED: "no_record",
  FAILED: "failed",
  TIMEOUT: "timeout",
  DEADLINE: "timeout",
  OUT_OF_MEMORY: "oom",
  NODE_FAIL: "node_fail",
  BOOT_FAIL: "node_fail",
  PREEMPTED: "preempted",
  CANCELLED: "cancelled",
  REVOKED: "cancelled",
};

/** What ended a job; undefined while it waits or runs. */
export function causeOf({ state, reason }: JobState): Cause | undefined {
  if (reason === "DependencyNeverSatisfied") return "dependency";
  // sacct adds by whom: "CANCELLED by 1000".
  return ENDED[state.split(" ")[0] ?? ""];
}

/** How often a job is submitted again, where workflow.yaml does not say. */
const RETRIES: Readonly<Record<Cause, number>> = {
  timeout: 1,
  oom: 1,
  node_fail: 2,
  preempted: 5,
  failed: 0,
  cancelled: 0,
  // An array is cancelled whole where a part of what it waits for failed.
  dependency: 20,
  lost: 1,
  no_record: 0,
};

/**
 * What the next try may use, or undefined where there is none.
 *
 * @param resources Of the try that ended.
 * @param causes What ended the tries so far, the last one at the end.
 * @param job The queue's last word on it.
 */
export function nextTry(
  resources: Resources,
  causes: readonly Cause[],
  job: JobState | undefined,
): Resources | undefined {
  const last = causes.at(-1);
  if (last === undefined) return resources;
  const limit = { ...RETRIES, ...defined(resources.retries) }[last];
  if (causes.filter((cause) => cause === last).length > limit) return undefined;
  if (last === "oom") {
    const memory = doubled(resources, job?.memory);
    return memory === undefined ? undefined : { ...resources, memory };
  }
  const node = last === "node_fail" ? job?.node ?? "" : "";
  if (node === "") return resources;
  const exclude = [resources.slurm?.exclude, node].filter((name) => name).join(",");
  return { ...resources, slurm: { ...resources.slurm, exclude } };
}

/** Without the fields that are undefined, which would hide defaults. */
function defined(retries: Resources["retries"] = {}): Partial<Record<Cause, number>> {
  return Object.fromEntries(Object.entries(retries).filter(([, times]) => times !== undefined));
}

/** Twice the memory, in MiB; that which Slurm gave, where the target asks for none. */
function doubled({ memory, cpus = 1 }: Resources, given = ""): string | undefined {
  if (memory !== undefined) return `${Math.ceil(2 * bytes(memory) / 2 ** 20)}MiB`;
  const [, amount, unit = "M"] = /^([\d.]+)([KMGT]?)/.exec(given) ?? [];
  if (amount === undefined || Number(amount) === 0) return undefined;
  // What Slurm gives by itself is for each processor.
  const mebibytes = Number(amount) * cpus * 1024 ** ("KMGT".indexOf(unit) - 1);
  return `${Math.ceil(2 * mebibytes)}MiB`;
}
