import type { SchemaElement } from "hyparquet";

/** Whole numbers from here on share the 32 or 16 bits of a floating-point number with others. */
const [MAX_FLOAT, MAX_FLOAT16] = [2 ** 24, 2 ** 11];

/** Bits of a large integer. */
const BITS = 64;

/**
 * How the values of a parquet column become ids without two becoming one.
 *
 * @param column The column, as the file's metadata describe it.
 * @returns Gives a value back as it should have been read; throws a RangeError for one that is not exact.
 * @throws {RangeError} When none of its values would be exact.
 */
export function exactId(column: SchemaElement): (value: unknown) => unknown {
  const { type, converted_type, logical_type } = column;
  if (converted_type === "DECIMAL" || logical_type?.type === "DECIMAL") {
    throw new RangeError("decimals");
  }
  // The reader gives the integers of a page with nulls as if they were signed.
  const isUnsigned = converted_type === "UINT_64" ||
    (logical_type?.type === "INTEGER" && !logical_type.isSigned);
  const least = logical_type?.type === "FLOAT16"
    ? MAX_FLOAT16
    : type === "FLOAT"
    ? MAX_FLOAT
    : Infinity;
  return (value) => {
    if (typeof value === "number" && Math.abs(value) >= least) {
      throw new RangeError(`${value} is too large to be exact as a ${type} number`);
    }
    return isUnsigned && typeof value === "bigint" ? BigInt.asUintN(BITS, value) : value;
  };
}
