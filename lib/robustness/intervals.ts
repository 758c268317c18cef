import { quantile } from "../stats/quantile.ts";
import { type Headline, HEADLINES } from "./headline.ts";
import type { GroupedOutcome } from "./outcome_table.ts";
import { jackknifeError } from "./resample.ts";
import { SAMPLES } from "./sample_outcomes.ts";

/** How a headline number varies with one thing. */
export interface Interval {
  readonly headline: keyof Headline;
  /** With what it varies. */
  readonly source: string;
  /** 10th and 90th percentiles. */
  readonly low: number;
  readonly high: number;
  /** Of the jackknife; NaN of other sources. */
  readonly standardError: number;
  readonly n: number;
  /** Outcomes without numbers, which the interval leaves out. */
  readonly without: number;
}

/** What an interval over other choices is called. */
export const CHOICES = "other choices";

/** Ends of an interval. */
const ENDS = [0.1, 0.9] as const;

/**
 * The 10–90 % interval of each headline number over the outcomes of each source.
 *
 * @param sources Outcomes by what they vary with; a source without any numbers has no interval.
 */
export function intervals(
  sources: Readonly<Record<string, readonly GroupedOutcome[]>>,
): Interval[] {
  return HEADLINES.flatMap((headline) =>
    Object.entries(sources).flatMap(([source, outcomes]) => {
      const values = outcomes.flatMap(({ numbers }) =>
        numbers === undefined ? [] : [numbers[headline]]
      );
      if (values.length === 0) return [];
      const sorted = values.toSorted((a, b) => a - b);
      const [low, high] = [quantile(sorted, ENDS[0]), quantile(sorted, ENDS[1])];
      const standardError = source === SAMPLES.subjects ? jackknifeError(values) : NaN;
      const n = outcomes.length;
      return [{ headline, source, low, high, standardError, n, without: n - values.length }];
    })
  );
}

/** The kind of sample with which a headline number varies most; undefined where it varies with none. */
export function widest(
  intervals: readonly Interval[],
  headline: keyof Headline,
): string | undefined {
  const found = intervals.filter((x) =>
    x.headline === headline && x.source !== CHOICES && x.high > x.low
  );
  return found.toSorted((a, b) => (b.high - b.low) - (a.high - a.low))[0]?.source;
}
