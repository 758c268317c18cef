/** A statement of the paper, the textbook or the model, held against a game's results. */
export interface Claim {
  /** Name of the figure that shows the numbers, without its suffix. */
  readonly figure: string;
  /** The statement in a few words. */
  readonly label: string;
  readonly statement: string;
  /** The section or theorem that says it. */
  readonly source: string;
  /** Whether it is expected to hold, by what is known of its source. */
  readonly expected: boolean;
  /** What was found, in words and numbers. */
  readonly measured: string;
  /** What `value` is, and what it has to be. */
  readonly measure: string;
  /** The number by which it was judged; null where there is none. */
  readonly value: number | null;
  /** The same in a few letters; "" where there is none. */
  readonly shown: string;
  /** Null where the statement does not apply, for the reason in `measured`. */
  readonly holds: boolean | null;
  /** Whether it does not apply because k* is at the edge of the grid of k. */
  readonly atEdge: boolean;
}

/** A statement as it stands; expected to hold unless it says otherwise. */
export type Stated =
  & Pick<Claim, "figure" | "label" | "statement" | "source" | "measure">
  & { readonly expected?: boolean };

/** Why a statement does not apply; `edge`, because k* is at the edge of the grid, perhaps with the number. */
export type Reason = string | false | { readonly edge: string } & Partial<Numbered>;

/** What a claim is judged by. */
export interface Numbered {
  readonly value: number;
  readonly shown: string;
}

/** What was found of a claim that applies. */
export type Found = Pick<Claim, "measured" | "holds"> & Numbered;

/** A claim, unless there is a reason why its statement does not apply to what was played. */
export function claim(stated: Stated, reason: Reason, found: () => Found): Claim {
  const { expected = true } = stated;
  if (reason === false) return { ...stated, expected, ...found(), atEdge: false };
  const atEdge = typeof reason !== "string";
  const measured = `does not apply: ${atEdge ? reason.edge : reason}`;
  const { value = null, shown = "" } = atEdge ? reason : {};
  return { ...stated, expected, measured, value, shown, holds: null, atEdge };
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

/** The facts of a game that say how many skills its tasks have. */
interface Skills {
  readonly facts: { readonly n_skills: number };
}

const ONE_SKILL = "there is one skill (d = 1)";

/** The reason where every Δ_t is 0 but for rounding. */
export function noMisalignment({ facts: { n_skills } }: Skills): string {
  return n_skills === 1
    ? `${ONE_SKILL}, so there is no misalignment`
    : "there is no misalignment on this pool";
}

/** The reason where every utility is the best. */
export function allBest({ facts: { n_skills } }: Skills): string {
  const why = n_skills === 1 ? ONE_SKILL : "all tasks ask for the same mix of skills";
  return `${why}, so every answer is the best one`;
}

/** The number of a claim about all of some cases: the percentage of those in which it is so. */
export function shareOf(part: number, all: number): Numbered {
  return { value: (100 * part) / all, shown: percentage(part, all) };
}

/** The number of a claim about all of a few cases: in how many it is so. */
export function countOf(part: number, all: number): Numbered {
  return { value: part, shown: `${part} of ${all}` };
}

/** Smaller percentages are written as 0. */
const LEAST_PERCENT = 0.01;

/** A percentage in three digits. */
export function percent(share: number): string {
  const value = 100 * share;
  return `${Math.abs(value) < LEAST_PERCENT ? 0 : Number(value.toPrecision(3))} %`;
}

/** A share as a percentage that is 100 % only for all. */
export function percentage(part: number, all: number): string {
  if (all === 0) return "none";
  const percent = (100 * part) / all;
  return `${part === all ? "100" : Math.min(percent, 99.9).toFixed(1)} %`;
}
