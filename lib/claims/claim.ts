/** A statement of the paper or the textbook, held against a figure's numbers. */
export interface Claim {
  /** Name of the figure whose CSV was read, without its suffix. */
  readonly figure: string;
  readonly statement: string;
  /** What was found, in words and numbers. */
  readonly measured: string;
  readonly holds: boolean;
}

/** A share as a percentage that is 100 % only for all. */
export function percentage(part: number, all: number): string {
  if (all === 0) return "none";
  const percent = (100 * part) / all;
  return `${part === all ? "100" : Math.min(percent, 99.9).toFixed(1)} %`;
}
