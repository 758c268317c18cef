import { join } from "@std/path";
import type { Cause, JobState } from "./cause.ts";

const WORDS: Readonly<Record<Cause, string>> = {
  failed: "failed before it could say why",
  timeout: "took longer than its time limit; give it more under resources.time",
  oom: "ran out of memory; raise resources.memory",
  node_fail: "lost its node",
  preempted: "was preempted",
  cancelled: "was cancelled",
  dependency: "was cancelled, since a job that it waits for failed",
  lost: "is unknown to the queue, and left no record",
  no_record: "ended well but left no record; is the cache on a file system that the nodes share?",
};

/** Lines of a log that are shown. */
const LAST = 6;

/**
 * What became of a job, in words.
 *
 * @param cause What ended it.
 * @param id Its number in the queue.
 * @param job The queue's last word on it.
 * @param log Path of its log, relative to the project.
 * @param root Folder of the project.
 */
export function explain(
  cause: Cause,
  id: string,
  job: JobState | undefined,
  log: string,
  root: string,
): string {
  const node = job?.node && job.node !== "(null)" ? ` on ${job.node}` : "";
  const said = `job ${id}${node} ${WORDS[cause]}`;
  if (cause === "dependency" || cause === "lost") return said;
  const text = readText(join(root, log));
  const last = text?.trimEnd().split("\n").slice(-LAST).join("\n          ") ?? "";
  if (text === undefined) {
    return `${said}; it wrote no log to ${log}: does the node see that folder?`;
  }
  return last === ""
    ? `${said}; its log ${log} is empty`
    : `${said}; ${log} ends:\n          ${last}`;
}

function readText(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}
