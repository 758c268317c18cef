/** A statement of the paper, the textbook or the model, held against a game's results. */
export interface Claim {
  /** Name of the figure that shows the numbers, without its suffix. */
  readonly figure: string;
  readonly statement: string;
  /** The section or theorem that says it. */
  readonly source: string;
  /** Whether it is expected to hold, by what is known of its source. */
  readonly expected: boolean;
  /** What was found, in words and numbers. */
  readonly measured: string;
  /** Null where the statement does not apply, for the reason in `measured`. */
  readonly holds: boolean | null;
  /** Whether it does not apply because k* is at the edge of the grid of k. */
  readonly atEdge: boolean;
}

/** A statement as it stands; expected to hold unless it says otherwise. */
export type Stated =
  & Pick<Claim, "figure" | "statement" | "source">
  & { readonly expected?: boolean };

/** Why a statement does not apply; `edge`, because k* is at the edge of the grid. */
export type Reason = string | false | { readonly edge: string };

/** What was found where it does. */
export type Found = Pick<Claim, "measured" | "holds">;

/** A claim, unless there is a reason why its statement does not apply to what was played. */
export function claim(stated: Stated, reason: Reason, found: () => Found): Claim {
  const { expected = true } = stated;
  if (reason === false) return { ...stated, expected, ...found(), atEdge: false };
  const atEdge = typeof reason !== "string";
  const measured = `does not apply: ${atEdge ? reason.edge : reason}`;
  return { ...stated, expected, measured, holds: null, atEdge };
}

/** How a claim came out. */
export type Outcome =
  | "holds"
  | "fails as expected"
  | "fails unexpectedly"
  | "at the edge"
  | "does not apply";

/** How a claim came out, against what was expected of it. */
export function outcomeOf({ holds, expected, atEdge }: Claim): Outcome {
  if (holds === null) return atEdge ? "at the edge" : "does not apply";
  return holds ? "holds" : expected ? "fails unexpectedly" : "fails as expected";
}

/** How many claims came out how, as a sentence. */
export function summaryOf(claims: readonly Claim[]): string {
  const count = (outcome: Outcome): number =>
    claims.filter((claim) => outcomeOf(claim) === outcome).length;
  const verb = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;
  const [edge, others] = [count("at the edge"), count("does not apply")];
  const surprises = claims.filter(({ holds, expected }) => holds && !expected).length;
  return [
    `${count("holds")} of ${claims.length - edge - others} statements hold` +
    (surprises > 0 ? ` (${surprises} unexpectedly)` : ""),
    `${verb(count("fails as expected"), "fails", "fail")} as expected`,
    `${verb(count("fails unexpectedly"), "fails", "fail")} unexpectedly`,
    ...edge > 0 ? [`${edge} cannot be judged, because k* is at the edge of the grid`] : [],
    ...others > 0 ? [verb(others, "does not apply", "do not apply")] : [],
  ].join("; ") + ".";
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
