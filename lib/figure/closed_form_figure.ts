import type { Results } from "../artifact/artifact.ts";
import type { totalCost } from "../artifact/kinds.ts";
import { poolPhrase } from "../game/summaries/pool_phrase.ts";
import type { Column } from "./csv.ts";
import { formatTick, logAxis, logDomain, ROUNDING } from "./log_axis.ts";
import { plotSvg } from "./plot_svg.ts";
import { COLORS, HALO, isNarrow, layout, themed } from "./theme.ts";
import type { Figure } from "./write_figure.ts";

/** The curves beside Monte Carlo: the array, its k*, name, colour, dashes, and where the label stands. */
const CURVES = [
  {
    values: "cost_mean_field",
    star: "k_star_mean_field",
    name: "mean field",
    color: COLORS.accent,
    dash: "none",
    label: { place: 1, dx: 0, dy: -9 },
  },
  {
    values: "cost_textbook",
    star: "k_star_textbook",
    name: "textbook",
    color: COLORS.warm,
    dash: "5,2",
    label: { place: 0.75, dx: 6, dy: 4 },
  },
  {
    values: "cost_finite_horizon",
    star: "k_star_finite_horizon",
    name: "finite horizon",
    color: "#0f766e",
    dash: "1.5,1.5",
    label: { place: 0.9, dx: 8, dy: 0 },
  },
] as const;

/** A closed form whose k* is off by more than this factor is said to be. */
const FAR_OFF = 2;

/** Labels beyond this share of the axis stand on the left of their curves. */
const ROOM = 0.65;

/**
 * Cumulative loss of the repeated game against the sample size k: Monte Carlo, mean field, and the two
 * closed forms, with the k* of each (model section 6.3).
 *
 * @param results With this ρ among its own.
 * @param rho Correction rate.
 * @param width Printed width in inches.
 * @throws {RangeError} When the results have no such ρ.
 */
export async function closedFormFigure(
  results: Results<typeof totalCost>,
  rho: number,
  width: number,
): Promise<Figure> {
  const { arrays, facts } = results;
  const { k, k_mean_field: kMeanField } = arrays;
  const r = arrays.rho.indexOf(rho);
  if (r < 0) throw new RangeError(`Cannot draw ρ = ${rho}: it was not played`);
  const [K, L] = [k.length, kMeanField.length];
  const played = Array.from(k, (k, b) => ({
    k,
    mean: arrays.cost_mean.data[r * K + b]!,
    low: arrays.cost_p10.data[r * K + b]!,
    high: arrays.cost_p90.data[r * K + b]!,
  }));
  const curves = CURVES.map((curve) => ({
    ...curve,
    points: Array.from(kMeanField, (k, n) => ({ k, cost: arrays[curve.values].data[r * L + n]! })),
    kStar: arrays[curve.star][r]!,
  }));
  const empirical = arrays.k_star[r]!;
  const all = [
    ...played.flatMap(({ low, high }) => [low, high]),
    ...curves.flatMap(({ points }) => points.map(({ cost }) => cost)),
  ];
  const [lowest] = logDomain(all);
  const [, highest] = logDomain(played.map(({ high }) => high));
  // The textbook's loss grows without bounds: what is far above what was played is not shown.
  const domain: [number, number] = [lowest * 0.6, highest * 3];
  const N = facts.n_pool;
  const stars = [
    { k: empirical, cost: played.find(({ k }) => k === empirical)!.mean, color: COLORS.ink },
    ...curves.map(({ kStar, points, color }) => ({ k: kStar, cost: costAt(points, kStar), color })),
  ].filter(({ k }) => k >= 1 && k <= N);
  const narrow = isNarrow(width);
  const size = layout(width, narrow ? 0.85 : 0.5);
  const labels = curves.map(({ name, color, points, label }) => {
    const shown = points.filter(({ cost }) => cost <= domain[1] * 0.8);
    const point = shown[Math.floor(label.place * (shown.length - 1))] ?? points[0]!;
    // A label stands on the side of the curve where there is room for it.
    const right = Math.log(point.k) < ROOM * Math.log(N);
    const dx = right ? label.dx : -label.dx;
    return { ...point, anchor: right ? "start" : "end", dx, dy: label.dy, name, color } as const;
  });
  const svg = await plotSvg((Plot) => ({
    ...themed(size),
    marginLeft: 44,
    marginBottom: 28,
    marginTop: 8,
    marginRight: 10,
    x: { type: "log", domain: [0.9, N * 1.1] },
    y: { type: "log", domain },
    marks: [
      Plot.frame({ stroke: COLORS.rule }),
      Plot.axisX(logAxis([1, N], "tasks scored a round *k*")),
      Plot.axisY(logAxis(domain, `loss over ${facts.n_rounds} rounds`)),
      ...curves.map(({ points, color, dash }) =>
        Plot.line(points, {
          x: "k",
          y: "cost",
          stroke: color,
          strokeWidth: 1.2 * size.stroke,
          strokeDasharray: dash,
          clip: true,
        })
      ),
      Plot.link(played, {
        x1: "k",
        x2: "k",
        y1: "low",
        y2: "high",
        stroke: COLORS.ink,
        strokeWidth: size.stroke,
      }),
      Plot.dot(played, { x: "k", y: "mean", r: narrow ? 1.5 : 1.9, fill: COLORS.ink }),
      Plot.ruleX(stars, {
        x: "k",
        y1: domain[0],
        y2: "cost",
        stroke: "color",
        strokeWidth: 0.8 * size.stroke,
        clip: true,
      }),
      Plot.dot(stars, {
        x: "k",
        y: domain[0],
        symbol: "triangle",
        r: narrow ? 2.5 : 3,
        dy: -3,
        fill: "color",
      }),
      ...labels.map(({ name, color, anchor, dx, dy, ...point }) =>
        Plot.text([point], {
          ...HALO,
          x: "k",
          y: "cost",
          text: () => name,
          fill: color,
          textAnchor: anchor,
          dx,
          dy,
        })
      ),
      Plot.text([played[1]!], {
        ...HALO,
        x: "k",
        y: "mean",
        text: () => "Monte Carlo",
        fill: COLORS.ink,
        textAnchor: "start",
        dx: 6,
        dy: played[1]!.mean < played[0]!.mean ? -5 : 13,
      }),
    ],
  }));
  return {
    title: `Cumulative loss against sample size, ρ = ${rho}`,
    caption: caption(),
    svg,
    columns: columns(),
  };

  function caption(): string {
    const { n_rounds: rounds, gamma, n_replicates: replicates } = facts;
    const { variance, exploitation } = arrays;
    const pool = poolPhrase(results);
    const ks = curves.map(({ name, kStar }) => {
      const by = name === "mean field" ? name : `the ${name} form`;
      // Without variance or exploitation a closed form has no minimum.
      if (!Number.isFinite(kStar)) return `none by ${by}`;
      const factor = kStar / empirical;
      const off = Math.max(factor, 1 / factor);
      const far = off > FAR_OFF
        ? ` (${off.toFixed(1)} times too ${factor > 1 ? "large" : "small"})`
        : "";
      const place = kStar < 1 || kStar > facts.n_pool ? ", outside the axis" : "";
      return `${formatTick(kStar)} by ${by}${far}${place}`;
    });
    const band = [arrays.k_star_p10[r], arrays.k_star_p90[r]];
    const limit = costAt(curves[0]!.points, empirical);
    const losses = curves.slice(1).map(({ name, points }) =>
      `${(costAt(points, empirical) / limit).toFixed(2)} times (${name})`
    );
    const compared = limit > ROUNDING
      ? ` At the empirical k* the closed forms give, of the mean field's loss, ${
        losses.join(" and ")
      }.`
      : "";
    const best = played.every(({ mean }) => mean < ROUNDING)
      ? "Every k has a loss of 0, so none is the best."
      : `Least loss (triangles) at k* = ${empirical} by Monte Carlo (${band[0]}–${
        band[1]
      } in 10–90 % ` +
        `of bootstrap samples, on a grid of ${K} k), ${ks.join(", ")}.${compared}`;
    return `Loss Σ_t (σ_t²/k + γ Δ_t) over ${rounds} rounds at correction rate ρ = ${rho}, γ = ${gamma}, ` +
      `on the ${pool}: Monte Carlo (dots; bars, 10–90 % of ${replicates} replicates), the mean field, ` +
      `the textbook's L(k) × T with κ = c/N (dashed), and the finite-horizon form (dotted); σ² = ` +
      `${formatTick(variance)}, c = ${
        formatTick(exploitation)
      }. ${best} What is above the frame is cut.`;
  }

  function columns(): Column[] {
    const blank = (n: number): string[] => new Array<string>(n).fill("");
    return [
      {
        name: "series",
        meaning: "monte_carlo, or the curves on a finer grid",
        values: [
          ...new Array<string>(K).fill("monte_carlo"),
          ...new Array<string>(L).fill("curves"),
        ],
      },
      { name: "k", meaning: "tasks scored a round", values: [...k, ...kMeanField] },
      ...(["mean", "p10", "p90"] as const).map((part) => ({
        name: `cost_${part}`,
        meaning: `loss over the rounds by Monte Carlo, ${part} over replicates`,
        values: [...arrays[`cost_${part}`].data.subarray(r * K, (r + 1) * K), ...blank(L)],
      })),
      ...CURVES.map(({ values: name, name: words }) => ({
        name,
        meaning: `loss over the rounds, ${words}`,
        values: [...blank(K), ...arrays[name].data.subarray(r * L, (r + 1) * L)],
      })),
      ...(["k_star", "k_star_p10", "k_star_p90", ...CURVES.map(({ star }) => star)] as const).map((
        name,
      ) => ({
        name,
        meaning:
          "k of least loss (k_star: Monte Carlo; p10, p90: of its bootstrap); all rows alike",
        values: new Array<number>(K + L).fill(arrays[name][r]!),
      })),
    ];
  }
}

/** A curve's loss at k, between its points along the line in log k. */
function costAt(
  points: readonly { readonly k: number; readonly cost: number }[],
  k: number,
): number {
  const after = Math.max(1, points.findIndex((point) => point.k >= k));
  const [a, b] = [points[after - 1]!, points[after]!];
  const share = Math.log(k / a.k) / Math.log(b.k / a.k);
  // Between losses of 0 there is no ratio.
  return a.cost > 0 && b.cost > 0
    ? a.cost * (b.cost / a.cost) ** share
    : a.cost + share * (b.cost - a.cost);
}
