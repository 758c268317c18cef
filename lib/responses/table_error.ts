import { InputError } from "../base/errors.ts";

/** What a person can change when a table cannot be used; whoever knows the settings says how. */
export type Remedy =
  | "benchmarks"
  | "overlap"
  | "shape"
  | "columns"
  | "strict"
  | "filter"
  | "fractions"
  | "values";

/** An error in a table that another setting might avoid; its message does not name the setting. */
export class TableError extends InputError {
  constructor(message: string, readonly remedy: Remedy) {
    super(message);
  }
}

/** Benchmarks were asked for, but the table does not give that of each row. */
export function noBenchmarkColumn(name: string): InputError {
  return new TableError(
    `Cannot use ${name}: benchmarks are asked for, but the table has no column benchmark_id. Add it.`,
    "benchmarks",
  );
}
