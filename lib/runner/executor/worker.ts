/**
 * The worker in which one task runs: gets a Job as a message, and tells what happens as messages.
 *
 * @module
 */
import type { Job, Message } from "./executor.ts";
import type { Ending } from "./host.ts";
import type { Task } from "../task.ts";

/** Set when the task called for the end of its process, which is not its own. */
let exited: string | undefined;

function exit(code?: number | string | null): never {
  exited = `it ended itself, with code ${code ?? 0}, before it was done`;
  throw new Error(exited);
}

function tell(message: Message | Ending): void {
  self.postMessage(message);
}

async function run(job: Job): Promise<void> {
  const { default: task } = await import(job.module) as { default: Task };
  const params = task.params.strict().parse(job.params);
  await task.run({
    params,
    seed: job.seed,
    inputs: job.inputs,
    outputs: job.outputs,
    provenance: job.provenance,
    downloads: job.permissions.downloads,
    secrets: Object.fromEntries(
      job.permissions.secrets.map((name) => [name, Deno.env.get(name)] as const),
    ),
    progress: (share, message = "") => tell({ kind: "progress", share, message }),
    log: (message) => tell({ kind: "log", message }),
    warn: (message, once) => tell({ kind: "warning", message, once: once !== undefined }),
  });
}

function describe(error: unknown): Ending {
  const failed = (message: string, input = false): Ending => ({ kind: "failed", message, input });
  if (!(error instanceof Error)) return failed(String(error));
  if (error.name === "InputError") return failed(error.message, true);
  if (error.name === "UnavailableError") return failed(error.message);
  if (error instanceof Deno.errors.NotCapable) {
    const remedy = /net access/.test(error.message)
      ? "A task reaches the hosts that it declares, and no others."
      : "A task may read its inputs and write its outputs; declare the file under inputs in " +
        "workflow.yaml.";
    return failed(`it did what it may not: ${error.message}. ${remedy}`);
  }
  return failed(error.stack ?? error.message);
}

self.onmessage = async ({ data }: MessageEvent<Job>): Promise<void> => {
  Deno.exit = exit;
  const ending = await run(data).then(() => ({ kind: "done" }) as const, describe);
  tell(exited === undefined ? ending : { kind: "failed", message: exited, input: false });
};
