/**
 * The process in which one task runs: reads a Job, one line of JSON, from standard input, runs the
 * task, and tells what happens as marked JSON lines on standard output. When standard input ends,
 * whoever wanted the task is gone, and the process ends.
 *
 * @module
 */
import type { Job, Message } from "./executor.ts";
import { MARK } from "./mark.ts";
import type { Task } from "./task.ts";

/** How a task ended. */
export type HostMessage =
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly message: string; readonly input: boolean };

function tell(message: HostMessage | Message): void {
  const bytes = new TextEncoder().encode(`${MARK}${JSON.stringify(message)}\n`);
  for (let start = 0; start < bytes.length;) start += Deno.stdout.writeSync(bytes.subarray(start));
}

async function receive(): Promise<Job> {
  const reader = Deno.stdin.readable.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.endsWith("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error("Cannot run a task: there is no job on standard input.");
    text += value;
  }
  reader.read().then(() => Deno.exit(1), () => Deno.exit(1));
  return JSON.parse(text) as Job;
}

async function host(): Promise<void> {
  const job = await receive();
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
    warn: (message) => tell({ kind: "warning", message }),
  });
}

if (import.meta.main) {
  try {
    await host();
    tell({ kind: "done" });
  } catch (error) {
    tell({ kind: "failed", ...describe(error) });
  }
  // Native libraries may leave threads that would keep the process alive.
  Deno.exit(0);
}

function describe(error: unknown): { message: string; input: boolean } {
  if (!(error instanceof Error)) return { message: String(error), input: false };
  if (error.name === "InputError") return { message: error.message, input: true };
  if (error.name === "UnavailableError") return { message: error.message, input: false };
  if (error instanceof Deno.errors.NotCapable) {
    const remedy = /net access/.test(error.message)
      ? "A task reaches the hosts that it declares, and no others."
      : "A task may read its inputs and write its outputs; declare the file under inputs in " +
        "workflow.yaml.";
    const message = `it did what it may not: ${error.message}. ${remedy}`;
    return { message, input: false };
  }
  return { message: error.stack ?? error.message, input: false };
}
