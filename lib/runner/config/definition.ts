import { z } from "zod";
import { type MapNode, type Node, nodeAt, placeAt, valueOf } from "./document.ts";
import { nearest } from "../../base/nearest.ts";
import type { Json } from "../names.ts";
import type { Place, Problem } from "./location.ts";

const json: z.ZodType<Json> = z.json() as z.ZodType<Json>;

const tries = z.int().min(0).max(20).optional();

const retriesDefinition = z.strictObject({
  timeout: tries,
  oom: tries.describe("Out of memory: each time with twice as much"),
  node_fail: tries.describe("A node broke down: without that node"),
  preempted: tries,
  failed: tries,
});

const line = z.string().regex(/^[^\n]+$/, "one line").optional();

const slurmDefinition = z.strictObject({
  partition: line,
  account: line,
  qos: line,
  constraint: line,
  exclude: line.describe("Nodes that are not used"),
  prologue: z.string().optional().describe("Shell commands before the job, such as module load"),
});

/** Schema of what one run of a target may use. */
export const resourcesDefinition = z.strictObject({
  cpus: z.int().positive().optional(),
  memory: z.string().regex(/^\d+(\.\d+)?(KiB|MiB|GiB)$/, "an amount such as 4GiB").optional(),
  gpu: z.union([
    z.int().nonnegative(),
    z.string().regex(/^[\w.-]+:\d+$/, "a number such as 1, or a type and a number such as a100:1"),
  ]).optional(),
  time: z.string().regex(/^\d+(s|m|h)$/, "a duration such as 10m").optional(),
  retries: retriesDefinition.optional()
    .describe("How often a job is submitted again, by what ended it: with --executor slurm"),
  slurm: slurmDefinition.optional().describe("Options of sbatch, and what precedes the job"),
});

/** What one run of a target may use, as written. */
export type Resources = z.output<typeof resourcesDefinition>;

/** The fields of the sections of a target. */
const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  resources: Object.keys(resourcesDefinition.shape),
  retries: Object.keys(retriesDefinition.shape),
  slurm: Object.keys(slurmDefinition.shape),
};

/** Schema of one target of workflow.yaml, before references and loops are resolved. */
const targetDefinition = z.strictObject({
  description: z.string().optional().describe("One sentence for the status table"),
  task: z.string().regex(/^tasks\/[\w./-]+\.ts$|\{.+\}/, "a path such as tasks/clean.ts")
    .describe("The task's module, relative to this file; it may refer to params"),
  inputs: z.record(z.string(), z.string().nullable()).optional()
    .describe("Files by the task's logical names: another target's outputs, or files of your own"),
  params: z.record(z.string(), json).optional()
    .describe("The task's parameters; ${a.b} refers to params of this file"),
  on_request: z.boolean().optional()
    .describe("Whether `reproduce` leaves it out: it is built by name"),
  outputs: z.record(z.string(), z.string()).optional()
    .describe("Files by the task's logical names; without it the target's name is its one output"),
  for: z.record(z.string(), z.union([z.array(json), z.string()])).optional()
    .describe("One target for each combination; {name} and ${name} stand for the value"),
  resources: resourcesDefinition.optional().describe("What one run may use"),
  env: z.array(z.string()).optional()
    .describe("Environment variables that the task may read; their values are part of the key"),
});

/** Schema of the section `cache`: the shared cache of results. */
export const cacheDefinition = z.strictObject({
  url: z.string().regex(/^https?:\/\/\S+$/, "an address such as https://cache.example.org")
    .optional()
    .describe("Where `cache pull` and `cache push` find it"),
  trusted_keys: z.array(
    z.string().regex(/^MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=$/, "an Ed25519 public key in base64"),
  ).optional().describe("Whose signatures are believed; without any, unsigned records are, too"),
});

/** Schema of workflow.yaml. */
export const workflowDefinition = z.strictObject({
  version: z.literal(1).describe("Version of this format"),
  cache: cacheDefinition.optional().describe("The shared cache of results"),
  params: z.record(z.string(), json).describe("The numbers of the specification"),
  targets: z.record(z.string(), targetDefinition).describe("What is made, and how"),
});

/** One target as written. */
export type TargetDefinition = z.output<typeof targetDefinition>;

/** A target as written, with its nodes for places. */
export interface WrittenTarget {
  readonly name: string;
  readonly key: Place;
  readonly node: Node;
  readonly definition: TargetDefinition;
}

/** workflow.yaml, its form checked. */
export interface Definition {
  readonly params: MapNode;
  readonly targets: readonly WrittenTarget[];
  /** Names of targets whose form is wrong, so that no error follows from their absence. */
  readonly broken: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

/**
 * Checks the form of workflow.yaml.
 *
 * @param root What parseWorkflowDocument() gave.
 * @returns The well-formed part, and every error with its place.
 */
export function define(root: Node): Definition {
  const problems: Problem[] = [];
  const broken = new Set<string>();
  const result = workflowDefinition.safeParse(valueOf(root));
  for (const issue of result.error?.issues ?? []) {
    if (issue.path[0] === "targets" && issue.path[1] !== undefined) {
      broken.add(String(issue.path[1]));
    }
    problems.push(...describe(issue, root));
  }
  const section = (name: string): MapNode => {
    const node = root.kind === "map" ? root.entries.get(name)?.node : undefined;
    return node?.kind === "map" ? node : { kind: "map", place: root.place, entries: new Map() };
  };
  const targets: WrittenTarget[] = [];
  const whole = new Map(Object.entries(result.data?.targets ?? {}));
  for (const [name, { key, node }] of section("targets").entries) {
    if (broken.has(name)) continue;
    const definition = whole.get(name) ??
      targetDefinition.safeParse(valueOf(node)).data;
    if (definition !== undefined) targets.push({ name, key, node, definition });
  }
  return { params: section("params"), targets, broken, problems };
}

function describe(issue: z.core.$ZodIssue, root: Node): Problem[] {
  const where = issue.path.length > 0 ? issue.path.join(".") : "workflow.yaml";
  if (issue.code === "unrecognized_keys") {
    const valid = issue.path.length === 0
      ? Object.keys(workflowDefinition.shape)
      : issue.path[0] === "cache"
      ? Object.keys(cacheDefinition.shape)
      : (issue.path.length > 2 && SECTIONS[String(issue.path.at(-1))]) ||
        Object.keys(targetDefinition.shape);
    const parent = nodeAt(root, issue.path);
    return issue.keys.map((key) => ({
      place: parent?.kind === "map"
        ? parent.entries.get(key)?.key ?? parent.place
        : placeAt(root, issue.path),
      message: `unknown field ${key} in ${where}${nearest(key, valid)}`,
    }));
  }
  const missing = issue.code === "invalid_type" && nodeAt(root, issue.path) === undefined;
  const message = missing
    ? `${where} is missing`
    : `${where}: ${issue.message.replace(/^Invalid input: /, "")}`;
  return [{ place: placeAt(root, issue.path), message }];
}
