import { fromFileUrl, join, relative } from "@std/path";
import { describeSystemError } from "../../base/ending.ts";
import { formatBytes } from "../../base/format_bytes.ts";
import { type Ending, type Executor, type Job, type Message, TaskFailure } from "./executor.ts";
import { gpus, GpuSlots } from "./gpus.ts";
import type { Project } from "../project.ts";
import { findSecrets, redact, type Secrets } from "../secrets.ts";

/** Variables that a process needs to find its files, whatever the task declares. */
const ALWAYS = ["PATH", "HOME", "DENO_DIR", "XDG_CACHE_HOME", "NO_COLOR", "SYSTEMROOT"];

/** Variables by which native libraries are found. */
const NATIVE = ["LD_LIBRARY_PATH"];

/** Variables by which a machine's way to the network is found, for tasks that have one. */
const NETWORK = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "DENO_CERT", "DENO_TLS_CA_STORE"]
  .flatMap((name) => [name, name.toLowerCase()]);

/** How much of what a task prints is kept, in characters. */
const MAX_PRINTED = 64 << 10;

/** How long a task that has ended may take to finish writes that it did not await, in ms. */
const GRACE = 30_000;

/** What the runtime itself takes of the memory that Linux counts as data, in bytes. */
const RUNTIME_MEMORY = 600 << 20;

/** How the runtime says that no more memory is to be had. */
const OUT_OF_MEMORY = /allocation failed|out of memory|memory allocation of/i;

/**
 * Runs each task in a process of this machine with the least permissions: it reads its inputs, its
 * modules and its packages, writes its staging folder, loads native code only if it declares it, and
 * reaches the hosts that it declares. When run() returns, the process is gone and its files are
 * closed. A secret is handed over in the environment and redacted from all that the task reports. GPUs
 * that a task asks for are its alone, among the tasks of one executor.
 *
 * @param project The project, for its secrets and the environment of its native code.
 */
export function localExecutor(project: Project): Executor {
  const { gpuEnv } = project;
  const slots = new GpuSlots(gpus(gpuEnv));
  return {
    run: (job, listen, signal) =>
      slots.hold(job.gpus, (ids) => {
        const own = ids.length > 0 && gpuEnv !== undefined ? { [gpuEnv]: ids.join(",") } : {};
        return runLocally(project, job, own, listen, signal);
      }),
  };
}

async function runLocally(
  { root, secrets = [], nativeEnv = [] }: Project,
  job: Job,
  own: Readonly<Record<string, string>>,
  listen: (message: Message) => void,
  signal: AbortSignal,
): Promise<void> {
  const { downloads } = job.permissions;
  if (downloads !== undefined) await Deno.mkdir(downloads, { recursive: true });
  const found = await findSecrets(job.permissions.secrets, secrets);
  const token = `\u001e${crypto.randomUUID()}`;
  const child = start(job, { ...found, ...own }, nativeEnv);
  const ended = child.status;
  let ending: Ending | undefined;
  let printed = "";
  let limit: TaskFailure | undefined;
  const kill = (): void => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has just ended by itself.
    }
  };
  const stop = (failure: TaskFailure): void => {
    limit ??= failure;
    kill();
  };
  const timers: ReturnType<typeof setTimeout>[] = [];
  const { timeout } = job;
  if (timeout !== undefined) {
    const reason = `took longer than ${timeout} s; give it more under resources.time`;
    const late = new TaskFailure(reason, false, "timeout");
    timers.push(setTimeout(() => stop(late), timeout * 1000));
  }
  signal.addEventListener("abort", kill);
  if (signal.aborted) kill();
  const hear = (written: string): void => {
    const message = written.startsWith(token) ? parse(written.slice(token.length)) : undefined;
    if (message === undefined) {
      if (written !== "") listen({ kind: "log", message: redact(written, found) });
    } else if (ending !== undefined) return;
    else if (message.kind === "done" || message.kind === "failed") {
      ending = redact(message, found);
      const reason = "ended but left work running, such as a write or a connection: await it";
      timers.push(setTimeout(() => stop(new TaskFailure(reason, false)), GRACE));
    } else listen(redact(message, found));
  };
  const streams = [
    readLines(child.stdout, hear),
    readLines(child.stderr, (line) => {
      if (printed.length < MAX_PRINTED) printed += `${redact(line, found)}\n`;
    }),
  ];
  const writer = child.stdin.getWriter();
  const written = writer.write(new TextEncoder().encode(JSON.stringify({ token, job })));
  written.then(() => writer.close()).catch(() => {});
  const status = await ended;
  // A process that it started may still hold its output: nothing of that is the task's.
  await Promise.race([Promise.all(streams), new Promise((done) => setTimeout(done, 1000))]);
  timers.forEach(clearTimeout);
  signal.removeEventListener("abort", kill);
  if (signal.aborted) throw new TaskFailure("interrupted", false);
  if (limit !== undefined) throw limit;
  for (const line of printed.split("\n")) {
    if (line !== "") listen({ kind: "log", message: line });
  }
  if (
    job.memory !== undefined &&
    OUT_OF_MEMORY.test(ending?.kind === "failed" ? ending.message : printed)
  ) {
    const limit = formatBytes(job.memory);
    throw new TaskFailure(
      `ran out of memory; its limit is ${limit}: raise resources.memory`,
      false,
      "oom",
    );
  }
  if (ending?.kind === "failed") {
    const { code } = ending;
    const told = code === undefined
      ? ending.message
      : describeSystemError(Object.assign(new Error(ending.message), { code }), root);
    // Modules are named by where they are in the project.
    const message = told.replaceAll(new URL(".", job.module).href, "tasks/")
      .replaceAll(`file://${encodeURI(job.code)}/`, "").replaceAll(`${job.code}/`, "");
    throw new TaskFailure(message, ending.input);
  }
  if (ending === undefined || !status.success) {
    const how = status.signal ? `by ${status.signal}` : `with code ${status.code}`;
    const last = printed.trimEnd().split("\n").slice(-8).join("\n");
    const message = `the task's process ended ${how} before the task did\n${last}`;
    throw new TaskFailure(message, false, status.signal === "SIGKILL" ? "killed" : undefined);
  }
}

function start(job: Job, given: Secrets, nativeEnv: readonly string[]): Deno.ChildProcess {
  const { read, write, downloads, network, native, env } = job.permissions;
  const folders = [...write, ...(downloads === undefined ? [] : [downloads])];
  const list = (paths: readonly string[]): string =>
    paths.map((path) => listed(path, job.staging)).join(",");
  const limited = job.memory !== undefined && Deno.build.os === "linux";
  const limit = Math.ceil(((job.memory ?? 0) + RUNTIME_MEMORY) / 1024);
  return new Deno.Command(limited ? "/bin/sh" : Deno.execPath(), {
    args: [
      ...(limited ? ["-c", `ulimit -d ${limit} && exec "$0" "$@"`, Deno.execPath()] : []),
      "run",
      "--quiet",
      "--no-prompt",
      "--cached-only",
      // WebAssembly in a task (a bundler, a decompressor) is done before an optimizing compiler would be.
      "--v8-flags=--liftoff-only",
      `--config=${join(job.code, "deno.json")}`,
      `--allow-read=${list([...read, ...folders])}`,
      `--allow-write=${list(folders)}`,
      ...(network.length > 0 ? [`--allow-net=${network.join(",")}`] : []),
      "--allow-env",
      ...(native ? ["--allow-ffi", "--allow-sys"] : []),
      fromFileUrl(import.meta.resolve("./host.ts")),
    ],
    cwd: job.staging,
    clearEnv: true,
    env: {
      ...environment([
        ...ALWAYS,
        ...(native ? [...NATIVE, ...nativeEnv] : []),
        ...(network.length > 0 ? NETWORK : []),
        ...env,
      ]),
      ...given,
      // What the runtime keeps in the folder of temporary files is gone with the run.
      TMPDIR: join(job.staging, "tmp"),
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** A path in a list of Deno's, which knows no way to write a comma. */
function listed(path: string, from: string): string {
  const written = path.includes(",") ? relative(from, path) : path;
  if (!written.includes(",")) return written;
  throw new TaskFailure(`cannot be allowed to read ${path}: rename it without a comma`, true);
}

function environment(names: readonly string[]): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name of names) {
    const value = Deno.env.get(name);
    if (value !== undefined) result[name] = value;
  }
  return result;
}

function parse(json: string): Message | Ending | undefined {
  try {
    return JSON.parse(json) as Message | Ending;
  } catch {
    return undefined;
  }
}

async function readLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  each: (line: string) => void,
): Promise<void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(each);
    if (rest.length > MAX_PRINTED) rest = "";
  }
  if (rest !== "") each(rest);
}
