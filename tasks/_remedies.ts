import { InputError } from "../lib/base/errors.ts";
import { type Remedy, TableError } from "../lib/responses/table_error.ts";

/** How the settings of the workflow can be changed where a table cannot be used as it is. */
const REMEDIES: Readonly<Record<Remedy, string>> = {
  benchmarks:
    "Or set responses.benchmarks to benchmarks that it has, such as [mmlupro], or to null for all.",
  overlap: "That is responses.min_overlap.",
  shape: "Or set responses.shape=wide if each further column is an item.",
  columns:
    "Or name its columns, such as responses.columns={subject: model, item: doc_id, response: acc}.",
  strict: "Or leave out --strict (responses.strict) to have them skipped.",
  fractions:
    "Keep responses between 0 and 1 (--set responses.fractions=keep), or choose another metric.",
  values: "Give responses of 0 and 1, or say what stands for them, such as: " +
    "--set 'responses.values={yes: 1, no: 0}'.",
  filter: "Or change items.min_subjects, items.min_minority or items.subsample.",
};

/**
 * Does what may throw a {@linkcode TableError}, and adds to its message what can be set.
 *
 * @throws {InputError} With that message.
 */
export async function withRemedies<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof TableError)) throw cause;
    throw new InputError(`${cause.message} ${REMEDIES[cause.remedy]}`, { cause });
  }
}
