import { fromFileUrl, join, toFileUrl } from "@std/path";
import { z } from "zod";
import type { Json, TaskId } from "../names.ts";
import { SECRETS } from "../secrets.ts";

/** What a task module declares, as plain data. */
export type TaskDefinition = z.output<typeof taskDefinition>;

/** A target whose params are to be checked by its task. */
export interface Question {
  readonly task: TaskId;
  readonly params: Readonly<Record<string, Json>>;
  /** Names of the inputs that it gives. */
  readonly inputs: readonly string[];
}

/** What a task says of the params of a target. */
export type Answer = z.output<typeof answer>;

/** What the process that loads task modules reports. */
export type Report =
  | { readonly kind: "loaded"; readonly task: string; readonly definition: unknown }
  | { readonly kind: "not loaded"; readonly task: string; readonly reason: string }
  | { readonly kind: "answers"; readonly answers: readonly unknown[] };

/** What task modules declare. */
export interface Definitions {
  readonly tasks: ReadonlyMap<TaskId, TaskDefinition>;
  /** What is wrong with the others, as what follows their names. */
  readonly reasons: ReadonlyMap<TaskId, string>;
  /** In the order of the questions; of a task that is not loaded there is none. */
  readonly answers: readonly (Answer | undefined)[];
}

const taskDefinition = z.object({
  description: z.string(),
  inputs: z.record(z.string(), z.object({ optional: z.boolean(), folder: z.boolean() })),
  outputs: z.array(z.string()).min(1),
  /** Names of the params. */
  params: z.array(z.string()),
  seeded: z.boolean(),
  native: z.boolean(),
  secrets: z.array(z.enum(SECRETS)),
});

const HOST = /^((\*\.)?[\w.-]+|\[[\da-f:.]+\])(:\d+)?$/i;

const answer = z.object({
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

/** A longer report is not read, in characters. */
const MAX_REPORT = 64 << 20;

/** Variables by which the runtime finds its cache: all that task modules see of the environment. */
const ENVIRONMENT = ["HOME", "DENO_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA", "SYSTEMROOT"];

/**
 * Loads task modules in a process that can do nothing but read the project's own files: whatever
 * stands at the top level of a module reaches no network, no program, no secret and no terminal.
 * All that the process reports is checked.
 */
export class DefinitionLoader implements Disposable {
  readonly #root: string;
  readonly #token = `\u001e${crypto.randomUUID()}`;
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;

  /**
   * Starts to load.
   *
   * @param root Folder of the project.
   * @param likely Task modules that will probably be asked for: what fails of them does no harm.
   */
  constructor(root: string, likely: Iterable<string>) {
    this.#root = root;
    const env = ENVIRONMENT.flatMap((name) => {
      const value = Deno.env.get(name);
      return value === undefined ? [] : [[name, value] as const];
    });
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--quiet",
        "--no-prompt",
        "--deny-import",
        "--allow-env",
        "--allow-read=.",
        "--deny-read=cache,figures,.env,.git",
        fromFileUrl(import.meta.resolve("./definitions_host.ts")),
      ],
      cwd: root,
      clearEnv: true,
      env: Object.fromEntries(env),
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#send({ token: this.#token, modules: [...new Set(likely)].map((id) => this.#module(id)) });
  }

  /**
   * Loads what the targets need and has their params checked.
   *
   * @param questions One for each target.
   */
  async ask(questions: readonly Question[]): Promise<Definitions> {
    const ids = new Set(questions.map(({ task }) => task));
    const tasks = new Map<TaskId, TaskDefinition>();
    const reasons = new Map<TaskId, string>();
    const answers: Answer[] = [];
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this[Symbol.dispose]();
    }, MAX_TIME);
    this.#send({ modules: [...ids].map((id) => this.#module(id)), questions });
    for await (const report of this.#reports()) {
      if (report.kind === "answers") {
        for (const [i, said] of questions.entries()) {
          answers[i] = answerOf(said.task, report.answers[i]);
        }
        break;
      }
      const id = report.task as TaskId;
      if (report.kind === "not loaded") reasons.set(id, String(report.reason));
      else {
        const { data, error } = taskDefinition.safeParse(report.definition);
        if (data !== undefined) tasks.set(id, data);
        else reasons.set(id, `has a wrong definition: ${textOf(error)}`);
      }
    }
    clearTimeout(timer);
    const how = late
      ? `does not end within ${MAX_TIME / 1000} s`
      : "ends the process in which it runs";
    const unsettled = [...ids].filter((id) => !tasks.has(id) && !reasons.has(id));
    for (const id of unsettled) {
      reasons.set(id, `cannot be loaded: its top level, or that of an import, ${how}`);
    }
    if (answers.length < questions.length && unsettled.length === 0) {
      for (const id of ids) {
        if (tasks.delete(id)) reasons.set(id, `cannot check its params: that ${how}`);
      }
    }
    return { tasks, reasons, answers };
  }

  [Symbol.dispose](): void {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }

  #module(id: string): readonly [id: string, url: string] {
    return [id, toFileUrl(join(this.#root, id)).href];
  }

  #send(message: unknown): void {
    const bytes = new TextEncoder().encode(`${JSON.stringify(message)}\n`);
    // Where the process is gone, its reports end and say so.
    this.#input.write(bytes).catch(() => {});
  }

  async *#reports(): AsyncGenerator<Report> {
    let rest = "";
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line.startsWith(this.#token)) yield JSON.parse(line.slice(this.#token.length));
      }
      if (rest.length > MAX_REPORT) return;
    }
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
