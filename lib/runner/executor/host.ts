/**
 * A process in which tasks run, one after the other: reads jobs, each a line of JSON, from standard
 * input, and tells what happens as marked JSON lines on standard output. Each task gets a worker of
 * its own: other permissions, and nothing that an earlier one left in memory. When standard input
 * ends, whoever wanted the tasks is gone, and the process ends.
 *
 * @module
 */
import { type Job, type Message, needsOwnProcess } from "./executor.ts";
import { MARK } from "./mark.ts";

/** How a task ended. */
export type Ending =
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly message: string; readonly input: boolean };

/** What a host tells: what a task does, how it ended, and that another may come. */
export type HostMessage = Message | Ending | { readonly kind: "free" };

/** A worker's options where it has permissions of its own, which the types do not know. */
interface RestrictedWorkerOptions extends WorkerOptions {
  readonly deno: { readonly permissions: Deno.PermissionOptionsObject };
}

function tell(message: HostMessage, stream = Deno.stdout): void {
  // What was printed before may lack the end of its line.
  const bytes = new TextEncoder().encode(`\n${MARK}${JSON.stringify(message)}\n`);
  for (let start = 0; start < bytes.length;) start += stream.writeSync(bytes.subarray(start));
}

/** What tasks in one process could change for each other. */
function surroundings(): string {
  return JSON.stringify([Deno.cwd(), ...Object.entries(Deno.env.toObject()).sort()]);
}

const BEFORE = surroundings();

/** The worker that a stateless task left, for the next of the same module. */
let kept: { readonly module: string; readonly worker: Worker } | undefined;

function workerFor(job: Job): Worker {
  const left = kept;
  kept = undefined;
  if (left !== undefined) {
    if (job.stateless && left.module === job.module) return left.worker;
    left.worker.terminate();
  }
  const { read, write, downloads, network, native } = job.permissions;
  const folders = [write, ...(downloads === undefined ? [] : [downloads])];
  const options: RestrictedWorkerOptions = {
    type: "module",
    deno: {
      permissions: {
        read: [...read, ...folders],
        write: folders,
        net: network.length > 0 ? [...network] : false,
        env: true,
        ffi: native,
        sys: native,
        run: false,
        import: false,
      },
    },
  };
  return new Worker(import.meta.resolve("./worker.ts"), options);
}

function start(job: Job): void {
  const worker = workerFor(job);
  const end = (ending: Ending): void => {
    if (job.stateless && ending.kind === "done") kept = { module: job.module, worker };
    else worker.terminate();
    tell(ending);
    // Native libraries may leave threads, and a changed environment is not for others.
    if (needsOwnProcess(job) || surroundings() !== BEFORE) Deno.exit(0);
    tell({ kind: "free" }, Deno.stderr);
    tell({ kind: "free" });
  };
  worker.onmessage = ({ data }: MessageEvent<Message | Ending>): void => {
    if (data.kind === "done" || data.kind === "failed") end(data);
    else tell(data);
  };
  worker.onerror = (event): void => {
    event.preventDefault();
    end({ kind: "failed", message: event.message, input: false });
  };
  worker.postMessage(job);
}

let text = "";
for await (const part of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (text + part).split("\n");
  text = lines.pop() ?? "";
  for (const line of lines) start(JSON.parse(line) as Job);
}
Deno.exit(1);
