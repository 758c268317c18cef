import { isAbsolute, join, normalize, relative, SEPARATOR } from "@std/path";
import { define } from "./definition.ts";
import type { Answer, Definitions, TaskDefinition } from "./definitions.ts";
import { definitionsOf } from "./known_definitions.ts";
import { parseWorkflowDocument, placeAt } from "./document.ts";
import { expand, isOutput, own, plainParams, type ResolvedTarget } from "./expand.ts";
import { nearest } from "../../base/nearest.ts";
import type { TargetName, TaskId } from "../names.ts";
import { type TaskCode, taskCode } from "../modules.ts";
import { lookup, type Override, override } from "./params.ts";
import type { Plan, PlannedInput, PlannedTarget } from "./planned.ts";
import { formatPlace, type Problem, WorkflowError } from "./location.ts";
import type { Project } from "../project.ts";

/**
 * Reads workflow.yaml and checks it whole, before anything runs.
 *
 * @param project The project.
 * @param overrides `--set` of the command line.
 * @throws {WorkflowError} With every error that was found, in order of line.
 */
export async function planWorkflow(
  project: Project,
  overrides: readonly Override[],
): Promise<Plan> {
  const { root, results } = project;
  const file = "workflow.yaml";
  const document = parseWorkflowDocument(await readWorkflow(join(root, file)), file);
  const definition = define(document);
  const problems = [...definition.problems];
  const overridden = override(definition.params, overrides);
  problems.push(...overridden.problems);
  const { targets, problems: unresolved } = expand(definition, overridden.params, results);
  problems.push(...unresolved);

  const read = await taskCode(root, targets.map(({ task }) => task))
    .catch((error: unknown) => ({ error }));
  const code = "error" in read ? undefined : read;
  const { tasks, answers } = await loadTasks(project, targets, code, problems);
  const producers = new Map<string, TargetName>();
  for (const target of targets) {
    for (const { path } of target.outputs?.values() ?? [own(target)]) {
      producers.set(path, target.name);
    }
  }
  const whole = problems.length === 0;
  const planned: PlannedTarget[] = [];
  for (const [i, target] of targets.entries()) {
    const task = tasks.get(target.task);
    if (task === undefined) continue;
    const answer = answers[i];
    checkParams(target, task, answer, problems);
    planned.push({
      ...await link(project, target, task, producers, whole, problems),
      network: answer?.network ?? [],
    });
  }
  const ordered = order(planned, problems);
  if (problems.length > 0) throw new WorkflowError(problems);
  if ("error" in read) throw read.error;
  const seed = lookup(overridden.params, ["seed"]);
  const value = seed?.kind === "scalar" ? seed.value : undefined;
  if (typeof value !== "number" && typeof value !== "string") {
    const place = placeAt(document, ["params", "seed"]);
    throw new WorkflowError([{ place, message: "params.seed must be a number or a text" }]);
  }
  return {
    project,
    root,
    targets: new Map(ordered.map((t) => [t.name, t])),
    params: overridden.params,
    seed: String(value),
    origin: project.origin?.((name) => {
      const param = lookup(overridden.params, name.split("."));
      return param?.kind === "scalar" ? param.value : undefined;
    }),
    code: read,
  };
}

async function readWorkflow(path: string): Promise<Uint8Array> {
  try {
    if (!(await Deno.stat(path)).isFile) throw new Error("it is not a file");
    return await Deno.readFile(path);
  } catch (cause) {
    const message = cause instanceof Deno.errors.NotFound
      ? "not found; run this in the folder that holds workflow.yaml"
      : `cannot be read: ${cause instanceof Error ? cause.message : cause}`;
    throw new WorkflowError([{ place: { file: path }, message }]);
  }
}

async function loadTasks(
  project: Project,
  targets: readonly ResolvedTarget[],
  code: ReadonlyMap<TaskId, TaskCode> | undefined,
  problems: Problem[],
): Promise<Definitions> {
  const definitions = await definitionsOf(
    project,
    code,
    targets.map((target) => ({
      task: target.task,
      params: plainParams(target),
      inputs: [...target.inputs.keys()],
    })),
  );
  const { root } = project;
  const places = new Map(targets.toReversed().map(({ task, taskPlace }) => [task, taskPlace]));
  for (const [id, place] of places) {
    const reason = definitions.reasons.get(id);
    if (reason === undefined) continue;
    const isThere = (await Deno.stat(join(root, id)).catch(() => undefined))?.isFile;
    const message = isThere
      ? `${id} ${reason}`
      : `task module ${id} does not exist${nearest(id, await taskFiles(root))}`;
    problems.push({ place, message });
  }
  return definitions;
}

async function taskFiles(root: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(join(root, "tasks"))) names.push(`tasks/${entry.name}`);
  } catch {
    // No folder of tasks: then there is nothing to offer.
  }
  return names;
}

async function link(
  { root, results, secrets = [] }: Project,
  target: ResolvedTarget,
  task: TaskDefinition,
  producers: ReadonlyMap<string, TargetName>,
  whole: boolean,
  problems: Problem[],
): Promise<Omit<PlannedTarget, "network">> {
  const inputs = new Map<string, PlannedInput>();
  for (const [logical, { path: written, place }] of target.inputs) {
    const path = normalPath(root, written);
    if (!Object.hasOwn(task.inputs, logical)) {
      const near = nearest(logical, Object.keys(task.inputs));
      problems.push({ place, message: `${target.task} has no input ${logical}${near}` });
      continue;
    }
    const producer = producers.get(path);
    const folder = task.inputs[logical]?.folder ?? false;
    if (producer === undefined && !(await isThere(root, path, folder))) {
      // While other errors hide targets, an input that none makes may only seem to be missing.
      if (isOutput(path, results)) {
        const near = nearest(path, producers.keys());
        if (whole) problems.push({ place, message: `no target makes ${path}${near}` });
      } else {
        const what = folder ? "file or folder" : "file";
        const remedy = `give the path of an existing ${what}, from the folder of workflow.yaml`;
        // No input is named: one path may be that of several, and the place says enough.
        problems.push({ place, message: `there is no ${what} ${path}; ${remedy}` });
      }
    }
    inputs.set(logical, { path, place, producer });
  }
  for (const [logical, { optional }] of Object.entries(task.inputs)) {
    if (optional || target.inputs.has(logical)) continue;
    const message = `${target.name} lacks the input ${logical} of ${target.task}`;
    problems.push({ place: target.place, message });
  }
  const known = secrets.map(({ name }) => name);
  for (const name of task.secrets.filter((name) => !known.includes(name))) {
    const message = `${target.task} asks for the secret ${name}, which the project does not have`;
    problems.push({ place: target.taskPlace, message: `${message}${nearest(name, known)}` });
  }
  for (const name of target.env.filter((name) => known.includes(name))) {
    const message = `${name} is a secret, and env is written into the cache; take it out: a task ` +
      "that needs it asks for it itself";
    problems.push({ place: target.place, message });
  }
  return {
    name: target.name,
    place: target.place,
    description: target.description || task.description,
    onRequest: target.onRequest,
    taskId: target.task,
    task,
    params: plainParams(target),
    inputs,
    outputs: linkOutputs(target, task, problems),
    env: target.env,
    resources: target.resources,
  };
}

function checkParams(
  target: ResolvedTarget,
  task: TaskDefinition,
  { issues, fault }: Answer = { issues: [], network: [] },
  problems: Problem[],
): void {
  for (const { path, message, unknown } of issues) {
    // Of a map in a parameter, the message says which keys it may have.
    const names = path.length === 0 ? unknown : [];
    for (const key of names) {
      const near = nearest(key, task.params);
      const place = target.params.entries.get(key)?.key ?? target.params.place;
      problems.push({ place, message: `${target.task} has no parameter ${key}${near}` });
    }
    if (names.length > 0) continue;
    const [head = ""] = path;
    const place = target.params.entries.has(head)
      ? placeAt(target.params, path)
      : target.params.place;
    const what = path.length > 0 ? `parameter ${path.join(".")}` : "params";
    const reason = message.replace(/^Invalid (input|option): /, "")
      .replace(/^(.*), received undefined$/, "it is missing; $1");
    const subject = target.name;
    problems.push({ place, message: `${what} of ${target.name}: ${reason}`, subject });
  }
  if (fault !== undefined) {
    problems.push({ place: placeAt(target.params, [fault.param]), message: fault.message });
  }
}

function linkOutputs(
  target: ResolvedTarget,
  task: TaskDefinition,
  problems: Problem[],
): ReadonlyMap<string, string> {
  const declared = task.outputs;
  const only = declared[0];
  if (target.outputs === undefined) {
    if (declared.length === 1 && only !== undefined) return new Map([[only, target.name]]);
    const message = `${target.task} makes ${declared.join(" and ")}; name each under outputs`;
    problems.push({ place: target.place, message });
    return new Map();
  }
  for (const [logical, { place }] of target.outputs) {
    if (declared.includes(logical)) continue;
    const near = nearest(logical, declared);
    problems.push({ place, message: `${target.task} has no output ${logical}${near}` });
  }
  for (const logical of declared) {
    if (target.outputs.has(logical)) continue;
    const message = `${target.name} does not say where the output ${logical} goes`;
    problems.push({ place: target.place, message });
  }
  return new Map([...target.outputs].map(([logical, { path }]) => [logical, path]));
}

/** The one spelling of a path: relative to the project where it is inside, else as normal as can be. */
function normalPath(root: string, path: string): string {
  for (const folder of new Set([root, Deno.realPathSync(root)])) {
    const inside = relative(folder, join(isAbsolute(path) ? "" : folder, path));
    if (!inside.startsWith("..") && !isAbsolute(inside)) return inside.replaceAll(SEPARATOR, "/");
  }
  return normalize(path);
}

async function isThere(root: string, path: string, folder: boolean): Promise<boolean> {
  try {
    const { isFile, isDirectory } = await Deno.stat(isAbsolute(path) ? path : join(root, path));
    return isFile || (folder && isDirectory);
  } catch {
    return false;
  }
}

/** Depth-first order; a cycle becomes a problem that prints its whole path. */
function order(targets: readonly PlannedTarget[], problems: Problem[]): PlannedTarget[] {
  const byName = new Map(targets.map((target) => [target.name, target]));
  const needs = ({ inputs }: PlannedTarget): PlannedTarget[] =>
    [...inputs.values()].flatMap(({ producer }) => (producer && byName.get(producer)) ?? []);
  const done = new Set<PlannedTarget>();
  /** The path from a first target to the present one; a loop rather than recursion, since it can be long. */
  const path: { readonly target: PlannedTarget; readonly needs: PlannedTarget[] }[] = [];
  const open = new Set<PlannedTarget>();
  for (const first of targets) {
    if (!done.has(first)) path.push({ target: first, needs: needs(first).reverse() });
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { target } = top;
      open.add(target);
      const next = top.needs.pop();
      if (next === undefined) {
        path.pop();
        open.delete(target);
        done.add(target);
      } else if (open.has(next)) {
        const cycle = path.map(({ target }) => target);
        const names = cycle.slice(cycle.indexOf(next)).concat(next)
          .map(({ name, place }) => `${name} (${formatPlace(place)})`);
        problems.push({ place: next.place, message: `cycle: ${names.join(" needs ")}` });
      } else if (!done.has(next)) path.push({ target: next, needs: needs(next).reverse() });
    }
  }
  return [...done];
}
