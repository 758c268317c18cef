import type { Contents } from "../artifact/kind.ts";
import type { oneShot } from "../artifact/kinds.ts";
import {
  ermSummary,
  isAllBest,
  RISE_ERRORS,
  SMALL_SHARE,
  transparencySummary,
} from "../game/summaries/one_shot_summary.ts";
import { APART_ERRORS } from "../game/summaries/cost_summary.ts";
import { ALL_BEST, type Claim, claim, type Stated } from "./claim.ts";

type OneShot = Contents<typeof oneShot>;

/** Transparency's utility is below ERM's for small k. */
export function ermClaims(results: Pick<OneShot, "arrays">): Claim[] {
  const { bestTransparency: best, worstErm: worst } = ermSummary(results);
  const { k, transparency_mean, erm_mean } = results.arrays;
  const share = `${100 * SMALL_SHARE} %`;
  const reason = best === undefined
    ? `${share} of ${k.at(-1)} tasks are less than one task`
    : isAllBest([...transparency_mean, ...erm_mean]) && ALL_BEST;
  return [
    claim(
      {
        figure: "fig_oneshot_erm_vs_transparency",
        statement:
          `transparency is worth less than ERM at every awareness, for k up to ${share} of the pool`,
        source: "paper, Fig 2 (model section 6.1)",
      },
      reason,
      () => ({
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
function privacyClaim({ arrays }: Pick<OneShot, "arrays">): Claim {
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
      statement:
        "without the evaluator's bias, publishing tasks is worth less than keeping as many private, at every " +
        "awareness",
      source:
        "what Fig 2 is taken to show; it compares biased with unbiased tasks (model section 8)",
      expected: false,
    },
    isAllBest([...transparency_unbiased_mean, ...erm_mean])
      ? ALL_BEST
      : judged.length === 0 && "all tasks are known at every awareness",
    () => ({
      measured: list.join(", "),
      holds: judged.every((a) => errors[a]! < -APART_ERRORS),
    }),
  );
}

/** The published score is above true utility, and the gap shrinks with k. */
export function transparencyClaims(results: Pick<OneShot, "arrays" | "facts">): Claim[] {
  const { gap, partial, above, steps, falls, rises } = transparencySummary(results);
  const { k, transparency_mean } = results.arrays;
  const stated = (statement: string): Stated => ({
    figure: "fig_oneshot_transparency",
    statement,
    source: "paper, transparency (model section 6.1)",
  });
  const reason = isAllBest(transparency_mean) && ALL_BEST;
  return [
    claim(stated("the published score is above the true utility at every k < N"), reason, () => ({
      measured: `at ${above} of ${partial} k; from ${gap[0]!.toFixed(2)} at k = ${k[0]} ` +
        `to ${gap.at(-2)!.toFixed(3)} at k = ${k.at(-2)} (shares of the best utility)`,
      holds: above === partial,
    })),
    claim(
      stated("the gap between published score and true utility shrinks with k"),
      reason,
      () => ({
        measured: `it falls in ${falls} of ${steps} steps of k, and rises by more than ` +
          `${RISE_ERRORS} standard errors in ${rises}`,
        holds: rises === 0 && gap.at(-1)! < gap[0]!,
      }),
    ),
  ];
}
