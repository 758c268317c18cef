/**
 * Loads task modules where their code can do nothing: a worker that may read code and no more. It gets
 * one {@linkcode DefinitionsRequest} and answers with one {@linkcode Definitions}.
 *
 * @module
 */
import type { Task } from "../task.ts";
import type {
  CheckedParams,
  Definitions,
  DefinitionsRequest,
  TaskDefinition,
} from "./definitions.ts";

// What a module prints as it loads is not the output of a command.
// deno-lint-ignore no-console
console.log = console.info = console.debug = console.error;

async function load(url: string): Promise<Task | string> {
  try {
    const { default: task } = await import(url) as { default?: Task };
    return typeof task?.run === "function" ? task : "";
  } catch (cause) {
    return (cause instanceof Error ? cause.message.split("\n")[0] : String(cause)) || "it throws";
  }
}

function define(task: Task): TaskDefinition {
  const { description, inputs, outputs, seeded, native, secrets } = task;
  return {
    description,
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, { optional = false, folder = false }]) =>
        [name, { optional, folder }] as const
      ),
    ),
    outputs: Object.keys(outputs),
    params: Object.keys(task.params.shape),
    seeded: seeded ?? false,
    native: native ?? false,
    secrets: [...secrets ?? []],
  };
}

function check(
  task: Task,
  { params, inputs }: DefinitionsRequest["targets"][number],
): CheckedParams {
  const result = task.params.strict().safeParse(params);
  if (!result.success) {
    const issues = result.error.issues.map((issue) => ({
      path: issue.path.map(String),
      message: issue.message,
      unknown: issue.code === "unrecognized_keys" ? issue.keys : [],
    }));
    return { issues, fault: undefined, network: [] };
  }
  const present = new Set(inputs.filter((name) => Object.hasOwn(task.inputs, name)));
  const fault = task.check?.(result.data, present);
  return { issues: [], fault, network: [...task.network?.(result.data) ?? []] };
}

self.onmessage = async ({ data }: MessageEvent<DefinitionsRequest>): Promise<void> => {
  const tasks = new Map<string, Task>();
  const answer: Definitions = { tasks: new Map(), failures: new Map(), checked: new Map() };
  await Promise.all(data.modules.map(async ({ id, url }) => {
    const task = await load(url);
    if (typeof task === "string") {
      answer.failures.set(id, task);
      return;
    }
    try {
      answer.tasks.set(id, define(task));
      tasks.set(id, task);
    } catch {
      answer.failures.set(id, "");
    }
  }));
  for (const target of data.targets) {
    const task = tasks.get(target.task);
    if (task === undefined) continue;
    try {
      answer.checked.set(target.name, check(task, target));
    } catch (cause) {
      answer.failures.set(target.task, `its checks throw: ${cause}`);
    }
  }
  self.postMessage(answer);
};
