import { join } from "@std/path";
import { writeAtomically } from "../base/write_atomically.ts";
import type { ClaimsByTable } from "../claims/claims_by_table.ts";
import type { PageCode } from "../page/page_code.ts";
import { runHtml, type TargetRun } from "../page/run_html.ts";
import { assessAll, openWorkspace, type Workspace } from "../runner/assess.ts";
import { graphOf } from "../runner/cli/graph_of.ts";
import { planWorkflow } from "../runner/config/plan.ts";
import type { Command } from "../runner/cli/command.ts";
import { build, freshResults } from "../runner/cli/make.ts";
import { listener, write } from "../runner/cli/output.ts";
import { select } from "../runner/cli/select.ts";
import type { TargetName } from "../runner/names.ts";
import { formatReason, type Reason } from "../runner/reason.ts";
import { REPORT, verdictsIn } from "./verdicts.ts";

const TARGETS = ["report", "fit_page"];
const CODE = "cache/page_code.json";
/** What `deno task claims --tables` left, if it ran. */
const CLAIMS = "figures/claims_by_table.json";
const PAGE = "figures/report/run.html";

/**
 * `report`: builds the pages, and writes beside them what was run. That has times and so is not a target: the
 * bytes of targets depend on what they are made from alone.
 */
export const report: Command = async (project, options) => {
  const reasons = new Map<TargetName, readonly Reason[]>();
  const told = listener(options);
  const code = await build(project, { ...options, targets: TARGETS }, (event) => {
    if (event.kind === "started" || event.kind === "restored") {
      reasons.set(event.target, event.reasons);
    }
    told(event);
  });
  if (code !== 0 || options.dryRun) return code;
  const plan = await planWorkflow(project, options.overrides);
  const workspace = await openWorkspace(plan);
  const states = await assessAll(workspace, select(plan, TARGETS));
  const runs = [...states.keys()].flatMap((target) => runOf(workspace, target, reasons) ?? []);
  const { graphs } = JSON.parse(await Deno.readTextFile(join(project.root, CODE))) as PageCode;
  const sure = await verdictsIn(await freshResults(workspace, REPORT));
  const claims = await Deno.readTextFile(join(project.root, CLAIMS)).catch(() => undefined);
  const compared = claims === undefined ? undefined : JSON.parse(claims) as ClaimsByTable;
  const html = runHtml(graphOf(plan, states), runs, graphs, sure, compared);
  await writeAtomically(join(project.root, PAGE), html);
  if (!options.json) write(`What was run: ${PAGE}\n`);
  return 0;
};

function runOf(
  { store }: Workspace,
  target: TargetName,
  reasons: ReadonlyMap<TargetName, readonly Reason[]>,
): TargetRun | undefined {
  const key = store.state(target)?.key;
  const record = key && store.record(key);
  if (!record) return undefined;
  const { manifest, outputs, log, seconds, when } = record;
  const why = reasons.get(target)?.map(formatReason).join("; ");
  return {
    ...{ target, key: record.key, log, seconds, when },
    task: manifest.task,
    params: manifest.params,
    inputs: manifest.inputs as Readonly<Record<string, string>>,
    outputs: Object.values(outputs),
    reason: why ?? "fresh: nothing that it is made from has changed since",
  };
}
