/** A statement of the paper or the textbook, held against a figure's numbers. */
export interface Claim {
  /** Name of the figure whose CSV was read, without its suffix. */
  readonly figure: string;
  readonly statement: string;
  /** What was found, in words and numbers. */
  readonly measured: string;
  /** Null where the statement does not apply, for the reason in `measured`. */
  readonly holds: boolean | null;
}

/** A statement that does not apply to what was played. */
export function notApplicable(figure: string, statement: string, reason: string): Claim {
  return { figure, statement, measured: `does not apply: ${reason}`, holds: null };
}

/** The reason where every Δ_t is 0 but for rounding. */
export const NO_MISALIGNMENT = "there is no misalignment on this pool";

/** Smaller misalignment is rounding. */
export const ROUNDING = 1e-12;

/** Utility is the best everywhere, but for rounding: then there is nothing to choose. */
const BEST = 1 - 1e-9;

/** Whether every utility (as a share of the best) is the best, so that no statement about it applies. */
export function isAllBest(utilities: Iterable<number>): boolean {
  return [...utilities].every((utility) => utility >= BEST);
}

/** The reason where it is. */
export const ALL_BEST = "all tasks ask for the same mix of skills, so every answer is the best one";

/** A share as a percentage that is 100 % only for all. */
export function percentage(part: number, all: number): string {
  if (all === 0) return "none";
  const percent = (100 * part) / all;
  return `${part === all ? "100" : Math.min(percent, 99.9).toFixed(1)} %`;
}
