import { InputError } from "../errors.ts";
import type { Responses } from "./responses.ts";

/** A table in long form by columns: one row an observation, as in the measurement-db layout. */
export interface LongTable {
  readonly subjectId: readonly unknown[];
  readonly itemId: readonly unknown[];
  /** Null: taken under the standard condition. */
  readonly testCondition: readonly unknown[];
  readonly response: readonly unknown[];
}

/** Counts of rows that are no item responses. */
export interface LeftOut {
  /** Taken under a special test condition. */
  readonly testCondition: number;
  /** Neither 0 nor 1. */
  readonly notBinary: number;
  /** Without a subject or an item. */
  readonly noId: number;
}

/**
 * Indexes a table in long form (model section 1): rows with a test condition, or whose response is
 * not 0 or 1, are left out and counted; several trials of one cell are averaged; ids are sorted, so
 * that the result never depends on the order of rows.
 *
 * @param table Columns of one length.
 * @param name Name of the file for errors.
 * @throws {InputError} When the table is empty, no response is 0 or 1, or a subject has none.
 */
export function indexResponses(
  table: LongTable,
  name: string,
): { readonly responses: Responses; readonly leftOut: LeftOut } {
  const rows = table.response.length;
  if (rows === 0) {
    throw new InputError(`Cannot use ${name}: the table has no rows. Give one with responses.`);
  }
  let [testCondition, notBinary, noId] = [0, 0, 0];
  const everySubject = new Set<string>();
  const subjects = new Set<string>();
  const items = new Set<string>();
  const kept: number[] = [];
  for (let row = 0; row < rows; row++) {
    const [subject, item] = [table.subjectId[row], table.itemId[row]];
    if (!isId(subject) || !isId(item)) {
      noId++;
      continue;
    }
    everySubject.add(String(subject));
    const condition = table.testCondition[row];
    if (condition !== null && condition !== undefined) {
      testCondition++;
      continue;
    }
    if (binary(table.response[row]) === undefined) {
      notBinary++;
      continue;
    }
    subjects.add(String(subject));
    items.add(String(item));
    kept.push(row);
  }
  if (kept.length === 0) {
    throw new InputError(
      `Cannot use ${name}: none of its ${rows} rows has a response of 0 or 1 ` +
        `(${testCondition} have a test condition, ${notBinary} another response, ${noId} no id). ` +
        "Give a table whose column response is 0 or 1.",
    );
  }
  const silent = [...everySubject].filter((id) => !subjects.has(id)).sort();
  if (silent.length > 0) {
    const names = silent.slice(0, 5).join(", ") + (silent.length > 5 ? ", …" : "");
    throw new InputError(
      `Cannot use ${name}: ${silent.length} of ${everySubject.size} subjects have no response of ` +
        `0 or 1 (${names}). Remove their rows from the table, or mend them.`,
    );
  }
  const subjectIds = [...subjects].sort();
  const itemIds = [...items].sort();
  const subjectIndex = new Map(subjectIds.map((id, index) => [id, index]));
  const itemIndex = new Map(itemIds.map((id, index) => [id, index]));
  const cells = new Map<number, { sum: number; trials: number }>();
  for (const row of kept) {
    const s = subjectIndex.get(String(table.subjectId[row])) ?? 0;
    const i = itemIndex.get(String(table.itemId[row])) ?? 0;
    const cell = s * itemIds.length + i;
    const value = binary(table.response[row]) ?? 0;
    const known = cells.get(cell);
    if (known === undefined) cells.set(cell, { sum: value, trials: 1 });
    else {
      known.sum += value;
      known.trials++;
    }
  }
  const order = Float64Array.from(cells.keys()).sort();
  const subject = new Int32Array(order.length);
  const item = new Int32Array(order.length);
  const response = new Float64Array(order.length);
  order.forEach((cell, n) => {
    const { sum, trials } = cells.get(cell) ?? { sum: 0, trials: 1 };
    subject[n] = Math.floor(cell / itemIds.length);
    item[n] = cell % itemIds.length;
    response[n] = sum / trials;
  });
  return {
    responses: { subjectIds, itemIds, subject, item, response },
    leftOut: { testCondition, notBinary, noId },
  };
}

function isId(value: unknown): boolean {
  return (typeof value === "string" && value !== "") || typeof value === "number" ||
    typeof value === "bigint";
}

function binary(value: unknown): 0 | 1 | undefined {
  const number = typeof value === "boolean" || typeof value === "bigint" ? Number(value) : value;
  return number === 0 || number === 1 ? number : undefined;
}
