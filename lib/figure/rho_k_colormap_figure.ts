import { colorRamp } from "./color_ramp.ts";
import type { Results } from "../artifact/artifact.ts";
import type { totalCost } from "../artifact/kinds.ts";
import { meanFieldStarsNear, starRatios } from "../game/summaries/cost_summary.ts";
import { poolPhrase } from "../game/summaries/pool_phrase.ts";
import type { Column } from "./csv.ts";
import { logEdges } from "./edges.ts";
import { formatTick, logAxis, logDomain, logTicks } from "./log_axis.ts";
import { plotSvg } from "./plot_svg.ts";
import { spreadLabels } from "./spread_labels.ts";
import { COLORS, isNarrow, layout, themed } from "./theme.ts";
import type { Figure } from "./write_figure.ts";

/** What each map shows. */
const MAPS = {
  misalignment: {
    title: "Strategic misalignment over correction rate and sample size",
    values: "misalignment",
    legend: "mean *Δ*_{*t*}",
    text: "Time-mean of strategic misalignment Δ_t",
  },
  cost: {
    title: "Total cost over correction rate and sample size",
    values: "cost_mean",
    legend: "total cost",
    text: "Total cost Σ_t (σ_t²/k + γ Δ_t)",
  },
} as const;

/** The lines of k*(ρ). */
const STARS = {
  k_star_mean_field: { name: "mean field", color: "#111111", dash: "none" },
  k_star_textbook: { name: "textbook", color: "#c2410c", dash: "5,2" },
  k_star_finite_horizon: { name: "finite horizon", color: "#c2410c", dash: "1.5,1.5" },
} as const;
type Star = keyof typeof STARS;

/** The arrays on the grid of the map. */
type Grid =
  | "misalignment"
  | "misalignment_se"
  | "misalignment_mean_field"
  | "cost_mean"
  | "cost_p10"
  | "cost_p90"
  | "cost_mean_field";

/** So many decades of misalignment are shown: what is smaller plays no part. */
const DECADES = 4;

/**
 * A map over correction rate ρ and sample size k, with the k of least total cost for each ρ: of Monte
 * Carlo with its uncertainty, of mean field, and of the closed forms.
 *
 * @param results On a grid of ρ and k, the mean field on the same.
 * @param of What the colours show.
 * @param width Printed width in inches.
 * @throws {RangeError} When the mean field is on another grid of k.
 */
export async function rhoKColormapFigure(
  results: Results<typeof totalCost>,
  of: keyof typeof MAPS,
  width: number,
): Promise<Figure> {
  const { arrays, facts } = results;
  const { rho, k } = arrays;
  const { title, legend, text } = MAPS[of];
  const K = k.length;
  if (arrays.k_mean_field.length !== K) {
    throw new RangeError("Cannot draw the map: the mean field is on another grid of k");
  }
  const shown = arrays[MAPS[of].values].data;
  const [edgesRho, edgesK] = [logEdges(rho), logEdges(k)];
  const largest = Math.max(...shown);
  const smallest = Math.min(...shown);
  const domain = logDomain(shown, DECADES);
  const cells = Array.from(shown, (value, n) => {
    const [a, b] = [Math.floor(n / K), n % K];
    return {
      value: Math.max(value, domain[0]),
      x1: edgesRho[a]!,
      x2: edgesRho[a + 1]!,
      y1: edgesK[b]!,
      y2: edgesK[b + 1]!,
    };
  });
  const narrow = isNarrow(width);
  const size = layout(width, narrow ? 0.85 : 0.56);
  const margin = { left: 40, top: 8, bottom: 28, right: narrow ? 50 : 132 };
  const frame = { x: [edgesRho[0]!, edgesRho.at(-1)!], y: [edgesK[0]!, edgesK.at(-1)!] };
  const ramp = {
    x: size.width - (narrow ? 40 : 52),
    y: margin.top + 2 * size.font,
    width: narrow ? 7 : 9,
    height: size.height - margin.top - margin.bottom - 2 * size.font,
  };
  const star = (name: Star): { rho: number; k: number }[] =>
    Array.from(rho, (rho, a) => ({ rho, k: arrays[name][a]! }));
  const empirical = Array.from(rho, (rho, a) => ({
    rho,
    k: arrays.k_star[a]!,
    low: arrays.k_star_p10[a]!,
    high: arrays.k_star_p90[a]!,
  }));
  const labels = labelPlaces();
  const svg = await plotSvg((Plot) => ({
    ...themed(size),
    marginLeft: margin.left,
    marginTop: margin.top,
    marginBottom: margin.bottom,
    marginRight: margin.right,
    x: { type: "log", domain: frame.x },
    y: { type: "log", domain: frame.y },
    color: { type: "log", scheme: "YlGnBu", domain, clamp: true },
    marks: [
      Plot.rect(cells, {
        x1: "x1",
        x2: "x2",
        y1: "y1",
        y2: "y2",
        fill: "value",
        insetRight: -0.3,
        insetTop: -0.3,
      }),
      ...(Object.keys(STARS) as Star[]).flatMap((name) => [
        Plot.line(star(name), {
          x: "rho",
          y: "k",
          stroke: "white",
          strokeWidth: 3 * size.stroke,
          clip: true,
        }),
        Plot.line(star(name), {
          x: "rho",
          y: "k",
          stroke: STARS[name].color,
          strokeWidth: 1.2 * size.stroke,
          strokeDasharray: STARS[name].dash,
          clip: true,
        }),
      ]),
      Plot.link(empirical.filter(({ low, high }) => high > low), {
        x1: "rho",
        x2: "rho",
        y1: "low",
        y2: "high",
        stroke: "white",
        strokeWidth: 3 * size.stroke,
      }),
      Plot.link(empirical.filter(({ low, high }) => high > low), {
        x1: "rho",
        x2: "rho",
        y1: "low",
        y2: "high",
        stroke: COLORS.faint,
        strokeWidth: 2 * size.stroke,
      }),
      Plot.dot(empirical, {
        x: "rho",
        y: "k",
        r: narrow ? 1.8 : 2.4,
        fill: "white",
        stroke: COLORS.ink,
        strokeWidth: size.stroke,
      }),
      Plot.frame({ stroke: COLORS.ink, strokeWidth: 0.6 }),
      Plot.axisX(logAxis([rho[0]!, rho.at(-1)!], "correction rate *ρ*")),
      Plot.axisY(logAxis([k[0]!, k.at(-1)!], "tasks scored a round *k*")),
      ...(narrow ? [] : [
        Plot.text(labels, {
          x: "x",
          y: "y",
          text: "text",
          fill: "color",
          textAnchor: "start",
          dx: 5,
        }),
      ]),
      Plot.text([0], {
        frameAnchor: "top-right",
        text: () => legend,
        textAnchor: "end",
        dx: margin.right - 2,
      }),
      colorRamp(domain, logTicks(...domain), ramp, { log: true }),
    ],
  }));
  return { title, caption: caption(), svg, columns: columns() };

  /** The lines' names stand in the margin, by their right ends or by the corner where they leave. */
  function labelPlaces(): { x: number; y: number; text: string; color: string }[] {
    const [bottom, top] = [Math.log(frame.y[0]!), Math.log(frame.y[1]!)];
    const within = (k: number): number => Math.min(top, Math.max(bottom, Math.log(k)));
    const perPoint = (top - bottom) / (size.height - margin.top - margin.bottom);
    const ends = [
      { at: within(empirical.at(-1)!.k), text: "*k*\\* empirical", color: COLORS.ink },
      ...(Object.keys(STARS) as Star[]).map((name) => ({
        at: within(star(name).at(-1)!.k),
        text: `*k*\\* ${STARS[name].name}`,
        color: STARS[name].color,
      })),
    ];
    return spreadLabels(ends, (size.font + 1.5) * perPoint, bottom).map(({ y, text, color }) => ({
      x: frame.x[1]!,
      y: Math.exp(y),
      text,
      color,
    }));
  }

  function caption(): string {
    const near = meanFieldStarsNear(arrays);
    const ratio = (name: Star): string => {
      const { range } = starRatios(arrays, arrays[name]);
      if (range === undefined) return "which has no minimum";
      return `${formatTick(range.least)} to ${formatTick(range.most)} times the empirical`;
    };
    const at = (a: number): string => `${arrays.k_star[a]} at ρ = ${formatTick(rho[a]!)}`;
    return `${text} over ${facts.n_rounds} rounds on the ${poolPhrase(results)}, mean of ` +
      `${facts.n_replicates} replicates, from ${formatTick(smallest)} to ${formatTick(largest)}` +
      (smallest < domain[0] ? ` (below ${formatTick(domain[0])} in one colour)` : "") +
      `. The k of least total cost (γ = ${facts.gamma}): circles, empirical, on the grid of ${K} k, ` +
      `grey bars the 10–90 % range of bootstrap samples (${at(0)}, ${
        at(Math.floor(rho.length / 2))
      }, ${at(rho.length - 1)}); ` +
      `solid line, mean field, within one step of the grid for ${near} of ${rho.length} ρ; dashed, the ` +
      `textbook's (cut below the frame), ${
        ratio("k_star_textbook")
      }; dotted, for the finite horizon, ` +
      `${ratio("k_star_finite_horizon")}.`;
  }

  function columns(): Column[] {
    const pairs = Array.from(shown, (_, n) => [Math.floor(n / K), n % K] as const);
    const grid = (name: Grid, meaning: string): Column => ({
      name,
      meaning,
      values: arrays[name].data,
    });
    const line = (
      name: Star | "k_star" | "k_star_p10" | "k_star_p90",
      meaning: string,
    ): Column => ({
      name,
      meaning: `${meaning}; the same for all k`,
      values: pairs.map(([a]) => arrays[name][a]!),
    });
    return [
      { name: "rho", meaning: "correction rate", values: pairs.map(([a]) => rho[a]!) },
      { name: "k", meaning: "tasks scored a round", values: pairs.map(([, b]) => k[b]!) },
      grid("misalignment", "strategic misalignment Δ_t, mean over rounds and replicates"),
      grid("misalignment_se", "its standard error over replicates"),
      grid("misalignment_mean_field", "misalignment in the mean-field limit"),
      grid("cost_mean", "total cost Σ_t (σ_t²/k + γ Δ_t), mean over replicates"),
      grid("cost_p10", "total cost, 10th percentile over replicates"),
      grid("cost_p90", "total cost, 90th percentile over replicates"),
      grid("cost_mean_field", "total cost in the mean-field limit"),
      line("k_star", "k of least mean total cost"),
      line("k_star_p10", "its 10th percentile over bootstrap samples of the replicates"),
      line("k_star_p90", "its 90th percentile over bootstrap samples of the replicates"),
      line("k_star_mean_field", "k of least total cost in the mean-field limit"),
      line("k_star_textbook", "σ √(ρ/(γ κ)), the textbook's k*"),
      line("k_star_finite_horizon", "σ √(T N/(γ c S_T)), k* for the finite horizon"),
    ];
  }
}
