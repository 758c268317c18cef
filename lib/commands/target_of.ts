import { InputError } from "../base/errors.ts";
import type { Plan, PlannedTarget } from "../runner/config/planned.ts";

/**
 * The target of a task of which the workflow has one.
 *
 * @param plan The workflow.
 * @param task Name of the task's module, without ending, or of a folder of such of which it has one.
 * @throws {InputError} When workflow.yaml has none.
 */
export function targetOf(plan: Plan, task: string): PlannedTarget {
  const target = [...plan.targets.values()].find(({ taskId }) =>
    taskId === `tasks/${task}.ts` || taskId.startsWith(`tasks/${task}/`)
  );
  if (target === undefined) throw new InputError(`workflow.yaml has no target of tasks/${task}.ts`);
  return target;
}
