import { fromFileUrl, join } from "@std/path";
import { type Executor, type Job, type Message, TaskFailure } from "./executor.ts";
import type { HostMessage } from "./host.ts";
import { MARK } from "./mark.ts";
import { findSecrets, strike } from "./secrets.ts";

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
 * Runs each task in a process of its own with the least permissions: it reads its inputs, its
 * modules and the packages, writes its staging folder, loads native code only if it says so, and
 * reaches only the hosts that it names. A secret is handed over in its environment, and struck out
 * of all that the task tells.
 *
 * @param root Folder of the project.
 */
export function localExecutor(root: string): Executor {
  return { run: (job, listen, signal) => run(root, job, listen, signal) };
}

async function run(
  root: string,
  job: Job,
  listen: (message: Message) => void,
  signal: AbortSignal,
): Promise<void> {
  const { network, downloads, native } = job.permissions;
  const secrets = await findSecrets(job.permissions.secrets);
  if (downloads !== undefined) await Deno.mkdir(downloads, { recursive: true });
  const folders = [job.permissions.write, ...(downloads === undefined ? [] : [downloads])];
  const timeout = job.timeout === undefined ? undefined : AbortSignal.timeout(job.timeout * 1000);
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--cached-only",
      `--config=${join(root, "deno.json")}`,
      `--allow-read=${[...job.permissions.read, ...folders].map(escaped).join(",")}`,
      `--allow-write=${folders.map(escaped).join(",")}`,
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
        ...job.permissions.env,
      ]),
      ...secrets,
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    signal: timeout === undefined ? signal : AbortSignal.any([signal, timeout]),
  }).spawn();

  const writer = child.stdin.getWriter();
  // Standard input stays open: when this process dies, its end tells the task's to end too.
  const sent = writer.write(new TextEncoder().encode(`${JSON.stringify(job)}\n`)).catch(() => {});
  let result: HostMessage | undefined;
  const told = readLines(child.stdout, (written) => {
    const line = strike(written, secrets);
    const message = parse(line);
    if (message === undefined) listen({ kind: "log", message: line });
    else if (message.kind === "done" || message.kind === "failed") result = message;
    else listen(message);
  });
  let printed = "";
  const errors = readLines(child.stderr, (line) => {
    if (printed.length < MAX_PRINTED) printed += `${strike(line, secrets)}\n`;
  });
  const [status] = await Promise.all([child.status, sent, told, errors]);
  await writer.close().catch(() => {});
  if (signal.aborted) throw new TaskFailure("interrupted", false);
  if (timeout?.aborted) {
    const remedy = "give it more under resources.time";
    throw new TaskFailure(`took longer than ${job.timeout} s; ${remedy}`, false);
  }
  for (const line of printed.trimEnd().split("\n")) {
    if (line !== "") listen({ kind: "log", message: line });
  }
  if (result?.kind === "failed") throw new TaskFailure(result.message, result.input);
  if (result?.kind !== "done" || !status.success) {
    const how = status.signal === null ? `with code ${status.code}` : `by ${status.signal}`;
    const last = printed.trimEnd().split("\n").slice(-8).join("\n");
    throw new TaskFailure(`the task's process ended ${how} before the task did\n${last}`, false);
  }
}

/** A path for a list of permissions, where a comma ends a path unless doubled. */
function escaped(path: string): string {
  return path.replaceAll(",", ",,");
}

function environment(names: readonly string[]): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name of names) {
    const value = Deno.env.get(name);
    if (value !== undefined) result[name] = value;
  }
  return result;
}

function parse(line: string): HostMessage | Message | undefined {
  if (!line.startsWith(MARK)) return undefined;
  try {
    return JSON.parse(line.slice(MARK.length)) as HostMessage | Message;
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
