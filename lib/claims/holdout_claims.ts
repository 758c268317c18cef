import type { Contents } from "../artifact/kind.ts";
import type { mechanisms } from "../artifact/kinds.ts";
import { ROUNDING } from "../game/bounds.ts";
import { row } from "../stats/matrix.ts";
import { type Claim, claim, noMisalignment, type Numbered, type Stated } from "./claim.ts";

type Results = Pick<Contents<typeof mechanisms>, "arrays" | "facts">;

/** A probability is the one that is said within this share. */
const SAME = 0.02;
/** The mean field's total cost is near Monte Carlo's within this share. */
const NEAR = 0.1;

/** What a noise-gated holdout does to misalignment and cost (model section 9). */
export function holdoutClaims({ arrays, facts }: Results): Claim[] {
  const { mechanism, misalignment_mean, cost_mean, cost_mean_field, honest_alarm } = arrays;
  const at = (name: string): number => mechanism.indexOf(name);
  const delta = (name: string): Float64Array => row(misalignment_mean, at(name));
  const cost = (name: string): number => cost_mean[at(name)]!;
  const stated = (
    label: string,
    measure: string,
    statement: string,
    source: string,
    expected = true,
  ): Stated => ({
    ...{ figure: "fig_holdout", label, measure, statement, expected },
    source: `${source} (model section 9)`,
  });
  const reason = at("holdout") < 0
    ? "no holdout was played"
    : misalignment_mean.data.every((x) => Math.abs(x) < ROUNDING) && noMisalignment({ facts });
  const said = Math.exp(-facts.epsilon * facts.eta);
  const apart = Math.max(...cost_mean.map((x, m) => Math.abs(cost_mean_field[m]! / x - 1)));
  const three = (x: number): string => x.toPrecision(3);
  const numbered = (value: number): Numbered => ({ value, shown: three(value) });
  return [
    claim(
      stated(
        "holdout slows learning",
        "mean Δ_t with a holdout, of that without; below 1",
        "without correction, a holdout slows learning: mean and last Δ_t are below no remedy's",
        "textbook, noise-gated holdout",
      ),
      reason,
      () => {
        const [gated, open] = [delta("holdout"), delta("none")];
        const earlier = open.findIndex((x, t) => x > gated[t]!);
        return {
          ...numbered(mean(gated) / mean(open)),
          measured: `mean ${three(mean(gated))} against ${three(mean(open))}, last ` +
            `${three(gated.at(-1)!)} against ${three(open.at(-1)!)}` +
            (earlier > 0
              ? `; in the first ${earlier} rounds it is above, as ${facts.n_0} tasks are published`
              : ""),
          holds: mean(gated) < mean(open) && gated.at(-1)! < open.at(-1)!,
        };
      },
    ),
    claim(
      stated(
        "holdout alone is not enough",
        "Δ_t of the last round less that of the first; above 0",
        "a holdout alone does not remove the incentive: Δ_t is larger in the last round than in the first",
        "textbook, noise-gated holdout",
      ),
      reason,
      () => {
        const [first, last] = [delta("holdout")[0]!, delta("holdout").at(-1)!];
        return {
          ...numbered(last - first),
          measured: `from ${three(first)} to ${three(last)}`,
          holds: last > first,
        };
      },
    ),
    claim(
      stated(
        "alarm without gaming",
        `probability of an alarm, of e^(−εη); within ${100 * SAME} % of 1`,
        "a developer that does not game sets off an alarm with probability e^(−εη)",
        "textbook, noise-gated holdout; it leaves out that two samples of tasks differ by chance",
        false,
      ),
      reason,
      () => ({
        ...numbered(honest_alarm / said),
        measured: `${three(honest_alarm)} in the first round against ${three(said)}`,
        holds: Math.abs(honest_alarm / said - 1) <= SAME,
      }),
    ),
    claim(
      stated(
        "holdout is worth it",
        "total cost, of the cheaper of no remedy and transparency; below 1",
        "a holdout costs less in total than no remedy and than transparency",
        "what the holdout is for",
      ),
      reason,
      () => ({
        ...numbered(cost("holdout") / Math.min(cost("none"), cost("transparency"))),
        measured: `${three(cost("holdout"))} against ${three(cost("none"))} and ${
          three(cost("transparency"))
        }`,
        holds: cost("holdout") < Math.min(cost("none"), cost("transparency")),
      }),
    ),
    claim(
      stated(
        "both beat correction",
        "total cost, of that of correction alone; below 1",
        "holdout and correction together cost less in total than correction alone",
        "what one expects; but once the evaluator has corrected, its tasks differ from the reference set, and " +
          "alarms and noise are what is left",
        false,
      ),
      reason,
      () => ({
        ...numbered(cost("both") / cost("correction")),
        measured: `${three(cost("both"))} against ${three(cost("correction"))}`,
        holds: cost("both") < cost("correction"),
      }),
    ),
    claim(
      stated(
        "mean field ≈ Monte Carlo",
        `largest difference of total cost, %; at most ${100 * NEAR}`,
        `the mean field's total cost is within ${100 * NEAR} % of Monte Carlo's in every mechanism`,
        "mean field",
      ),
      reason,
      () => ({
        value: 100 * apart,
        shown: `${(100 * apart).toFixed(1)} %`,
        measured: `at most ${(100 * apart).toFixed(1)} % apart`,
        holds: apart <= NEAR,
      }),
    ),
  ];
}

function mean(values: Float64Array): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}
