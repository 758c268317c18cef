import { relative } from "@std/path";
import { InputError } from "../../base/errors.ts";
import { nearest } from "../../base/nearest.ts";
import type { TargetName } from "../names.ts";
import type { Plan } from "../config/planned.ts";
import { fromHere } from "./copy_out.ts";
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
 * @param patterns Names of targets or of their outputs, or the paths of these from where the person
 * stands; `*` and `?` match within a name. Without any, all that the results need.
 * @throws {InputError} When one matches nothing; the nearest names are offered.
 */
export function matching(plan: Plan, patterns: readonly string[]): ReadonlySet<TargetName> {
  if (patterns.length === 0) {
    const needed = selectResults(plan);
    return needed.size > 0 ? needed : new Set(plan.targets.keys());
  }
  const wanted = new Set<TargetName>();
  for (const pattern of patterns) {
    const asPath = relative(plan.root, fromHere(pattern)).replaceAll("\\", "/");
    const found = [pattern, asPath].map((spelling) => named(plan, matcher(spelling)))
      .find(({ length }) => length > 0);
    if (found === undefined) throw notFound(plan, pattern, asPath);
    for (const name of found) wanted.add(name);
  }
  return wanted;
}

function named(plan: Plan, matches: (name: string) => boolean): TargetName[] {
  return [...plan.targets.values()]
    .filter(({ name, outputs }) => matches(name) || [...outputs.values()].some(matches))
    .map(({ name }) => name);
}

function notFound(plan: Plan, pattern: string, asPath: string): InputError {
  const names = [...plan.targets.values()].flatMap((t) => [t.name, ...t.outputs.values()]);
  const isFolder = names.some((name) => name.startsWith(`${asPath}/`));
  const remedy = isFolder
    ? `; it is a folder: name a target in it, or all by '${asPath}/*'`
    : nearest(pattern, names);
  return new InputError(`Cannot find "${pattern}": no such target${remedy}`);
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
