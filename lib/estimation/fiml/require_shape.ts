import { InputError } from "../../base/errors.ts";

/** There are too many factors for the table. */
export class ShapeError extends InputError {}

/**
 * Requires that d factors can be fitted to S subjects × p items.
 *
 * @throws {ShapeError} When there are too few subjects or items.
 */
export function requireShape(d: number, S: number, p: number): void {
  if (d >= S) {
    throw new ShapeError(
      `Cannot fit ${d} factors to ${S} subjects: there must be fewer factors than subjects.`,
    );
  }
  if (d > p) {
    throw new ShapeError(
      `Cannot fit ${d} factors to ${p} items: there must be at most as many factors as items.`,
    );
  }
}
