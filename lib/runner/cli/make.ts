import { fromFileUrl } from "@std/path";
import { assessAll, openWorkspace, type Workspace } from "../assess.ts";
import { localExecutor } from "../executor/local.ts";
import type { TargetName } from "../names.ts";
import { type Plan, planWorkflow } from "../config/plan.ts";
import type { RunRecord } from "../store.ts";
import { runTargets } from "../run.ts";
import { select, selectFigures } from "./select.ts";
import { InputError } from "../../base/errors.ts";
import type { Command } from "./commands.ts";
import { INTERRUPTED, interruptible } from "./interrupt.ts";
import type { Options } from "./options.ts";
import { listener, write } from "./output.ts";
import { report } from "./status.ts";

/** `reproduce`: builds every figure. */
export const reproduce: Command = (root, options) => make(root, options, selectFigures);

/** `build`: builds some targets. */
export const build: Command = (root, options) =>
  make(root, options, (plan) => select(plan, options.targets));

/** What --rebuild-pool makes again, with all that it needs. */
const POOLS = "cache/pool_*";

async function make(
  root: string,
  options: Options,
  choose: (plan: Plan) => ReadonlySet<TargetName>,
): Promise<number> {
  if (options.locked && options.overrides.length > 0) {
    throw new InputError("--locked compares the numbers of workflow.yaml; leave --set away");
  }
  const plan = await planWorkflow(root, options.overrides);
  const names = choose(plan);
  const again = options.rebuildPool ? select(plan, [POOLS]) : new Set<TargetName>();
  if (options.dryRun) return await report(plan, names, { ...options, check: false }, again);
  const workspace = await openWorkspace(plan, again);
  return await interruptible(async (signal) => {
    const { jobs, keepGoing } = options;
    const how = { jobs, keepGoing, signal };
    const { failed, input, records } = await runTargets(
      workspace,
      names,
      localExecutor,
      how,
      listener(options),
    );
    if (signal.aborted) return INTERRUPTED;
    if (failed.length > 0) return input ? 2 : 1;
    if (options.copyTo !== undefined) await copyFigures(workspace, names, records, options);
    return options.locked ? await compare(workspace, names, options) : 0;
  });
}

/** Copies the PDFs of this run, from the cached contents: another run may have changed figures/. */
async function copyFigures(
  { plan, store }: Workspace,
  names: ReadonlySet<TargetName>,
  records: ReadonlyMap<TargetName, RunRecord>,
  { copyTo: folder = "", json }: Options,
): Promise<void> {
  const pdfs = [...names].flatMap((name) => Object.values(records.get(name)?.outputs ?? {}))
    .filter(({ path }) => path.endsWith(".pdf"))
    .flatMap(({ path, digest }) => [store.contentPath(digest), digest, path.replace(/^\w+\//, "")]);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    cwd: plan.root,
    env: { NO_COLOR: "1" },
    args: [
      // A folder's name may have a comma, which a list of permissions cannot say.
      ...["run", "--quiet", "--no-prompt", "--allow-read", "--allow-write"],
      fromFileUrl(new URL("./copy_figures.ts", import.meta.url)),
      ...[folder, ...pdfs],
    ],
  }).output();
  if (success) {
    if (!json) write(`${pdfs.length / 3} figures copied to ${folder}\n`);
    return;
  }
  const said = new TextDecoder().decode(stderr).trim().split("\n")[0] ?? "";
  const reason = said.replace(/^error: (Uncaught \(in promise\) )?(\w+: )?/, "");
  throw new InputError(`Cannot copy the figures to ${folder}: ${reason}`);
}

async function compare(
  workspace: Workspace,
  names: ReadonlySet<TargetName>,
  options: Options,
): Promise<number> {
  const { compareWithLock, formatLockDifference, readLock } = await import(
    "../lockfile.ts"
  );
  const states = await assessAll(workspace, names);
  const found = compareWithLock(await readLock(workspace.plan.root), states);
  if (options.json) write(`${JSON.stringify({ kind: "locked", differences: found })}\n`);
  else if (found.length > 0) write(`${found.map(formatLockDifference).join("\n")}\n`);
  else write(`The bytes of all ${names.size} targets are those of workflow.lock.json.\n`);
  return found.length === 0 ? 0 : 3;
}
