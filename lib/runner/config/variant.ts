import { InputError } from "../../base/errors.ts";
import { canonicalJson } from "../key.ts";
import { taskSeed } from "../task_seed.ts";
import type { Json, TargetName } from "../names.ts";
import type { Override } from "./params.ts";
import { planWorkflow } from "./plan.ts";
import type { Plan, PlannedTarget } from "./planned.ts";

/** A workflow with other params, beside the one that it varies. */
export interface Variant {
  readonly name: string;
  /** What is set, after what is set for all. */
  readonly set: readonly Override[];
  /** What its outputs and targets are called, by what they are called in the workflow. */
  readonly rename: (name: string) => string;
}

/**
 * Plans a variant. A target that is the same there keeps its name, and so it is shared; one that differs,
 * or needs one that does, has its own name and outputs.
 *
 * @param base The workflow that is varied.
 * @param overrides `--set` of the command line, as for the base.
 * @param variant What is different.
 * @throws {InputError} When a new name is that of another target or output of the base.
 */
export async function planVariant(
  base: Plan,
  overrides: readonly Override[],
  { name: variant, set, rename }: Variant,
): Promise<Plan> {
  const plan = await planWorkflow(base.project, [...overrides, ...set]);
  const taken = new Set(
    [...base.targets.values()].flatMap(({ name, outputs }) => [name, ...outputs.values()]),
  );
  const names = new Map<string, string>();
  const renamed = (name: string): string => names.get(name) ?? name;
  const free = (name: string): void => {
    const own = rename(name);
    if (taken.has(own)) {
      throw new InputError(
        `${variant} cannot have this name: ${own} is made by workflow.yaml itself. Choose another`,
      );
    }
    names.set(name, own);
  };
  const targets = new Map<TargetName, PlannedTarget>();
  // What a target needs stands before it.
  for (const target of plan.targets.values()) {
    const { name, inputs, outputs } = target;
    const isOther = [...inputs.values()].some(({ path }) => names.has(path)) ||
      contentOf(target, plan) !== contentOf(base.targets.get(name), base);
    if (isOther) [name, ...outputs.values()].forEach(free);
    targets.set(renamed(name) as TargetName, {
      ...target,
      name: renamed(name) as TargetName,
      inputs: new Map([...inputs].map(([logical, input]) => [logical, {
        ...input,
        path: renamed(input.path),
        producer: input.producer && renamed(input.producer) as TargetName,
      }])),
      outputs: new Map([...outputs].map(([logical, path]) => [logical, renamed(path)])),
    });
  }
  return { ...plan, targets };
}

/** All that determines a target's result, except what others make. */
function contentOf(target: PlannedTarget | undefined, { seed }: Plan): string {
  if (target === undefined) return "";
  const { taskId, task, params, inputs, outputs, env } = target;
  const paths = [...inputs].map(([logical, { path }]) => [logical, path]);
  return canonicalJson([
    ...[taskId, params as Json, Object.fromEntries(paths), Object.fromEntries(outputs), [...env]],
    task.seeded ? taskSeed(seed, taskId) : null,
  ]);
}
