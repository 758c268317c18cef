/** What a column of the long form holds, and the name that it has unless another is given. */
export const COLUMNS = {
  subject: "subject_id",
  item: "item_id",
  response: "response",
  benchmark: "benchmark_id",
  condition: "test_condition",
} as const;

/** What a column of the long form holds. */
export type ColumnRole = keyof typeof COLUMNS;

/** The columns of the long form that have another name. */
export type Columns = Readonly<Partial<Record<ColumnRole, string>>>;

/** Roles of the columns that the long form needs. */
export const REQUIRED_ROLES = ["subject", "item", "response"] as const;

/**
 * Finds a column by its name, exactly or else in another letter case.
 *
 * @param fields The names of all columns.
 * @param role What it holds.
 * @param columns The names that were given.
 * @returns Its index; −1 when there is none, or several differ in letter case alone.
 */
export function findColumn(
  fields: readonly string[],
  role: ColumnRole,
  columns: Columns,
): number {
  const name = (columns[role] ?? COLUMNS[role]).trim();
  const exact = fields.findIndex((field) => field.trim() === name);
  if (exact >= 0) return exact;
  const folded = fields.map((field) => field.trim().toLowerCase());
  const found = folded.indexOf(name.toLowerCase());
  return found === folded.lastIndexOf(name.toLowerCase()) ? found : -1;
}

/** The name by which a column is looked for. */
export function columnName(role: ColumnRole, columns: Columns): string {
  return columns[role] ?? COLUMNS[role];
}

/** @returns For an error: "the column a is missing", or "the columns a and b are missing". */
export function sayMissing(names: readonly string[]): string {
  const all = names.join(" and ");
  return names.length === 1 ? `the column ${all} is missing` : `the columns ${all} are missing`;
}
