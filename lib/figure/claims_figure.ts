import {
  type Cell,
  CELL_OUTCOMES,
  type ClaimRow,
  type ClaimsByTable,
} from "../claims/claims_by_table.ts";
import { plotClaims } from "./claims_plot.ts";
import { figure } from "./figure.ts";
import { type Column, columnsOf } from "./kit/csv.ts";
import { thousands } from "./kit/format.ts";

/** A claim on one table. */
export interface ClaimCell extends Omit<ClaimRow, "cells">, Cell {
  /** From 0, of the claim and of the table. */
  readonly row: number;
  readonly column: number;
  readonly table: string;
}

/** A row for each claim and a column for each table: how it came out, and the number. */
export const claimsFigure = figure<ClaimsByTable, ClaimCell[]>({
  title: () => "Claims by table of responses",
  rows: ({ tables, claims }) =>
    claims.flatMap(({ cells, ...claim }, row) =>
      cells.map((cell, column) => ({ ...claim, ...cell, row, column, table: tables[column]!.name }))
    ),
  plot: plotClaims,
  caption,
  columns,
});

function caption(cells: readonly ClaimCell[], { tables, claims }: ClaimsByTable): string {
  const counts = CELL_OUTCOMES.map((outcome) => ({
    outcome,
    n: cells.filter((cell) => cell.outcome === outcome).length,
  })).filter(({ n }) => n > 0).map(({ outcome, n }) => `${n} ${outcome}`);
  const said = tables.map(({ name, error, n_subjects, n_items, n_skills, simulated }) => {
    if (error !== null) return `${name} failed`;
    const size = n_subjects === null
      ? ""
      : `${thousands(n_subjects)} subjects, ${thousands(n_items ?? 0)} items, `;
    return `${name} (${size}d = ${n_skills ?? "?"}${simulated ? ", simulated responses" : ""})`;
  });
  return `${claims.length} claims of the paper, the textbook and the model, on each table of ` +
    `responses, with the number that each was judged by: ${said.join("; ")}. Of the ` +
    `${cells.length} cells: ${
      counts.join(", ")
    }. A claim is not decidable where it does not apply, or ` +
    "where k* is at the edge of the grid, so that the least cost may be beyond it.";
}

function columns(cells: readonly ClaimCell[]): Column[] {
  const all = columnsOf(cells, {
    table: ["the table of responses, or the pool that no table is behind", ({ table }) => table],
    claim: ["the claim in a few words", ({ label }) => label],
    outcome: [`one of: ${CELL_OUTCOMES.join(", ")}`, ({ outcome }) => outcome],
    expected: ["whether it is expected to hold: 1 or 0", ({ expected }) => Number(expected)],
    at_edge: [
      "whether k* is at the edge of the grid, so that it cannot be judged: 1 or 0",
      (cell) => Number(cell.atEdge),
    ],
    number: ["what it was judged by; empty where there is none", ({ value }) => value ?? NaN],
    measure: ["what the number is, and what it has to be", ({ measure }) => measure],
    measured: ["what was found, or why it cannot be judged", ({ measured }) => measured],
    statement: ["the claim", ({ statement }) => statement],
    source: ["where it comes from", ({ source }) => source],
    figure: ["the figure that shows it", ({ figure }) => figure],
  });
  return all.map((column) =>
    column.name === "number" ? { ...column, mayBeMissing: true as const } : column
  );
}
