import type { TargetName } from "../names.ts";
import type { Plan } from "./planned.ts";

/** Targets with all that they need, in dependency order. */
export function withNeeds(plan: Plan, wanted: ReadonlySet<TargetName>): ReadonlySet<TargetName> {
  const all = new Set<TargetName>();
  const add = (name: TargetName): void => {
    if (all.has(name)) return;
    all.add(name);
    for (const { producer } of plan.targets.get(name)?.inputs.values() ?? []) {
      if (producer !== undefined) add(producer);
    }
  };
  wanted.forEach(add);
  return new Set([...plan.targets.keys()].filter((name) => all.has(name)));
}
