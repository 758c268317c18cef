import { InputError } from "../base/errors.ts";
import { openWorkspace, type Workspace } from "../runner/assess.ts";
import { interruptible } from "../runner/cli/interrupt.ts";
import type { Options } from "../runner/cli/options.ts";
import { listenerAside, report, reportWarnings } from "../runner/cli/output.ts";
import { matching, select } from "../runner/cli/select.ts";
import { planWorkflow } from "../runner/config/plan.ts";
import type { Plan } from "../runner/config/planned.ts";
import type { Listener } from "../runner/event.ts";
import type { TargetName } from "../runner/names.ts";
import type { Project } from "../runner/project.ts";
import { HttpRemote } from "./http_remote.ts";
import { readSettings, type Settings } from "./settings.ts";

/** What the commands of the shared cache share. */
export interface Session {
  readonly workspace: Workspace;
  readonly settings: Settings;
  readonly options: Options;
  /** The targets that are asked for, or those of the results. */
  readonly wanted: ReadonlySet<TargetName>;
  /** These with all that they need, in dependency order. */
  readonly names: ReadonlySet<TargetName>;
  /** Shows events on standard error. */
  readonly listen: Listener;
  readonly signal: AbortSignal;
}

/**
 * Opens a project for one command, which uses its cache until it ends.
 *
 * @param targets Patterns of the targets that are asked for; none: all that the results need.
 */
export async function withSession(
  project: Project,
  options: Options,
  targets: readonly string[],
  work: (session: Session) => Promise<number>,
): Promise<number> {
  const plan = await planWorkflow(project, options.overrides);
  const settings = await readSettings(plan.root, options.own["url"]?.at(-1));
  const workspace = await openWorkspace(plan);
  const listen = listenerAside(options);
  const names = select(plan, targets);
  const wanted = targets.length > 0 ? matching(plan, targets) : resultsAmong(plan, names);
  return await interruptible(async (signal) => {
    const onWait = (holder: string): void => listen({ kind: "waiting", holder });
    using _use = await workspace.store.use(false, onWait, signal);
    const code = await work({ workspace, settings, options, wanted, names, listen, signal });
    reportWarnings(workspace.store);
    return code;
  });
}

/** The targets that make a result themselves. */
function resultsAmong(plan: Plan, names: ReadonlySet<TargetName>): ReadonlySet<TargetName> {
  const isResult = (path: string): boolean => path.startsWith(`${plan.project.results}/`);
  return new Set(
    [...names].filter((name) => plan.targets.get(name)?.outputs.values().some(isResult)),
  );
}

/**
 * The cache that the workflow or `--url` names.
 *
 * @throws {InputError} When neither does.
 */
export function remoteOf({ settings: { url, token } }: Session): HttpRemote {
  if (url === undefined) {
    const remedy = "give --url URL, or write cache: { url: … } in workflow.yaml";
    throw new InputError(`No shared cache is named: ${remedy}`);
  }
  return new HttpRemote(url, token, (message) => {
    report(`warning: ${message.replace(/ Check the network.*$/, "")}\n`);
    report("         It is skipped: what it may have counts as not there.\n");
  });
}
