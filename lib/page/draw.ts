/**
 * The live figures, each a pure function of the page's numbers: drawn by the same kit as the PDFs.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { logAxis, logDomain } from "../figure/kit/log_axis.ts";
import { directLabel } from "../figure/kit/labels.ts";
import { layout, type Sizes } from "../figure/kit/layout.ts";
import { type Page, plotSvg } from "../figure/kit/plot_svg.ts";
import { spreadLabels } from "../figure/kit/spread_labels.ts";
import { AXIS, colorOfK, COLORS } from "../figure/kit/theme.ts";
import { plotRhoKColormap } from "../figure/rho_k_colormap_plot.ts";
import type { Band } from "../stats/band.ts";
import { range } from "../stats/range.ts";
import { roundOf } from "./engine.ts";
import { noteFrame, placeCrosshair } from "./crosshair.ts";
import { finishSvg } from "./finish_svg.ts";
import type { BoundName, Model } from "./model.ts";

/** What is shown beside the model: of the curve before, of Monte Carlo, and the scrubber's round. */
export interface Extras {
  readonly ghost: Float64Array | undefined;
  readonly band: Band | undefined;
  readonly round: number;
}

const DRAWINGS = { oneShot, delta, learning, bound, map, cost } as const;

/** A live figure. */
export type DrawingName = keyof typeof DRAWINGS;

/** All live figures, in the order of the page. */
export const DRAWING_NAMES = Object.keys(DRAWINGS) as readonly DrawingName[];

/** Draws one of them for the page. */
export function draw(name: DrawingName, model: Model, extras: Extras, page: Page): Element {
  return finishSvg(DRAWINGS[name](model, extras, page), `live-${name}-${page.width}`);
}

const sizes = (
  narrow: number,
  wide: number,
  right = 14,
  top = 18,
): { narrow: Sizes; wide: Sizes } => ({
  narrow: { aspect: narrow, margin: { left: 40, right, top } },
  wide: { aspect: wide, margin: { left: 46, right, top } },
});

/** Inches; a narrower figure has shorter words. */
const TWO_COLUMNS = 5;
const GHOST = { stroke: COLORS.faint, strokeDasharray: "3,2" } as const;

function oneShot({ oneShot: found, job }: Model, _extras: Extras, page: Page): Element {
  const size = layout(page.width, sizes(0.75, 0.46, 16));
  const { published, awareness } = job.settings;
  const N = job.z.rows;
  const series = [
    { name: "published score", band: found.score, color: COLORS.warm, dy: -8 },
    { name: "true utility", band: found.utility, color: COLORS.accent, dy: 12 },
  ];
  const points = series.flatMap(({ name, band, color }) =>
    Array.from(found.k, (k, n) => ({
      ...{ name, color, k },
      ...{ mean: band.mean[n]!, low: band.p10[n]!, high: band.p90[n]! },
    }))
  );
  const here = points.filter(({ k }) => k === published);
  const top = Math.max(...points.map(({ high }) => high));
  const [erm] = found.erm.mean;
  return plotSvg(page, size, {
    x: { type: "log", domain: [1, N] },
    y: { domain: [0, 1.08 * top] },
    marks: [
      Plot.frame({ stroke: COLORS.rule }),
      Plot.axisX(logAxis([1, N], "published tasks *k*")),
      Plot.axisY({ ...AXIS, ticks: 6, label: "share of the best utility" }),
      Plot.ruleX([published], { stroke: COLORS.faint, strokeWidth: 0.8 }),
      Plot.ruleY([erm!], { stroke: "#0f766e", strokeWidth: size.stroke, strokeDasharray: "5,2" }),
      Plot.text([erm!], {
        x: 1,
        y: Number,
        text: () => `private sample, *α* = ${awareness}`,
        fill: "#0f766e",
        textAnchor: "start",
        dx: 5,
        dy: -7,
        stroke: "white",
        strokeWidth: 2.5,
        paintOrder: "stroke",
      }),
      Plot.areaY(points, {
        ...{ x: "k", y1: "low", y2: "high", z: "name" },
        ...{ fill: "color", fillOpacity: 0.18 },
      }),
      Plot.line(points, {
        x: "k",
        y: "mean",
        z: "name",
        stroke: "color",
        strokeWidth: size.stroke,
      }),
      Plot.dot(here, { x: "k", y: "mean", fill: "color", r: 3 }),
      ...series.map(({ name, color: fill, dy }) => {
        const of = points.filter((point) => point.name === name);
        return directLabel(of[Math.floor(0.62 * of.length)]!, name, {
          ...{ x: "k", y: "mean", fill, textAnchor: "start", dx: 8, dy },
        });
      }),
    ],
  });
}

/** Later rounds that are nearer to each other than half a unit of the drawing are passed over. */
function shownRounds(rounds: number): number[] {
  const step = Math.ceil(rounds / (2 * DENSE));
  return range(0, rounds).filter((t) => t < DENSE || t % step === 0 || t === rounds - 1);
}
const DENSE = 50;

function delta(model: Model, { ghost, band }: Extras, page: Page): Element {
  const size = layout(page.width, sizes(0.8, 0.42, 40, 20));
  const { ks, job: { settings: { k: chosen, rho, rounds } } } = model;
  const isNarrow = page.width < TWO_COLUMNS;
  const [left, right] = isNarrow
    ? [`correction, *ρ* = ${rho}`, "no correction"]
    : [`with correction, *ρ* = ${rho}`, "without correction"];
  const shown = shownRounds(rounds);
  const points = [[left, model.corrected], [right, model.free]].flatMap(([panel, curves]) =>
    (curves as Float64Array[]).flatMap((curve, n) => {
      const [k, color] = [ks[n]!, colorOfK(ks[n]!)];
      return shown.map((t) => ({ panel, t, mean: curve[t]!, k, color }));
    })
  );
  const old = Array.from(ghost ?? [], (mean, t) => ({ panel: left, t, mean }));
  const played = Array.from(band?.mean ?? [], (mean, t) => ({
    ...{ panel: left, t, mean, p10: band!.p10[t]!, p90: band!.p90[t]! },
  }));
  const all = [...points, ...old].map(({ mean }) => mean).concat(played.map(({ p90 }) => p90));
  const top = Math.max(...all, 1e-3);
  const bottom = Math.min(...all, ...played.map(({ p10 }) => p10), -0.02 * top);
  const ends = points.filter(({ t, panel }) => t === rounds - 1 && panel === right)
    .map((point) => ({ ...point, at: point.mean }));
  const curve = { fx: "panel", x: "t", y: "mean" } as const;
  const color = colorOfK(chosen);
  return plotSvg(page, size, {
    fx: { label: null, domain: [left, right], padding: isNarrow ? 0.2 : 0.12, axis: null },
    x: { domain: [0, rounds] },
    y: { domain: [bottom, 1.04 * top] },
    marks: [
      Plot.frame({ stroke: COLORS.rule }),
      Plot.axisX({ ...AXIS, ticks: isNarrow ? 2 : 5, label: "round *t*" }),
      Plot.axisY({ ...AXIS, ticks: 5, label: "strategic misalignment *Δ*_{*t*}" }),
      Plot.ruleY([0], { stroke: COLORS.faint, strokeWidth: 0.5 }),
      Plot.text([left, right], {
        ...{ fx: String, text: String, frameAnchor: "top-left", dy: -12 },
        fontSize: size.font,
      }),
      Plot.line(old, { ...curve, ...GHOST, strokeWidth: 1.5 * size.stroke }),
      Plot.areaY(played, { ...curve, y1: "p10", y2: "p90", fill: color, fillOpacity: 0.2 }),
      Plot.line(points, { ...curve, z: "k", stroke: "color", strokeWidth: size.stroke }),
      Plot.line(points.filter(({ k }) => k === chosen), {
        ...{ ...curve, stroke: color, strokeWidth: 2.4 * size.stroke },
      }),
      Plot.text(spreadLabels(ends, top * 0.075), {
        ...{ fx: "panel", x: "t", y: "y", textAnchor: "start", dx: 4, fill: "color" },
        text: ({ k }: { readonly k: number }) => `*k* = ${k}`,
        fontWeight: "normal",
      }),
    ],
  });
}

function learning({ pool, learned, paths, job }: Model, { round }: Extras, page: Page): Element {
  const isNarrow = page.width < TWO_COLUMNS;
  const size = layout(page.width, sizes(0.95, 0.42, 14, isNarrow ? 44 : 24));
  const d = pool.mu.length;
  const t = Math.min(round, job.settings.rounds - 1);
  const theta = roundOf(learned, t, d);
  const aim = roundOf(paths.corrected.bias, t, d).map((x, j) => x + pool.mu[j]!);
  const length = Math.sqrt(aim.reduce((sum, x) => sum + x * x, 0));
  const rows = Array.from(theta, (theta, j) => ({
    ...{ skill: `${j + 1}`, theta, best: pool.thetaBest[j]!, aim: aim[j]! / length },
  }));
  const top = Math.max(
    ...learned,
    ...pool.thetaBest,
    ...roundOf(paths.corrected.bias, 0, d).map((x, j) => (x + pool.mu[j]!)),
    ...rows.map(({ aim }) => aim),
  );
  const keys = [
    { text: "■ best for the evaluator, *θ*°", fill: "#777777" },
    { text: "● the developer, *θ*_{*t*}", fill: COLORS.accent },
    { text: "○ what is scored, *Z*^{T}*π*_{*t*}", fill: "#b5432c" },
  ];
  const step = size.inner.width / keys.length;
  return plotSvg(page, size, {
    x: { type: "band", domain: rows.map(({ skill }) => skill), padding: 0.35 },
    y: { domain: [0, Math.max(1.04 * top, 0.1)] },
    marks: [
      Plot.frame({ stroke: COLORS.rule }),
      Plot.axisX({ ...AXIS, label: "skill, by mass" }),
      Plot.axisY({ ...AXIS, ticks: 5, label: "share of each skill" }),
      Plot.barY(rows, { x: "skill", y: "best", fill: COLORS.rule }),
      Plot.link(rows, {
        ...{ x1: "skill", x2: "skill", y1: "best", y2: "theta" },
        ...{ stroke: COLORS.accent, strokeWidth: size.stroke },
      }),
      Plot.dot(rows, { x: "skill", y: "aim", r: 4, stroke: COLORS.warm, strokeWidth: 1.6 }),
      Plot.dot(rows, { x: "skill", y: "theta", r: 3.2, fill: COLORS.accent }),
      ...keys.map(({ text, fill }, n) =>
        Plot.text([text], {
          ...{ frameAnchor: "top-left", text: String, fill },
          ...isNarrow ? { dx: 0, dy: -37 + 12 * n } : { dx: n * step, dy: -13 },
          fontSize: size.font - 0.5,
        })
      ),
    ],
  });
}

const BOUNDS: Readonly<Record<BoundName, readonly [string, string, string]>> = {
  proven: ["bound that holds", "#0f766e", "none"],
  variation: ["total variation", "#b5432c", "none"],
  knowledge: ["textbook: knowledge", COLORS.ink, "4,2"],
  correction: ["textbook: correction", COLORS.ink, "1,2"],
};

function bound({ bounds, curve, job }: Model, _extras: Extras, page: Page): Element {
  const size = layout(page.width, sizes(0.85, 0.44, page.width < TWO_COLUMNS ? 14 : 100));
  const T = job.settings.rounds;
  const lines = [
    ...(Object.keys(BOUNDS) as BoundName[]).map((name) => ({
      name: BOUNDS[name][0],
      color: BOUNDS[name][1],
      dash: BOUNDS[name][2],
      width: name === "proven" ? 1.6 : 0.9,
      values: bounds[name],
    })),
    { name: "*Δ*_{*t*}", color: COLORS.accent, dash: "none", width: 2, values: curve },
  ];
  const floor = 1e-4;
  const domain: [number, number] = [
    floor,
    logDomain(lines.flatMap(({ values }) => [...values]))[1] * 1.2,
  ];
  const clamp = (x: number): number =>
    Math.min(Math.max(Math.log(x), Math.log(floor)), Math.log(domain[1]));
  const ends = lines.map(({ name, color, values }) => ({
    ...{ name, color, at: clamp(values.at(-1)!) },
  }));
  const span = Math.log(domain[1] / floor);
  const labels = page.width < TWO_COLUMNS
    ? []
    : spreadLabels(ends, ((size.font + 2) * span) / size.inner.height, { lowest: Math.log(floor) });
  return plotSvg(page, size, {
    x: { domain: [0, T] },
    y: { type: "log", domain },
    marks: [
      Plot.frame({ stroke: COLORS.rule }),
      Plot.axisX({ ...AXIS, ticks: 5, label: "round *t*" }),
      Plot.axisY(logAxis(domain, "misalignment, bounds")),
      ...lines.map(({ values, color: stroke, dash: strokeDasharray, width }) =>
        Plot.line(
          Array.from(values, (y, t) => ({ t, y: y >= floor / 2 ? y : NaN })),
          { x: "t", y: "y", stroke, strokeDasharray, strokeWidth: width * size.stroke, clip: true },
        )
      ),
      Plot.text(labels, {
        ...{ x: T, text: "name", fill: "color", textAnchor: "start", dx: 5 },
        y: ({ y }: { readonly y: number }) => Math.exp(y),
      }),
    ],
  });
}

function map({ map, job }: Model, _extras: Extras, page: Page): Element {
  const stars = Array.from(map.rho, (rho, r) => ({
    ...{ rho, empirical: NaN, low: NaN, high: NaN, meanField: map.meanField[r]! },
    ...{ steadyState: map.textbook[r]!, finiteHorizon: map.finiteHorizon[r]! },
  }));
  const svg = plotRhoKColormap(
    {
      ...{ rho: map.rho, k: map.k, values: map.misalignment, stars },
      domain: logDomain(map.misalignment, 4),
      legend: "mean *Δ*_{*t*}",
    },
    page,
    `mean field, *T* = ${job.settings.rounds}`,
  );
  const { scale } = svg as unknown as { scale(name: string): Plot.Scale };
  const ends = <T>(of: ArrayLike<T> | undefined): [T, T] => [of![0]!, of![1]!];
  const [x, y] = [scale("x"), scale("y")];
  noteFrame(svg, {
    x: ends(x.range as number[]),
    y: ends(y.range as number[]),
    rho: ends(x.domain as number[]),
    k: ends(y.domain as number[]),
  });
  placeCrosshair(svg, job.settings.rho, job.settings.k);
  return svg;
}

function cost({ cost, job }: Model, _extras: Extras, page: Page): Element {
  const size = layout(page.width, sizes(0.8, 0.46));
  const N = job.z.rows;
  const { k } = job.settings;
  const [low, high] = logDomain(cost.meanField);
  const domain: [number, number] = [low * 0.6, high * 2];
  const lines = [
    ["meanField", "mean field", COLORS.accent, "none", 2, 0.96],
    ["textbook", "steady state", "#b5432c", "5,2", 1.2, 0.8],
    ["finiteHorizon", "finite horizon", "#0f766e", "1.5,1.5", 1.2, 0.9],
  ] as const;
  const points = (name: "meanField" | "textbook" | "finiteHorizon"): { k: number; y: number }[] =>
    Array.from(cost.k, (k, n) => ({ k, y: cost[name][n]! }));
  const stars = lines.map(([name, , color]) => ({ k: cost.stars[name], color }))
    .filter(({ k }) => k >= 1 && k <= N);
  return plotSvg(page, size, {
    x: { type: "log", domain: [0.9, N * 1.1] },
    y: { type: "log", domain },
    marks: [
      Plot.frame({ stroke: COLORS.rule }),
      Plot.axisX(logAxis([1, N], "tasks scored a round *k*")),
      Plot.axisY(logAxis(domain, `loss over ${job.settings.rounds} rounds`)),
      Plot.ruleX([k], { stroke: COLORS.faint, strokeWidth: 0.8 }),
      ...lines.map(([name, , stroke, strokeDasharray, width]) =>
        Plot.line(points(name), {
          ...{ x: "k", y: "y", stroke, strokeDasharray, clip: true },
          strokeWidth: width * size.stroke,
        })
      ),
      Plot.dot(stars, { x: "k", y: domain[0], symbol: "triangle", r: 3.2, dy: -3, fill: "color" }),
      Plot.dot([cost.here], { x: k, y: Number, r: 3.4, fill: COLORS.accent }),
      ...lines.map(([name, text, fill, , , place], n) => {
        const shown = points(name).filter(({ y }) => y > domain[0] && y < domain[1]);
        const point = shown[Math.floor(place * (shown.length - 1))];
        const side = { textAnchor: "end", dx: -7, dy: n === 0 ? -8 : 3 } as const;
        return point && directLabel(point, text, { x: "k", y: "y", fill, ...side });
      }).filter((mark) => mark !== undefined),
    ],
  });
}
