import { dirname, fromFileUrl, join } from "@std/path";
import { type Executor, type Job, type Message, needsOwnProcess, TaskFailure } from "./executor.ts";
import type { Ending, HostMessage } from "./host.ts";
import { MARK } from "./mark.ts";
import { fitsSlot, Slot } from "./slot.ts";
import { findSecrets, type Secrets, strike } from "../secrets.ts";

/** Variables that a process needs to find its files, whatever the task declares. */
const ALWAYS = ["PATH", "HOME", "DENO_DIR", "XDG_CACHE_HOME", "TMPDIR", "NO_COLOR", "SYSTEMROOT"];

/** Variables by which native libraries are found. */
const NATIVE = ["LD_LIBRARY_PATH", "CUDA_PATH", "CUDA_VISIBLE_DEVICES"];

/** Variables by which a machine's way to the network is found, for tasks that have one. */
const NETWORK = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "DENO_CERT", "DENO_TLS_CA_STORE"]
  .flatMap((name) => [name, name.toLowerCase()]);

/** So much of what a task prints is kept, in characters. */
const MAX_PRINTED = 64 << 10;

/**
 * Runs tasks in processes of this machine, each task in a worker of its own with the least
 * permissions: it reads its inputs, its modules and the packages, writes its staging folder, loads
 * native code only if it says so, and reaches the hosts that it declares. A process runs one task
 * at a time, and another one later if that declares the same environment; a task of native code has
 * a process to itself, and so has one that reaches the network. A secret is handed over in its
 * process's environment, and struck out of all that the task tells.
 *
 * @param root Folder of the project.
 */
export function localExecutor(root: string): Executor & Disposable {
  const idle = new Map<string, Host[]>();
  const hosts = new Set<Host>();
  return {
    async run(job, listen, signal): Promise<void> {
      const { env, secrets, downloads } = job.permissions;
      if (downloads !== undefined) await Deno.mkdir(downloads, { recursive: true });
      const kind = JSON.stringify(env);
      const waiting = idle.get(kind) ?? [];
      // One whose worker knows the module is worth more than the last (-1).
      const at = waiting.findLastIndex(({ module }) => module === job.module);
      const host = (needsOwnProcess(job) ? undefined : waiting.splice(at, 1)[0]) ??
        new Host(root, job, await findSecrets(secrets));
      if (!hosts.has(host)) {
        hosts.add(host);
        // One that the system ends while it is idle is not to be given a task.
        host.ended.then(() => idle.set(kind, (idle.get(kind) ?? []).filter((h) => h !== host)));
      }
      try {
        await host.run(job, listen, signal);
      } finally {
        if (host.free) idle.set(kind, [...idle.get(kind) ?? [], host]);
      }
    },
    [Symbol.dispose](): void {
      hosts.forEach((host) => host[Symbol.dispose]());
    },
  };
}

/** What a host has told of the task that it runs. */
interface Told {
  readonly listen: (message: Message) => void;
  ending?: Ending;
  printed: string;
  /** Resolved when the host has said on both streams that it is free. */
  readonly free: PromiseWithResolvers<void>;
  streams: number;
}

/** A host says on standard output and on standard error that it is free. */
const STREAMS = 2;

/** A process that runs tasks. */
class Host implements Disposable {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  /** Settled when the process is gone. */
  readonly ended: Promise<Deno.CommandStatus>;
  readonly #secrets: Secrets;
  #told: Told | undefined;
  #slot: Slot | undefined;
  #module = "";

  constructor(root: string, { permissions }: Job, secrets: Secrets) {
    const { write, downloads, network, native, env } = permissions;
    const folders = [dirname(write), ...(downloads === undefined ? [] : [downloads])];
    this.#secrets = secrets;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--quiet",
        "--no-prompt",
        "--cached-only",
        "--unstable-worker-options",
        `--config=${join(root, "deno.json")}`,
        "--allow-read",
        `--allow-write=${folders.map((folder) => folder.replaceAll(",", ",,")).join(",")}`,
        ...(network.length > 0 ? [`--allow-net=${network.join(",")}`] : []),
        "--allow-env",
        ...(native ? ["--allow-ffi", "--allow-sys"] : []),
        fromFileUrl(import.meta.resolve("./host.ts")),
      ],
      cwd: root,
      clearEnv: true,
      env: {
        ...environment([
          ...ALWAYS,
          ...(native ? NATIVE : []),
          ...(network.length > 0 ? NETWORK : []),
          ...env,
        ]),
        ...secrets,
      },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    // Standard input stays open: when this process dies, its end tells the host to end too.
    this.#writer = this.#child.stdin.getWriter();
    const streams = [
      readLines(this.#child.stdout, (line) => this.#hear(line, false)),
      readLines(this.#child.stderr, (line) => this.#hear(line, true)),
    ];
    this.ended = Promise.all(streams).then(() => this.#child.status);
  }

  /**
   * Runs a task to its end.
   *
   * @throws {TaskFailure} When it fails, is ended, or takes too long.
   */
  async run(job: Job, listen: Told["listen"], signal: AbortSignal): Promise<void> {
    this.#module = job.module;
    if (needsOwnProcess(job) || !fitsSlot(job)) {
      return await this.#runThere({ ...job, stateless: false }, listen, signal);
    }
    this.#slot ??= new Slot(dirname(job.permissions.write));
    const slot = this.#slot;
    const inside = slot.enter(job);
    try {
      await this.#runThere(inside, listen, signal);
    } finally {
      slot.leave(job);
    }
  }

  async #runThere(job: Job, listen: Told["listen"], signal: AbortSignal): Promise<void> {
    const told: Told = { listen, printed: "", free: Promise.withResolvers(), streams: 0 };
    this.#told = told;
    const timeout = job.timeout === undefined ? [] : [AbortSignal.timeout(job.timeout * 1000)];
    const stop = AbortSignal.any([signal, ...timeout]);
    const kill = (): void => {
      try {
        this.#child.kill("SIGKILL");
      } catch {
        // It has just ended by itself.
      }
    };
    stop.addEventListener("abort", kill);
    if (stop.aborted) kill();
    this.#writer.write(new TextEncoder().encode(`${JSON.stringify(job)}\n`)).catch(() => {});
    const status = await Promise.race([told.free.promise, this.ended]);
    stop.removeEventListener("abort", kill);
    if (signal.aborted) throw new TaskFailure("interrupted", false);
    if (stop.aborted) {
      const remedy = "give it more under resources.time";
      throw new TaskFailure(`took longer than ${job.timeout} s; ${remedy}`, false);
    }
    for (const line of told.printed.split("\n")) {
      if (line !== "") listen({ kind: "log", message: line });
    }
    if (told.ending?.kind === "failed") {
      throw new TaskFailure(told.ending.message, told.ending.input);
    }
    if (told.ending === undefined) {
      const how = status?.signal ? `by ${status.signal}` : `with code ${status?.code}`;
      const last = told.printed.trimEnd().split("\n").slice(-8).join("\n");
      throw new TaskFailure(`the task's process ended ${how} before the task did\n${last}`, false);
    }
  }

  /** Whether it can run another task. */
  get free(): boolean {
    return this.#told?.streams === STREAMS;
  }

  /** The module whose task ran last. */
  get module(): string {
    return this.#module;
  }

  /** Ends the process. */
  [Symbol.dispose](): void {
    this.#slot?.[Symbol.dispose]();
    this.#slot = undefined;
    this.#writer.close().catch(() => {});
  }

  #hear(written: string, isError: boolean): void {
    const told = this.#told;
    if (told === undefined || written === "") return;
    const line = strike(written, this.#secrets);
    const message = parse(line);
    if (message?.kind === "free") {
      if (++told.streams === STREAMS) told.free.resolve();
    } else if (isError) {
      if (told.printed.length < MAX_PRINTED) told.printed += `${line}\n`;
    } else if (message === undefined) told.listen({ kind: "log", message: line });
    else if (message.kind === "done" || message.kind === "failed") told.ending = message;
    else told.listen(message);
  }
}

function environment(names: readonly string[]): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name of names) {
    const value = Deno.env.get(name);
    if (value !== undefined) result[name] = value;
  }
  return result;
}

function parse(line: string): HostMessage | undefined {
  if (!line.startsWith(MARK)) return undefined;
  try {
    return JSON.parse(line.slice(MARK.length)) as HostMessage;
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
