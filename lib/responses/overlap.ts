import type { Observations } from "./observations.ts";
import { TableError } from "./table_error.ts";

/** One of several benchmarks in a table. */
export interface BenchmarkCount {
  readonly name: string;
  readonly subjects: number;
  readonly items: number;
}

/** The two benchmarks that share the fewest subjects, as a share of the smaller one's. */
export interface Overlap {
  readonly benchmarks: readonly [BenchmarkCount, BenchmarkCount];
  readonly shared: number;
  /** In [0, 1]. */
  readonly share: number;
}

/**
 * Counts subjects and items of each benchmark, and the subjects that two have in common.
 *
 * @param observations The observations of all.
 * @returns The benchmarks in order of name, and the worst pair where there are several.
 */
export function overlapOf(
  observations: Observations,
): { readonly benchmarks: readonly BenchmarkCount[]; readonly worst: Overlap | undefined } {
  const [subject, item] = [observations.subject.view(), observations.item.view()];
  const subjects = observations.benchmarks.map(() => new Set<number>());
  const items = observations.benchmarks.map(() => new Set<number>());
  for (let n = 0; n < subject.length; n++) {
    const benchmark = observations.items[item[n]!]!.benchmark;
    subjects[benchmark]!.add(subject[n]!);
    items[benchmark]!.add(item[n]!);
  }
  const counted = observations.benchmarks.map((name, code) => ({
    code,
    count: { name, subjects: subjects[code]!.size, items: items[code]!.size },
  })).sort((a, b) => a.count.name < b.count.name ? -1 : 1);
  const pairs = counted.flatMap((a, i) =>
    counted.slice(i + 1).map((b): Overlap => {
      const shared = subjects[a.code]!.intersection(subjects[b.code]!).size;
      const smaller = Math.min(a.count.subjects, b.count.subjects);
      const share = smaller === 0 ? 0 : shared / smaller;
      return { benchmarks: [a.count, b.count], shared, share };
    })
  );
  const worst = pairs.toSorted((a, b) => a.share - b.share)[0];
  return { benchmarks: counted.map(({ count }) => count), worst };
}

/**
 * Refuses benchmarks that too few subjects have in common: their items' correlations would rest on
 * those few.
 *
 * @param observations The observations of all.
 * @param least Least share of the smaller benchmark's subjects, in [0, 1].
 * @param name Name of the file for errors.
 * @throws {InputError} When two have less, or one that was asked for has no observation.
 */
export function requireOverlap(observations: Observations, least: number, name: string): void {
  const { benchmarks, worst } = overlapOf(observations);
  const absent = [...observations.wanted ?? []].filter((wanted) =>
    !benchmarks.some(({ name, items }) => name === wanted && items > 0)
  );
  if (absent.length > 0) {
    throw new TableError(
      `Cannot use ${name}: it has no response of benchmark ${absent.join(", ")}; it has ` +
        `${[...benchmarks.map(({ name }) => name), ...observations.others].join(", ") || "none"}.`,
      "benchmarks",
    );
  }
  if (worst === undefined || worst.share >= least) return;
  const [a, b] = worst.benchmarks;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  throw new TableError(
    `Cannot join ${a.name} and ${b.name} of ${name}: they share ${worst.shared} of their ` +
      `${a.subjects} and ${b.subjects} subjects, ${
        percent(worst.share)
      } of the smaller, which is ` +
      `less than ${percent(least)}. Leave one of them out, or allow less.`,
    "overlap",
  );
}
