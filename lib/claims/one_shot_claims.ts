import type { Contents } from "../artifact/kind.ts";
import type { oneShot } from "../artifact/kinds.ts";
import { ROUNDING } from "../game/bounds.ts";
import {
  ermSummary,
  isAllBest,
  RISE_ERRORS,
  SMALL_SHARE,
  transparencySummary,
} from "../game/summaries/one_shot_summary.ts";
import { allBest, type Claim, claim, countOf, type Numbered, type Stated } from "./claim.ts";
import { APART_ERRORS } from "../game/summaries/cost_summary.ts";

type OneShot = Contents<typeof oneShot>;

/** Transparency's utility is below ERM's for small k. */
export function ermClaims(results: Pick<OneShot, "arrays" | "facts">): Claim[] {
  const { bestTransparency: best, worstErm: worst } = ermSummary(results);
  const { k, transparency_mean, erm_mean } = results.arrays;
  const share = `${100 * SMALL_SHARE} %`;
  const reason = best === undefined
    ? `${share} of ${k.at(-1)} tasks are less than one task`
    : isAllBest([...transparency_mean, ...erm_mean]) && allBest(results);
  return [
    claim(
      {
        figure: "fig_oneshot_erm_vs_transparency",
        label: "transparency < ERM",
        measure: "ERM's worst utility less transparency's best; above 0",
        statement:
          `transparency is worth less than ERM at every awareness, for k up to ${share} of the pool`,
        source: "paper, Fig 2 (model section 6.1)",
      },
      reason,
      () => ({
        ...difference(worst.utility - best!.utility),
        measured: `at best ${best!.utility.toFixed(3)} (k = ${best!.k}) against ` +
          `${worst.utility.toFixed(3)} (α = ${worst.awareness})`,
        holds: best!.utility < worst.utility,
      }),
    ),
    privacyClaim(results),
  ];
}

/**
 * Bias and privacy told apart: an evaluator without bias publishes as many tasks as the developer would know of
 * a private sample. Both are then answers to tasks drawn evenly.
 */
function privacyClaim({ arrays, facts }: Pick<OneShot, "arrays" | "facts">): Claim {
  const { awareness, n_known, erm_mean, transparency_unbiased_mean, privacy_loss } = arrays;
  const errors = Array.from(privacy_loss, (loss, a) => loss / arrays.privacy_loss_se[a]!);
  // Where all tasks are known, both are the best.
  const judged = Array.from(errors.keys()).filter((a) => Number.isFinite(errors[a]!));
  const list = judged.map((a) =>
    `${transparency_unbiased_mean[a]!.toFixed(3)} against ${erm_mean[a]!.toFixed(3)} (${
      n_known[a]
    } tasks, α = ${awareness[a]})`
  );
  return claim(
    {
      figure: "fig_oneshot_erm_vs_transparency",
      label: "privacy without bias",
      measure: `largest loss by publishing, in standard errors; below −${APART_ERRORS}`,
      statement:
        "without the evaluator's bias, publishing tasks is worth less than keeping as many private, at every " +
        "awareness",
      source:
        "what Fig 2 is taken to show; it compares biased with unbiased tasks (model section 8)",
      expected: false,
    },
    isAllBest([...transparency_unbiased_mean, ...erm_mean])
      ? allBest({ facts })
      : judged.length === 0 && "all tasks are known at every awareness",
    () => ({
      ...difference(Math.max(...judged.map((a) => errors[a]!))),
      measured: list.join(", "),
      holds: judged.every((a) => errors[a]! < -APART_ERRORS),
    }),
  );
}

/** The published score is above true utility, and the gap shrinks with k. */
export function transparencyClaims(results: Pick<OneShot, "arrays" | "facts">): Claim[] {
  const { gap, partial, above, steps, falls, rises } = transparencySummary(results);
  const { k, transparency_mean } = results.arrays;
  const stated = (label: string, measure: string, statement: string): Stated => ({
    ...{ figure: "fig_oneshot_transparency", label, measure, statement },
    source: "paper, transparency (model section 6.1)",
  });
  const reason = partial === 0
    ? "no k < N was played"
    : isAllBest(transparency_mean) && allBest(results);
  const at = (n: number): string => {
    const size = gap.at(n)!;
    return `${Math.abs(size) < ROUNDING ? 0 : size.toPrecision(3)} at k = ${k.at(n)}`;
  };
  const isWider = gap.at(-1)! >= gap[0]!;
  return [
    claim(
      stated(
        "published > true",
        "least gap at a k < N, in shares of the best utility; above 0",
        "the published score is above the true utility at every k < N",
      ),
      reason,
      () => {
        const least = Math.min(...gap.subarray(0, -1));
        return {
          ...difference(least),
          measured: `at ${above} of ${partial} k; from ${at(0)} to ${at(-2)}, and at least ` +
            `${least.toPrecision(3)} (shares of the best utility)`,
          holds: above === partial,
        };
      },
    ),
    claim(
      stated(
        "gap shrinks with k",
        "steps of k at which it does not clearly rise, the whole way among them; all",
        "the gap between published score and true utility shrinks with k",
      ),
      reason,
      () => ({
        ...countOf(steps - rises + Number(!isWider), steps + 1),
        measured: `it falls in ${falls} of ${steps} steps of k, and rises by more than ` +
          `${RISE_ERRORS} standard errors in ${rises}; from ${at(0)} to ${at(-1)}`,
        holds: rises === 0 && !isWider,
      }),
    ),
  ];
}

/** The number of a claim that one thing is above another. */
function difference(value: number): Numbered {
  return { value, shown: value.toPrecision(3).replace("-", "−") };
}
