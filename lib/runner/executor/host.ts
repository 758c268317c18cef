/**
 * The process of one task: reads its job from standard input, runs the task, and reports on standard
 * output, each line signed with the job's token. The token and all that signing needs are taken
 * before the task's module is loaded, so that the module cannot report in the runner's name.
 *
 * After the task has ended, the process stays until what the task left unfinished (a write that it
 * did not await) has ended too; timers do not count.
 *
 * @module
 */
import type { Task } from "../task.ts";
import type { Ending, Job, Message } from "./executor.ts";

/** How often to look whether the runner is still there, in ms. */
const PARENT_CHECK = 1000;

const stringify = JSON.stringify;
const encode = TextEncoder.prototype.encode.bind(new TextEncoder());
const write = Deno.stdout.writeSync.bind(Deno.stdout);
const exit = Deno.exit.bind(Deno);

const { token, job } = JSON.parse(readInput()) as { token: string; job: Job };

/** A stream, or a timer of the runtime, would take as long to load as all else here. */
function readInput(): string {
  const decoder = new TextDecoder();
  const block = new Uint8Array(1 << 16);
  let text = "";
  for (let n; (n = Deno.stdin.readSync(block)) !== null;) {
    text += decoder.decode(block.subarray(0, n), { stream: true });
  }
  return text;
}

function report(message: Message | Ending): void {
  // What was printed before may lack the end of its line.
  let bytes = encode(`\n${token}${stringify(message)}\n`);
  while (bytes.length > 0) bytes = bytes.subarray(write(bytes));
}

function end(ending: Ending): void {
  if (ended) return;
  ended = true;
  report(ending);
  for (const timer of timers) timer.unref();
}

let ended = false;

/** What a timer of the runtime is, by its types a number. */
interface Timer {
  unref(): void;
}

/** Timers of the task, so that they do not keep the process when the task has ended. */
const timers = new Set<Timer>();

/** Replaces a function that starts timers, which is loaded when it is first asked for. */
function track(name: "setTimeout" | "setInterval"): void {
  const { get, value } = Object.getOwnPropertyDescriptor(globalThis, name) ?? {};
  let tracked: unknown;
  const wrap = (start: (...args: unknown[]) => unknown) => (...args: unknown[]): unknown => {
    const timer = start(...args) as Timer;
    if (ended) timer.unref();
    else timers.add(timer);
    return timer;
  };
  Object.defineProperty(globalThis, name, {
    get: () => tracked ??= wrap(get?.call(globalThis) ?? value),
    set: (own) => tracked = own,
    configurable: true,
  });
}
track("setTimeout");
track("setInterval");

/** What would outlive the process is not for tasks. */
for (const name of ["caches", "localStorage", "sessionStorage", "BroadcastChannel"]) {
  Reflect.deleteProperty(globalThis, name);
}

Deno.exit = (code): never => {
  const message = `it ended itself, with code ${code ?? 0}, before it was done`;
  end({ kind: "failed", message, input: false });
  return exit(1);
};

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
    return failed(`Permission denied: ${error.message}. ${remedy}`);
  }
  if (/\(os error \d+\)/.test(error.message)) {
    report({ kind: "log", message: error.stack ?? "" });
    const code = "code" in error ? String(error.code) : "";
    return { kind: "failed", message: error.message, input: false, code };
  }
  return failed(error.stack ?? error.message);
}

const parent = Deno.ppid;
const never = new Int32Array(new SharedArrayBuffer(4));
const { waitAsync } = Atomics;
function checkParent(): void {
  if (Deno.ppid !== parent) exit(1);
  // Unlike a timer, it needs nothing loaded and keeps no process.
  const { value } = waitAsync(never, 0, 0, PARENT_CHECK);
  if (value instanceof Promise) value.then(checkParent);
}
checkParent();
for (const kind of ["error", "unhandledrejection"] as const) {
  globalThis.addEventListener(kind, (event) => {
    event.preventDefault();
    end(describe("reason" in event ? event.reason : (event as ErrorEvent).error));
    exit(1);
  });
}
// Where nothing is left that could settle the task, the process would end without a word.
globalThis.addEventListener("beforeunload", () => {
  const message = "it waits for something that never happens: a promise that nothing settles";
  end({ kind: "failed", message, input: false });
});

async function run(): Promise<Ending> {
  const { default: task } = await import(job.module) as { default: Task };
  await task.run({
    params: task.params?.strict().parse(job.params) ?? {},
    seed: job.seed,
    inputs: job.inputs,
    outputs: job.outputs,
    provenance: job.provenance,
    downloads: job.permissions.downloads,
    secrets: Object.fromEntries(
      job.permissions.secrets.map((name) => [name, Deno.env.get(name)] as const),
    ),
    progress: (share, message = "") =>
      report({ kind: "progress", share: Number(share), message: String(message) }),
    log: (message) => report({ kind: "log", message: String(message) }),
    warn: (message, once) =>
      report({ kind: "warning", message: String(message), once: once === "once" }),
  });
  return { kind: "done" };
}

run().catch(describe).then(end);
