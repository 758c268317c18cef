/** How sure a claim is (model section 8). */
export interface Verdict {
  readonly kind: "robust" | "fragile" | "not supported";
  /** Controls in which it does not do what it should. */
  readonly controls: readonly string[];
  /** How it fares where something is chosen or drawn otherwise, by what. */
  readonly tallies: readonly Tally[];
}

/** What was judged, and how sure it is, as it is written. */
export interface VerdictLine {
  readonly kind: "conclusion" | "claim";
  /** The figure that shows its numbers. */
  readonly figure: string;
  readonly statement: string;
  /** Where a claim comes from, and whether it is expected to hold. */
  readonly source?: string;
  readonly expected?: boolean;
  readonly measured: string;
  readonly verdict: Verdict["kind"];
  /** Choices, kinds of sample and controls in which it does not do what it should. */
  readonly breaks_with: readonly string[];
}

/** In how many of the outcomes of a source a claim holds. */
export interface Tally {
  readonly source: string;
  /** Outcomes to which it applies, and those of them in which it does not hold, or that have no numbers. */
  readonly of: number;
  readonly broken: readonly string[];
}

/** Whether a claim holds somewhere; null where there are no numbers. */
export interface Holding {
  readonly name: string;
  readonly holds: boolean | null;
}

/**
 * A claim is robust if it holds on the base, does in all controls what it should, and holds in at least a share
 * of the outcomes of each source by itself; not supported if it does not hold on the base; else fragile. An
 * outcome without an answer counts as one in which the claim does not hold: nothing is dropped.
 *
 * @param controls Of each control whether the claim does there what it should.
 * @param sources Other choices, and each kind of sample.
 * @param share Of the outcomes of a source in which a robust claim holds.
 */
export function verdictOf(
  base: boolean | null,
  controls: readonly Holding[],
  sources: Readonly<Record<string, readonly Holding[]>>,
  share: number,
): Verdict {
  const broken = (list: readonly Holding[]): string[] =>
    list.filter(({ holds }) => holds !== true).map(({ name }) => name);
  const inControls = broken(controls);
  const tallies = Object.entries(sources)
    .filter(([, list]) => list.length > 0)
    .map(([source, list]) => ({ source, of: list.length, broken: broken(list) }));
  const stands = inControls.length === 0 &&
    tallies.every(({ of, broken }) => 1 - broken.length / of >= share);
  const kind = base !== true ? "not supported" : stands ? "robust" : "fragile";
  return { kind, controls: inControls, tallies };
}

/** What breaks a claim: choices by their name, and of samples how many. */
export function breakers(
  { controls, tallies }: Pick<Verdict, "controls" | "tallies">,
  choices: string,
): string[] {
  return [
    ...controls,
    ...tallies.flatMap(({ source, of, broken }) =>
      broken.length === 0
        ? []
        : source === choices
        ? broken
        : [`${source} (${broken.length} of ${of})`]
    ),
  ];
}
