/**
 * An error in what a person gave (data, a parameter, a command line), as opposed to an error of the
 * program. Its message is one paragraph that names the file, the line where there is one, and the
 * remedy. The command line prints it without a stack trace and exits with 2.
 *
 * @example
 * ```ts
 * import { InputError } from "./errors.ts";
 * const error = new InputError("Cannot read table.csv: the file is empty. Give a table with rows.");
 * if (error.name !== "InputError") throw error;
 * ```
 */
export class InputError extends Error {
  override readonly name = "InputError";
}

/**
 * An error for what the machine lacks, such as a GPU that was asked for. Its message names the remedy;
 * it is printed without a stack trace, and the command line exits with 1.
 */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
}
