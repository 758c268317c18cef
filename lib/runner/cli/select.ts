import { InputError } from "../../base/errors.ts";
import { nearest } from "../../base/nearest.ts";
import type { TargetName } from "../names.ts";
import type { Plan } from "../config/planned.ts";
import { withNeeds } from "../config/with_needs.ts";

/**
 * The targets that patterns name, with all that they need, in dependency order.
 *
 * @param plan The workflow.
 * @param patterns As for matching().
 * @throws {InputError} When one matches nothing; the nearest names are offered.
 */
export function select(plan: Plan, patterns: readonly string[]): ReadonlySet<TargetName> {
  return withNeeds(plan, matching(plan, patterns));
}

/**
 * The targets that patterns name, without what they need.
 *
 * @param plan The workflow.
 * @param patterns Names of targets or of their outputs; `*` and `?` match within a name. Without
 * any, all that the results need.
 * @throws {InputError} When one matches nothing; the nearest names are offered.
 */
export function matching(plan: Plan, patterns: readonly string[]): ReadonlySet<TargetName> {
  if (patterns.length === 0) {
    const needed = selectResults(plan);
    return needed.size > 0 ? needed : new Set(plan.targets.keys());
  }
  const wanted = new Set<TargetName>();
  for (const pattern of patterns) {
    const matches = matcher(pattern.replace(/^\.\//, ""));
    let found = false;
    for (const target of plan.targets.values()) {
      if (matches(target.name) || [...target.outputs.values()].some(matches)) {
        wanted.add(target.name);
        found = true;
      }
    }
    if (!found) {
      const names = [...plan.targets.values()].flatMap((t) => [t.name, ...t.outputs.values()]);
      throw new InputError(`Cannot find ${pattern}: no such target${nearest(pattern, names)}`);
    }
  }
  return wanted;
}

/** The targets that make a result, but for those built on request, with all that they need. */
export function selectResults(plan: Plan): ReadonlySet<TargetName> {
  const results = [...plan.targets.values()]
    .filter(({ onRequest, outputs }) =>
      !onRequest &&
      [...outputs.values()].some((path) => path.startsWith(`${plan.project.results}/`))
    )
    .map(({ name }) => name);
  return withNeeds(plan, new Set(results));
}

function matcher(pattern: string): (name: string) => boolean {
  if (!/[*?]/.test(pattern)) return (name) => name === pattern;
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll(
    "?",
    ".",
  );
  const expression = new RegExp(`^${source}$`);
  return (name) => expression.test(name);
}
