import type { Responses } from "../lib/responses/responses.ts";

/** An indexed table from rows of responses, null where a cell is missing. */
export function tableFromRows(rows: readonly (readonly (number | null)[])[]): Responses {
  const cells = rows.flatMap((row, s) =>
    row.flatMap((y, i) => (y === null ? [] : [[s, i, y] as const]))
  );
  return {
    subjectIds: rows.map((_, s) => `s${s}`),
    itemIds: (rows[0] ?? []).map((_, i) => `i${i}`),
    subject: Int32Array.from(cells, ([s]) => s),
    item: Int32Array.from(cells, ([, i]) => i),
    response: Float64Array.from(cells, ([, , y]) => y),
  };
}
