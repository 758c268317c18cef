import {
  type Cell,
  CELL_OUTCOMES,
  type CellOutcome,
  type ClaimsByTable,
  type TableFacts,
} from "./claims_by_table.ts";

/** What stands before a number; what is to be looked at, in capitals. */
const MARKS: Readonly<Record<CellOutcome, string>> = {
  "holds": "holds",
  "fails as expected": "fails",
  "fails unexpectedly": "FAILS",
  "not decidable here": "-",
  "no result": "none",
};

/** Between columns. */
const GAP = "  ";

/** The claims of several tables for a terminal: a line each, a column for each table, and how many came out how. */
export function claimsText({ tables, claims }: ClaimsByTable): string {
  const rows = [
    ["", ...tables.map(({ name }) => name)],
    ["skills, tasks", ...tables.map(poolOf)],
    ...claims.map(({ label, cells }) => [label, ...cells.map(textOf)]),
    ...CELL_OUTCOMES.map((outcome) => [
      `  ${outcome}`,
      ...tables.map((_, n) =>
        String(claims.filter(({ cells }) => cells[n]!.outcome === outcome).length)
      ),
    ]),
  ];
  const widths = rows[0]!.map((_, n) => Math.max(...rows.map((row) => row[n]!.length)));
  const lines = rows.map((row) =>
    row.map((cell, n) => cell.padEnd(widths[n]!)).join(GAP).trimEnd()
  );
  const errors = tables.flatMap(({ name, error }) =>
    error === null ? [] : [`${name} failed: ${error}`]
  );
  return [...lines, ...errors.length > 0 ? ["", ...errors] : []].join("\n");
}

function poolOf({ error, n_skills, n_pool }: TableFacts): string {
  if (n_skills === null) return error === null ? "" : "failed";
  return `d = ${n_skills}, N = ${n_pool}`;
}

function textOf({ outcome, shown, atEdge }: Cell): string {
  return [atEdge ? "edge" : MARKS[outcome], shown].filter((text) => text !== "").join(" ");
}
