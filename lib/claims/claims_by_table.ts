import { type Claim, outcomeOf } from "./claim.ts";

/**
 * How a claim can come out on one table. There is no result where it was not held against anything: the
 * table failed, or the game is not played on that pool.
 */
export const CELL_OUTCOMES = [
  "holds",
  "fails as expected",
  "fails unexpectedly",
  "not decidable here",
  "no result",
] as const;

/** One of {@linkcode CELL_OUTCOMES}. */
export type CellOutcome = typeof CELL_OUTCOMES[number];

/** A table of responses, or a pool that no table is behind. */
export interface TableFacts {
  readonly name: string;
  readonly simulated: boolean;
  /** Why the table, or a part of it, has no results. */
  readonly error: string | null;
  /** Null where it is not known. */
  readonly n_subjects: number | null;
  readonly n_items: number | null;
  /** d and N of the pool that is played on. */
  readonly n_skills: number | null;
  readonly n_pool: number | null;
}

/** A claim on one table. */
export interface Cell extends Pick<Claim, "figure" | "measured" | "value" | "shown"> {
  readonly outcome: CellOutcome;
  /** Whether it is not decidable because k* is at the edge of the grid. */
  readonly atEdge: boolean;
}

/** A claim on all tables, in their order. */
export interface ClaimRow
  extends Pick<Claim, "label" | "statement" | "source" | "measure" | "expected"> {
  readonly cells: readonly Cell[];
}

/** The claims of several tables beside each other. */
export interface ClaimsByTable {
  readonly tables: readonly TableFacts[];
  readonly claims: readonly ClaimRow[];
}

/** A column of them: a table's claims. */
export interface TableColumn {
  readonly table: TableFacts;
  readonly claims: readonly Claim[];
}

/** Joins the claims of several tables by their statements, in the order in which they first stand. */
export function claimsByTable(
  columns: readonly TableColumn[],
): ClaimsByTable {
  const first = new Map<string, Claim>();
  const longest = columns.toSorted((a, b) => b.claims.length - a.claims.length);
  for (const claim of longest.flatMap(({ claims }) => claims)) {
    if (!first.has(claim.statement)) first.set(claim.statement, claim);
  }
  const rows = Array.from(first.values(), ({ label, statement, source, measure, expected }) => ({
    ...{ label, statement, source, measure, expected },
    cells: columns.map(({ table, claims }) =>
      cellOf(table, claims.find((claim) => claim.statement === statement))
    ),
  }));
  return { tables: columns.map(({ table }) => table), claims: rows };
}

function cellOf({ error }: TableFacts, claim: Claim | undefined): Cell {
  if (claim === undefined) {
    const measured = error ?? "this game is not played on this pool";
    return { outcome: "no result", figure: "", measured, value: null, shown: "", atEdge: false };
  }
  const { figure, value, shown, atEdge, holds } = claim;
  const outcome = outcomeOf(claim);
  return {
    outcome: holds === null ? "not decidable here" : outcome as CellOutcome,
    ...{ figure, value, shown, atEdge },
    measured: claim.measured.replace(/^does not apply: /, ""),
  };
}
