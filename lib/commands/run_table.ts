import type { Artifact } from "../artifact/artifact.ts";
import { repeated } from "../artifact/kinds.ts";
import { findFact } from "../artifact/lineage.ts";
import { InputError } from "../base/errors.ts";
import type { Claim } from "../claims/claim.ts";
import type { TableColumn, TableFacts } from "../claims/claims_by_table.ts";
import { openWorkspace } from "../runner/assess.ts";
import type { Options } from "../runner/cli/options.ts";
import { matching, select, selectResults } from "../runner/cli/select.ts";
import type { Plan, PlannedTarget } from "../runner/config/planned.ts";
import { planVariant } from "../runner/config/variant.ts";
import type { Listener } from "../runner/event.ts";
import { localExecutor } from "../runner/executor/local.ts";
import type { TargetName } from "../runner/names.ts";
import { type RunResult, runTargets } from "../runner/run.ts";
import type { Store } from "../runner/store.ts";
import type { Table } from "./declared_tables.ts";
import { readOutput } from "./read_output.ts";
import { nameFor } from "./table_names.ts";
import { targetOf } from "./target_of.ts";

/** The targets that hold claims against figures. */
const CLAIMS = "cache/claims_*";

/** What the tables of one command share. */
export interface Session {
  /** The workflow as it is without a table. */
  readonly base: Plan;
  readonly options: Pick<Options, "overrides" | "rebuild" | "jobs">;
  readonly signal: AbortSignal;
  readonly told: Listener;
  /** Targets that were run for an earlier table. */
  readonly done: Set<TargetName>;
}

/** A table's workflow, run. */
interface Run {
  readonly store: Store;
  readonly records: RunResult["records"];
  readonly failures: readonly string[];
}

/**
 * The workflow with a table.
 *
 * @throws {InputError} When the table cannot be read, or what is set for it is wrong.
 */
export async function planTable(
  { base, options }: Pick<Session, "base" | "options">,
  table: Table,
): Promise<Plan> {
  if (table.error !== undefined) throw new InputError(table.error);
  const rename = (name: string): string => nameFor(table.name, name);
  return await planVariant(base, options.overrides, { ...table, rename });
}

/** All results and claims of a plan with what they need, in its order. */
export function wantedOf(plan: Plan): ReadonlySet<TargetName> {
  const wanted = selectResults(plan).union(select(plan, [CLAIMS]));
  return new Set([...plan.targets.keys()].filter((name) => wanted.has(name)));
}

/**
 * Builds everything for a table, as far as it goes.
 *
 * @returns The claims of the table, and then of each pool that does not depend on it.
 * @throws {InputError} When no claim depends on it.
 */
export async function runTable(session: Session, table: Table): Promise<readonly TableColumn[]> {
  let plan: Plan;
  try {
    plan = await planTable(session, table);
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    session.told({ kind: "warning", message: `${table.name}: ${cause.message}` });
    return [{ table: factsOf(table.name, undefined, [cause.message]), claims: [] }];
  }
  const responses = targetOf(plan, "responses").name;
  const targets = [...matching(plan, [CLAIMS])].flatMap((name) => plan.targets.get(name) ?? []);
  const { own = [], others = [] } = Object.groupBy(
    targets,
    ({ name }) => select(plan, [name]).has(responses) ? "own" : "others",
  );
  if (own.length === 0) {
    throw new InputError("No claim depends on the tables: leave pool.path as it is");
  }
  const run = await runPlan(session, plan);
  const isRenamed = !session.base.targets.has(responses);
  const column = await columnOf(run, table.name, own);
  const claims = column.claims.map((claim) =>
    isRenamed ? { ...claim, figure: nameFor(table.name, claim.figure) } : claim
  );
  return [
    { ...column, claims },
    ...await Promise.all(
      Object.entries(Object.groupBy(others, poolName)).map(([pool, targets = []]) =>
        columnOf({ ...run, failures: [] }, pool, targets)
      ),
    ),
  ];
}

async function runPlan({ options, signal, told, done }: Session, plan: Plan): Promise<Run> {
  const { rebuild, jobs } = options;
  const again = rebuild.length > 0 ? select(plan, rebuild).difference(done) : undefined;
  const workspace = await openWorkspace(plan, again);
  const failures: string[] = [];
  const { records } = await runTargets(
    workspace,
    wantedOf(plan),
    localExecutor(plan.project),
    { jobs, keepGoing: true, signal },
    (event) => {
      told(event);
      if (event.kind === "failed") failures.push(event.message.split("\n")[0]!);
    },
  );
  for (const name of plan.targets.keys()) done.add(name);
  return { store: workspace.store, records, failures };
}

/** What a pool without a table is called: by its claims. */
function poolName({ name }: PlannedTarget): string {
  return name.replace(/^cache\/claims_(?:(?:repeated|holdout)_)?(.*)\.json$/, "$1");
}

async function columnOf(
  { store, records, failures }: Run,
  name: string,
  targets: readonly PlannedTarget[],
): Promise<TableColumn> {
  const claims = targets.map(async ({ name }): Promise<readonly Claim[]> => {
    const made = records.get(name)?.outputs["claims"];
    return made === undefined
      ? []
      : JSON.parse(await Deno.readTextFile(store.contentPath(made.digest)));
  });
  const game = targets.flatMap(({ inputs }) => inputs.get("repeated")?.producer ?? [])[0];
  const played = game === undefined ? undefined : records.get(game);
  const artifact = played && await readOutput(store, repeated, played);
  return { table: factsOf(name, artifact, failures), claims: (await Promise.all(claims)).flat() };
}

function factsOf(
  name: string,
  game: Artifact<typeof repeated> | undefined,
  [failure, ...more]: readonly string[],
): TableFacts {
  const rest = more.length > 0 ? ` (and ${more.length} more)` : "";
  const count = (fact: string): number | null => {
    const found = findFact(game?.lineage, fact);
    return typeof found === "number" ? found : null;
  };
  return {
    name,
    simulated: findFact(game?.lineage, "simulated") === true,
    error: failure === undefined ? null : `${failure}${rest}`,
    ...{ n_subjects: count("n_subjects"), n_items: count("n_items") },
    ...{ n_skills: count("n_skills"), n_pool: count("n_pool") },
  };
}
