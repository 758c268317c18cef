/**
 * The process that loads task modules: reads from standard input which, and the params that they are
 * to check, and reports what they declare as plain data, each line signed with the token that it was
 * given. It may read code, and nothing else.
 *
 * @module
 */
import type { z } from "zod";
import type { Task } from "../task.ts";
import type { Question, Report } from "./definitions.ts";

const stringify = JSON.stringify;
const encode = TextEncoder.prototype.encode.bind(new TextEncoder());
const write = Deno.stdout.writeSync.bind(Deno.stdout);

const { token, modules, questions } = JSON.parse(
  await new Response(Deno.stdin.readable).text(),
) as {
  readonly token: string;
  readonly modules: readonly (readonly [id: string, url: string])[];
  readonly questions: readonly Question[];
};

function report(message: Report): void {
  // What was printed before may lack the end of its line.
  let bytes = encode(`\n${token}${stringify(message)}\n`);
  while (bytes.length > 0) bytes = bytes.subarray(write(bytes));
}

Deno.exit = (): never => {
  throw new Error("it ends the process when it is loaded");
};

// What a module left running and nobody awaits is no reason not to load it.
for (const kind of ["error", "unhandledrejection"]) {
  globalThis.addEventListener(kind, (event) => event.preventDefault());
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  // Deno marks places in colour.
  // deno-lint-ignore no-control-regex -- ESC begins a colour
  return text.replace(/\u001b\[[\d;]*m/g, "").split("\n")[0] ?? "";
}

async function load(id: string, url: string): Promise<Task | undefined> {
  try {
    const { default: task } = await import(url) as { default?: Task };
    if (typeof task?.run === "function") {
      report({ kind: "task", task: id, definition: describe(task) });
      return task;
    }
    const remedy = "write `export default defineTask({ … })`";
    report({ kind: "task", task: id, reason: `has no task as its default export; ${remedy}` });
  } catch (error) {
    report({ kind: "task", task: id, reason: `cannot be loaded: ${reasonOf(error)}` });
  }
  return undefined;
}

function describe(task: Task): unknown {
  const inputs = Object.entries(task.inputs).map(([name, { optional, folder }]) =>
    [name, { optional: optional === true, folder: folder === true }] as const
  );
  return {
    description: task.description,
    inputs: Object.fromEntries(inputs),
    outputs: Object.keys(task.outputs),
    params: Object.keys(task.params.shape),
    seeded: task.seeded === true,
    native: task.native === true,
    secrets: task.secrets ?? [],
  };
}

/** A union says by itself only that the value is of none of its types. */
function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== "invalid_union" || issue.message !== "Invalid input") return issue.message;
  const expected = issue.errors.flatMap(([first]) => first?.message ?? [])
    .map((message) =>
      message.replace(/^Invalid input: expected /, "").replace(/, received .*/, "")
    );
  return `Invalid input: expected ${expected.join(" or ")}`;
}

function answer(task: Task | undefined, { params, inputs }: Question): unknown {
  if (task === undefined) return undefined;
  try {
    const { data, error } = task.params.strict().safeParse(params);
    const issues = error?.issues.map((issue) => ({
      path: issue.path.map(String),
      message: messageOf(issue),
      unknown: issue.code === "unrecognized_keys" ? issue.keys : [],
    }));
    if (data === undefined) return { issues, network: [] };
    const present = new Set(inputs.filter((name) => Object.hasOwn(task.inputs, name)));
    return { issues: [], fault: task.check?.(data, present), network: task.network?.(data) ?? [] };
  } catch (error) {
    const message = `they could not be checked: ${reasonOf(error)}`;
    return { issues: [{ path: [], message, unknown: [] }], network: [] };
  }
}

const tasks = new Map(
  await Promise.all(modules.map(async ([id, url]) => [id, await load(id, url)] as const)),
);
report({ kind: "answers", answers: questions.map((q) => answer(tasks.get(q.task), q)) });
