import type { Manifest } from "./key.ts";
import type { Json, TargetName } from "./names.ts";

/** Why a target is not simply fresh. */
export type Reason =
  /** There is no record of the target. */
  | { readonly kind: "never-built" }
  /** A module that the task imports was changed, added or removed. */
  | { readonly kind: "code"; readonly path: string; readonly change: Change }
  /** A package that the task imports was changed, added or removed. */
  | { readonly kind: "package"; readonly name: string; readonly change: Change }
  /** A parameter has another value. */
  | { readonly kind: "param"; readonly name: string; readonly from: Json; readonly to: Json }
  /** An input has another content, or was added or removed. */
  | { readonly kind: "input"; readonly name: string; readonly change: Change }
  /** An environment variable that the task may read has another value. */
  | { readonly kind: "env"; readonly name: string }
  /** The root seed, the runtime, the platform, or the format of the cache is another. */
  | { readonly kind: "setting"; readonly name: string; readonly from: string; readonly to: string }
  /** The outputs go elsewhere now. */
  | { readonly kind: "outputs" }
  /** An output is not there. */
  | { readonly kind: "output-missing"; readonly path: string }
  /** An output is not what the task made. */
  | { readonly kind: "output-edited"; readonly path: string }
  /** An output is what the task made of other inputs or parameters. */
  | { readonly kind: "output-other"; readonly path: string }
  /** The cache has lost what it recorded, or it is damaged. */
  | { readonly kind: "content-lost"; readonly path: string }
  /** A person asked for it to run again. */
  | { readonly kind: "asked" }
  /** The last run failed. */
  | { readonly kind: "failed"; readonly message: string }
  /** It depends on a target that has yet to run, and may turn out fresh. */
  | { readonly kind: "waits"; readonly on: TargetName };

type Change = "changed" | "added" | "removed";

/**
 * What differs between the manifest of the last record and the present one.
 *
 * @param last Of the last record.
 * @param now The present one; inputs that are not known yet are left out of it.
 * @param unknown Logical names of inputs that are not known yet.
 */
export function differences(
  last: Manifest,
  now: Manifest,
  unknown: ReadonlySet<string> = new Set(),
): Reason[] {
  const reasons: Reason[] = [];
  for (const [path, change] of changes(last.modules, now.modules)) {
    reasons.push({ kind: "code", path, change });
  }
  for (const [name, change] of changes(last.packages, now.packages)) {
    reasons.push({ kind: "package", name, change });
  }
  for (const [name] of changes(last.params, now.params)) {
    const [from, to] = [last.params[name] ?? null, now.params[name] ?? null];
    reasons.push({ kind: "param", name, from, to });
  }
  for (const [name, change] of changes(last.inputs, now.inputs)) {
    if (!unknown.has(name)) reasons.push({ kind: "input", name, change });
  }
  for (const [name] of changes(last.env, now.env)) reasons.push({ kind: "env", name });
  if (changes(last.outputs, now.outputs).length > 0) reasons.push({ kind: "outputs" });
  for (const name of ["format", "task", "seed", "runtime", "platform"] as const) {
    const [from, to] = [String(last[name]), String(now[name])];
    if (from !== to) reasons.push({ kind: "setting", name, from, to });
  }
  return reasons;
}

/** Says a reason in a few words. */
export function formatReason(reason: Reason): string {
  switch (reason.kind) {
    case "never-built":
      return "never built";
    case "code":
      return `code ${reason.path} ${reason.change}`;
    case "package":
      return `package ${reason.name} ${reason.change}`;
    case "param":
      return `param ${reason.name} ${JSON.stringify(reason.from)} → ${JSON.stringify(reason.to)}`;
    case "input":
      return `input ${reason.name} ${reason.change}`;
    case "env":
      return `environment ${reason.name} changed`;
    case "setting":
      return `${reason.name} ${reason.from} → ${reason.to}`;
    case "outputs":
      return "output paths changed";
    case "output-missing":
      return `missing output ${reason.path}`;
    case "output-edited":
      return `edited output ${reason.path}`;
    case "output-other":
      return `${reason.path} was made with other settings`;
    case "content-lost":
      return `cached content of ${reason.path} lost or damaged`;
    case "asked":
      return "asked for";
    case "failed":
      return `failed: ${reason.message.split("\n")[0]}`;
    case "waits":
      return `waits on ${reason.on}`;
  }
}

function changes(
  last: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): [name: string, change: Change][] {
  const found: [name: string, change: Change][] = [];
  for (const name of [...new Set([...Object.keys(last), ...Object.keys(now)])].sort()) {
    if (!Object.hasOwn(now, name)) found.push([name, "removed"]);
    else if (!Object.hasOwn(last, name)) found.push([name, "added"]);
    else if (JSON.stringify(last[name]) !== JSON.stringify(now[name])) {
      found.push([name, "changed"]);
    }
  }
  return found;
}
