import { fromFileUrl, join, relative, toFileUrl } from "@std/path";
import { z } from "zod";
import type { Json, TaskId } from "../names.ts";

/** What a task module declares, as plain data. */
export type TaskDefinition = z.output<typeof taskDefinition>;

/** A target whose params are to be checked by its task. */
export interface Question {
  readonly task: TaskId;
  readonly params: Readonly<Record<string, Json>>;
  /** Names of the inputs that it gives. */
  readonly inputs: readonly string[];
}

/** What a task answers about the params of a target. */
export type Answer = z.output<typeof answer>;

/** What the process that loads task modules reports. */
export type Report =
  | {
    readonly kind: "task";
    readonly task: string;
    readonly definition?: unknown;
    /** What is wrong with it. */
    readonly reason?: string;
  }
  | { readonly kind: "answers"; readonly answers: readonly unknown[] };

/** What task modules declare. */
export interface Definitions {
  readonly tasks: ReadonlyMap<TaskId, TaskDefinition>;
  /** What is wrong with the others, as what follows their names. */
  readonly reasons: ReadonlyMap<TaskId, string>;
  /** In the order of the questions; where a task is not loaded, without meaning. */
  readonly answers: readonly Answer[];
}

/** Schema of a {@linkcode TaskDefinition}. */
export const taskDefinition = z.object({
  description: z.string(),
  inputs: z.record(z.string(), z.object({ optional: z.boolean(), folder: z.boolean() })),
  outputs: z.array(z.string()).min(1),
  /** Names of the params. */
  params: z.array(z.string()),
  seeded: z.boolean(),
  native: z.boolean(),
  secrets: z.array(z.string()),
});

/** An empty name would allow every host. */
const HOST = /^((\*\.)?[\w.-]+|\[[\da-f:.]+\])(:\d+)?$/i;

/** Schema of an {@linkcode Answer}. */
export const answer = z.object({
  issues: z.array(z.object({
    path: z.array(z.string()),
    message: z.string(),
    /** Names that the schema does not know. */
    unknown: z.array(z.string()),
  })),
  /** What check() found. */
  fault: z.object({ param: z.string(), message: z.string() }).optional(),
  network: z.array(z.string().regex(HOST, "a host, host:port or *.host")),
});

/** Time in which all task modules must be loaded and have answered, in ms. */
const MAX_TIME = 20_000;

/** Time of the processor that loading may take in all: it ends a loop that outlives the runner, in s. */
const MAX_PROCESSOR_TIME = 60;

/** A longer report is not read, in characters. */
const MAX_REPORT = 64 << 20;

/** Variables by which the runtime finds its cache: all that task modules see of the environment. */
const ENVIRONMENT = ["HOME", "DENO_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA", "SYSTEMROOT"];

/**
 * Loads task modules in a process that can read code and do nothing else: whatever stands at the top
 * level of a module reaches no network, no program, no secret and no terminal. All that the process
 * reports is checked.
 *
 * @param folder Folder of the modules and of what they import, with a deno.json.
 * @param packages Folder of the packages.
 * @param questions One for each target.
 * @param results Name of the folder of results, which the process may not read.
 */
export async function loadDefinitions(
  folder: string,
  packages: string,
  questions: readonly Question[],
  results: string,
): Promise<Definitions> {
  const ids = [...new Set(questions.map(({ task }) => task))];
  const tasks = new Map<TaskId, TaskDefinition>();
  const reasons = new Map<TaskId, string>();
  let answers: Answer[] | undefined;
  const token = `\u001e${crypto.randomUUID()}`;
  const child = start(folder, packages, results);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    kill(child);
  }, MAX_TIME);
  const modules = ids.map((id) => [id, toFileUrl(join(folder, id)).href]);
  void send(child, JSON.stringify({ token, modules, questions }));
  for await (const report of reports(child, token)) {
    if (report.kind === "answers") {
      answers = questions.map(({ task }, i) => answerOf(task, report.answers[i]));
      break;
    }
    const id = report.task as TaskId;
    const { data, error } = taskDefinition.safeParse(report.definition);
    if (report.reason !== undefined) reasons.set(id, report.reason.replaceAll(`${folder}/`, ""));
    else if (data !== undefined) tasks.set(id, data);
    else reasons.set(id, `has a wrong definition: ${textOf(error)}`);
  }
  clearTimeout(timer);
  kill(child);
  const how = late
    ? `does not end within ${MAX_TIME / 1000} s`
    : "ends the process in which it runs";
  const unsettled = ids.filter((id) => !tasks.has(id) && !reasons.has(id));
  const [first, ...others] = unsettled;
  if (first !== undefined) {
    const rest = others.map((id) => ` or of ${id}`).join("");
    reasons.set(first, `cannot be loaded: its top level, or that of an import${rest}, ${how}`);
  }
  if (answers === undefined && unsettled.length === 0) {
    for (const id of tasks.keys()) reasons.set(id, `cannot check params: one of the checks ${how}`);
  }
  for (const id of reasons.keys()) tasks.delete(id);
  return { tasks, reasons, answers: answers ?? [] };
}

function start(folder: string, packages: string, results: string): Deno.ChildProcess {
  // Deno's lists know no way to write a comma.
  const readable = [folder, packages].map((path) =>
    path.includes(",") ? relative(folder, path) || "." : path
  );
  const env = ENVIRONMENT.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const limited = Deno.build.os !== "windows";
  const limit = `ulimit -t ${MAX_PROCESSOR_TIME} && exec "$0" "$@"`;
  return new Deno.Command(limited ? "/bin/sh" : Deno.execPath(), {
    args: [
      ...(limited ? ["-c", limit, Deno.execPath()] : []),
      "run",
      "--quiet",
      "--no-prompt",
      "--deny-import",
      "--allow-env",
      `--config=${join(folder, "deno.json")}`,
      `--allow-read=${readable.join(",")}`,
      // Only of a project's own folder, which holds more than code.
      `--deny-read=cache,${results},.env,.git`,
      fromFileUrl(import.meta.resolve("./definitions_host.ts")),
    ],
    cwd: folder,
    clearEnv: true,
    env: Object.fromEntries(env),
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

async function send({ stdin }: Deno.ChildProcess, text: string): Promise<void> {
  try {
    const writer = stdin.getWriter();
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch {
    // The process has ended: its reports end, which is an error that is reported.
  }
}

async function* reports({ stdout }: Deno.ChildProcess, token: string): AsyncGenerator<Report> {
  let rest = "";
  for await (const text of stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith(token)) yield JSON.parse(line.slice(token.length)) as Report;
    }
    if (rest.length > MAX_REPORT) return;
  }
}

function answerOf(task: TaskId, said: unknown): Answer {
  const { data, error } = answer.safeParse(said);
  if (data !== undefined) return data;
  const message = `${task} gives a wrong answer when its params are checked: ${textOf(error)}`;
  return { issues: [{ path: [], message, unknown: [] }], network: [] };
}

function textOf(error: z.ZodError): string {
  const { path = [], message = "" } = error.issues[0] ?? {};
  return `${path.join(".")}: ${message.replace(/^Invalid (input|string): /, "")}`;
}
