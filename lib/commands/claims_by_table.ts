import { join } from "@std/path";
import { writeAtomically } from "../base/write_atomically.ts";
import { type ClaimsByTable, claimsByTable, type TableColumn } from "../claims/claims_by_table.ts";
import { claimsText } from "../claims/claims_text.ts";
import { assessAll, openWorkspace } from "../runner/assess.ts";
import { INTERRUPTED, interruptible } from "../runner/cli/interrupt.ts";
import type { Options } from "../runner/cli/options.ts";
import { columns, listener, listenerAside, reportWarnings, write } from "../runner/cli/output.ts";
import { statusTable } from "../runner/cli/status.ts";
import { planWorkflow } from "../runner/config/plan.ts";
import type { PlannedTarget } from "../runner/config/planned.ts";
import { localExecutor } from "../runner/executor/local.ts";
import type { TargetName } from "../runner/names.ts";
import type { Project } from "../runner/project.ts";
import { runTargets } from "../runner/run.ts";
import type { Table } from "./declared_tables.ts";
import { planTable, runTable, type Session, wantedOf } from "./run_table.ts";
import { chooseTables } from "./tables.ts";
import { targetOf } from "./target_of.ts";

/** The claims of all tables, for the task that writes and draws them. */
const GATHERED = "cache/claims_by_table.json";

/**
 * `claims --tables A,B,…`: builds everything for each table, and compares the claims. One that fails does
 * not stop the others. With --json, standard output has JSON alone.
 *
 * @returns The exit code: 1 where a table fails, or a statement that is expected to hold.
 */
export async function compareTables(project: Project, options: Options): Promise<number> {
  const base = await planWorkflow(project, options.overrides);
  const tables = await chooseTables(base, options.own["tables"] ?? [], options.overrides);
  if (options.dryRun) return await preview({ base, options }, tables);
  const quiet = { json: false, quiet: true };
  const told = options.json ? listenerAside(quiet) : listener(quiet);
  return await interruptible(async (signal) => {
    const session: Session = { base, options, signal, told, done: new Set() };
    const own: TableColumn[] = [];
    const others = new Map<string, TableColumn>();
    for (const table of tables) {
      if (!options.json) write(`${table.name}: building everything\n`);
      const [first, ...rest] = await runTable(session, table);
      if (signal.aborted) return INTERRUPTED;
      own.push(first!);
      for (const column of rest) others.set(column.table.name, column);
    }
    const all = claimsByTable([...own, ...others.values()]);
    const text = JSON.stringify(all);
    const target = await publish(session, text);
    if (signal.aborted) return INTERRUPTED;
    if (target === undefined) return 1;
    write(options.json ? `${text}\n` : `\n${claimsText(all)}\n\n${whereabouts(target)}\n`);
    return isAsExpected(all) ? 0 : 1;
  });
}

/** Says what would be done for each table. */
async function preview(
  session: Pick<Session, "base"> & { readonly options: Options },
  tables: readonly Table[],
): Promise<number> {
  const all: unknown[] = [];
  for (const table of tables) {
    const plan = await planTable(session, table);
    const workspace = await openWorkspace(plan);
    const states = await assessAll(workspace, wantedOf(plan));
    await workspace.digests.save();
    reportWarnings(workspace.store);
    if (!session.options.json) write(`${table.name}:\n${statusTable(states, columns())}\n\n`);
    const targets = [...states].map(([target, { state, reasons }]) => ({ target, state, reasons }));
    all.push({ table: table.name, targets });
  }
  if (session.options.json) write(`${JSON.stringify(all)}\n`);
  return 0;
}

/** Writes and draws the claims; gives the target that did, or undefined where it failed. */
async function publish(
  { base, options, signal, told }: Session,
  text: string,
): Promise<PlannedTarget | undefined> {
  const written = targetOf(base, "claims_by_table");
  await writeAtomically(join(base.root, GATHERED), text);
  const input = { path: GATHERED, place: written.place, producer: undefined };
  const target = { ...written, inputs: new Map([["claims", input]]) };
  const plan = { ...base, targets: new Map([[target.name, target]]) };
  const { failed } = await runTargets(
    await openWorkspace(plan),
    new Set<TargetName>([target.name]),
    localExecutor(base.project),
    { jobs: options.jobs, keepGoing: false, signal },
    (event) => event.kind === "done" || told(event),
  );
  return failed.length > 0 ? undefined : target;
}

function whereabouts({ outputs }: PlannedTarget): string {
  return `Results: ${[...outputs.values()].join(", ")}`;
}

function isAsExpected({ tables, claims }: ClaimsByTable): boolean {
  return tables.every(({ error }) => error === null) &&
    claims.every(({ cells }) => cells.every(({ outcome }) => outcome !== "fails unexpectedly"));
}
