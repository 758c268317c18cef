import type { Definition, TargetDefinition, WrittenTarget } from "./definition.ts";
import { type MapNode, type Node, valueOf } from "./document.ts";
import { leaves, lookup, type Scope, substitute } from "./params.ts";
import type { Json, TargetName, TaskId } from "../names.ts";
import { formatPlace, type Place, type Problem } from "./location.ts";

/** A path with the place where it is written. */
export interface Located {
  readonly path: string;
  readonly place: Place;
}

/** A target with its loop and references resolved. */
export interface ResolvedTarget {
  readonly name: TargetName;
  readonly place: Place;
  readonly description: string;
  /** Whether `reproduce` leaves it out. */
  readonly onRequest: boolean;
  readonly task: TaskId;
  readonly taskPlace: Place;
  /** By logical name; one whose value is null is left out. */
  readonly inputs: ReadonlyMap<string, Located>;
  /** The task's parameters, each with its place. */
  readonly params: MapNode;
  /** By logical name; undefined: the target's name is its one output. */
  readonly outputs: ReadonlyMap<string, Located> | undefined;
  readonly resources: NonNullable<TargetDefinition["resources"]>;
  readonly env: readonly string[];
}

/**
 * Resolves the loops and references of all targets.
 *
 * @param definition workflow.yaml as written.
 * @param params Its params, with overrides applied.
 * @param results Name of the folder of results.
 * @returns The targets in order, and every error found.
 */
export function expand(
  definition: Definition,
  params: MapNode,
  results: string,
): { readonly targets: readonly ResolvedTarget[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const targets: ResolvedTarget[] = [];
  const outputs = new Map<string, Place>();
  const names = new Map<string, Place>();
  for (const written of definition.targets) {
    for (const variables of combinations(written, params, MAX_TARGETS - targets.length, problems)) {
      const before = problems.length;
      const target = resolve(written, variables, params, problems);
      const twin = names.get(target.name);
      if (twin !== undefined) {
        const message = `target ${target.name} is made twice; first at ${formatPlace(twin)}`;
        problems.push({ place: written.key, message });
        continue;
      }
      names.set(target.name, written.key);
      for (const { path, place } of target.outputs?.values() ?? [own(target)]) {
        const fault = outputFault(path, results);
        if (fault !== undefined) problems.push({ place, message: `output ${path}: ${fault}` });
        const first = outputs.get(path);
        if (first !== undefined) {
          const message = `output ${path} is made twice; first listed at ${formatPlace(first)}`;
          problems.push({ place, message });
        }
        outputs.set(path, place);
      }
      if (problems.length === before) targets.push(target);
    }
  }
  return { targets, problems };
}

/** The place and path of a target that is its own output. */
export function own(target: Pick<ResolvedTarget, "name" | "place">): Located {
  return { path: target.name, place: target.place };
}

/** More targets are taken for a mistake. */
const MAX_TARGETS = 100_000;

function combinations(
  written: WrittenTarget,
  params: MapNode,
  left: number,
  problems: Problem[],
): ReadonlyMap<string, Node>[] {
  const loop = written.node.kind === "map" ? written.node.entries.get("for")?.node : undefined;
  let all: Map<string, Node>[] = [new Map()];
  if (loop?.kind !== "map") return all;
  for (const [variable, { node }] of loop.entries) {
    const known = problems.length;
    const list = substitute(node, (path) => lookup(params, path), () => leaves(params), problems);
    if (list.kind !== "list") {
      if (problems.length === known) {
        problems.push({ place: node.place, message: `for: ${variable} must be a list` });
      }
      return [];
    }
    if (list.items.length === 0) {
      problems.push({ place: node.place, message: `for: ${variable} is an empty list` });
    }
    if (all.length * list.items.length > left) {
      const message = `for: it makes too many targets; at most ${MAX_TARGETS} are built`;
      problems.push({ place: loop.place, message });
      return [];
    }
    all = all.flatMap((outer) => list.items.map((item) => new Map(outer).set(variable, item)));
  }
  return all;
}

function resolve(
  written: WrittenTarget,
  variables: ReadonlyMap<string, Node>,
  params: MapNode,
  problems: Problem[],
): ResolvedTarget {
  const { definition, node, key } = written;
  const scope: Scope = ([head, ...rest]) => {
    const variable = head === undefined ? undefined : variables.get(head);
    return variable === undefined
      ? lookup(params, head === undefined ? [] : [head, ...rest])
      : lookup(variable, rest);
  };
  const names = (): string[] => [...variables.keys(), ...leaves(params)];
  const located = (value: string, place: Place): Located => {
    const braced = value.replace(/(?<!\$)\{([\w.]+)\}/g, "$${$1}");
    const found = substitute({ kind: "scalar", value: braced, place }, scope, names, problems);
    const plain = valueOf(found);
    return { path: plain === null ? "" : String(plain), place: found.place };
  };
  const text = (value: string): string => located(value, key).path;
  const field = (name: string): Node | undefined =>
    node.kind === "map" ? node.entries.get(name)?.node : undefined;
  const paths = (name: string): Map<string, Located> => {
    const section = field(name);
    const result = new Map<string, Located>();
    for (const [logical, entry] of section?.kind === "map" ? section.entries : []) {
      const value = entry.node.kind === "scalar" ? entry.node.value : null;
      const path = typeof value === "string" ? located(value, entry.node.place) : undefined;
      if (path && path.path !== "") result.set(logical, path);
    }
    return result;
  };
  const task = located(definition.task, field("task")?.place ?? key);
  if (task.path !== "" && !/^tasks\/[\w./-]+\.ts$/.test(task.path)) {
    problems.push({ place: task.place, message: `${task.path}: expected such as tasks/clean.ts` });
  }
  const section = field("params") ?? { kind: "map", place: key, entries: new Map() };
  const resolved = substitute(section, scope, names, problems);
  return {
    name: text(written.name) as TargetName,
    place: key,
    description: text(definition.description ?? ""),
    onRequest: definition.on_request ?? false,
    task: task.path as TaskId,
    taskPlace: task.place,
    inputs: paths("inputs"),
    params: resolved.kind === "map" ? resolved : { kind: "map", place: key, entries: new Map() },
    outputs: definition.outputs && paths("outputs"),
    resources: definition.resources ?? {},
    env: definition.env ?? [],
  };
}

/** Folders of the cache that belong to the store, not to targets. */
const RESERVED = /^cache\/(records|contents|states|staging|locks|downloads|aside|code|jobs)(\/|$)/;

/** Whether a path lies in a folder where outputs go: `cache/`, or that of the results. */
export function isOutput(path: string, results: string): boolean {
  return ["cache/", `${results}/`].some((folder) => path.startsWith(folder));
}

function outputFault(path: string, results: string): string | undefined {
  if (!isOutput(path, results) || !/^[^/]+\/[^/\\]/.test(path)) {
    return `outputs go to cache/ or ${results}/`;
  }
  if (path.split("/").some((part) => part === "." || part === ".." || part === "")) {
    return "a path must not contain . or .. or //";
  }
  return RESERVED.test(path) ? "this folder belongs to the cache" : undefined;
}

/** The plain parameters of a target. */
export function plainParams(target: ResolvedTarget): Readonly<Record<string, Json>> {
  return valueOf(target.params) as Record<string, Json>;
}
