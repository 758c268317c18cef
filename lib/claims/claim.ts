/** A statement of the paper or the textbook, held against a game's results. */
export interface Claim {
  /** Name of the figure that shows the numbers, without its suffix. */
  readonly figure: string;
  readonly statement: string;
  /** What was found, in words and numbers. */
  readonly measured: string;
  /** Null where the statement does not apply, for the reason in `measured`. */
  readonly holds: boolean | null;
}

/** A claim, unless there is a reason why its statement does not apply to what was played. */
export function claim(
  figure: string,
  statement: string,
  reason: string | false,
  found: () => Pick<Claim, "measured" | "holds">,
): Claim {
  return reason === false
    ? { figure, statement, ...found() }
    : { figure, statement, measured: `does not apply: ${reason}`, holds: null };
}

/** The reason where every Δ_t is 0 but for rounding. */
export const NO_MISALIGNMENT = "there is no misalignment on this pool";

/** The reason where every utility is the best. */
export const ALL_BEST = "all tasks ask for the same mix of skills, so every answer is the best one";

/** A share as a percentage that is 100 % only for all. */
export function percentage(part: number, all: number): string {
  if (all === 0) return "none";
  const percent = (100 * part) / all;
  return `${part === all ? "100" : Math.min(percent, 99.9).toFixed(1)} %`;
}
