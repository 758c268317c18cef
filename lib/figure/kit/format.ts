/** A number with commas: 13,542. */
export function thousands(n: number): string {
  return n.toLocaleString("en-US");
}

/** Values below it are rounding noise. */
export const ROUNDING = 1e-12;

/** A number as a reader of an axis expects it, to three digits: 0.01, 1, 100, 1,000. */
export function threeDigits(value: number): string {
  if (Math.abs(value) < ROUNDING) return "0";
  return value.toLocaleString("en-US", { maximumSignificantDigits: 3 }).replace("-", "−");
}

/** A number with three significant digits, zeros at the end among them: 0.00800. */
export function significant(value: number): string {
  return Math.abs(value) < ROUNDING ? "0" : value.toPrecision(3);
}

/** A number to some decimals, with a minus sign of its own; never "−0.000". */
export function signed(x: number, decimals: number): string {
  return (Number(x.toFixed(decimals)) + 0).toFixed(decimals).replace("-", "−");
}

/** A part of a whole, such as `12.5 %`. */
export function percent(part: number, whole: number, decimals: number): string {
  return `${((100 * part) / whole).toFixed(decimals)} %`;
}

/** Whole numbers from a first one. */
export function range(length: number, first = 0): number[] {
  return Array.from({ length }, (_, n) => first + n);
}
