import { ALL_BEST, type Claim, isAllBest, notApplicable } from "./claim.ts";
import type { Table } from "./table.ts";

/** A small k: at the most this share of the pool. */
const SMALL_SHARE = 0.05;

/** Transparency's utility is below ERM's for small k. */
export function ermClaims(table: Table): Claim[] {
  const setting = table.texts("setting");
  const [k, awareness, utility] = ["k", "awareness", "utility_mean"].map((c) => table.numbers(c));
  const rows = (name: string): number[] =>
    [...setting.keys()].filter((row) => setting[row] === name);
  const N = Math.max(...rows("transparency").map((row) => k![row]!));
  const small = rows("transparency").filter((row) => k![row]! <= SMALL_SHARE * N);
  const figure = "fig_oneshot_erm_vs_transparency";
  const share = 100 * SMALL_SHARE;
  const statement =
    `transparency is worth less than ERM at every awareness, for k up to ${share} % of the pool`;
  if (small.length === 0) {
    return [notApplicable(figure, statement, `${share} % of ${N} tasks are less than one task`)];
  }
  if (isAllBest(utility!)) return [notApplicable(figure, statement, ALL_BEST)];
  const best = small.reduce((a, b) => utility![a]! >= utility![b]! ? a : b);
  const worst = rows("erm").reduce((a, b) => utility![a]! <= utility![b]! ? a : b);
  return [{
    figure,
    statement,
    measured: `at best ${utility![best]!.toFixed(3)} (k = ${k![best]}) against ` +
      `${utility![worst]!.toFixed(3)} (α = ${awareness![worst]})`,
    holds: utility![best]! < utility![worst]!,
  }];
}

/** A rise is one where it is more than so many standard errors. */
const STANDARD_ERRORS = 3;

/** The published score is above true utility, and the gap shrinks with k. */
export function transparencyClaims(table: Table): Claim[] {
  const [k, published, utility, best, change, error] = [
    "k",
    "published_score_mean",
    "utility_mean",
    "best_utility",
    "gap_change",
    "gap_change_se",
  ].map((column) => table.numbers(column));
  const figure = "fig_oneshot_transparency";
  const gap = published!.map((score, n) => score / best![n]! - utility![n]!);
  // At k = N the published tasks are all tasks.
  const partial = gap.slice(0, -1);
  const above = partial.filter((x) => x > 0).length;
  const steps = [...change!.keys()].slice(1);
  const falls = steps.filter((n) => change![n]! < 0).length;
  const rises = steps.filter((n) => change![n]! > STANDARD_ERRORS * error![n]!).length;
  const statements = [
    "the published score is above the true utility at every k < N",
    "the gap between published score and true utility shrinks with k",
  ] as const;
  if (isAllBest(utility!)) return statements.map((text) => notApplicable(figure, text, ALL_BEST));
  return [
    {
      figure,
      statement: statements[0],
      measured: `at ${above} of ${partial.length} k; from ${gap[0]!.toFixed(2)} at k = ${k![0]} ` +
        `to ${partial.at(-1)!.toFixed(3)} at k = ${k!.at(-2)} (shares of the best utility)`,
      holds: above === partial.length,
    },
    {
      figure,
      statement: statements[1],
      measured: `it falls in ${falls} of ${steps.length} steps of k, and rises by more than ` +
        `${STANDARD_ERRORS} standard errors in ${rises}`,
      holds: rises === 0 && gap.at(-1)! < gap[0]!,
    },
  ];
}
