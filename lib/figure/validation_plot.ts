import * as Plot from "@observablehq/plot";
import { MIN_MISALIGNMENT as FLOOR } from "../game/bounds.ts";
import type { BoundRound } from "../game/summaries/bound_summary.ts";
import { type KeyEntry, layout } from "./kit/layout.ts";
import { logAxis } from "./kit/log_axis.ts";
import { type Page, plotSvg } from "./kit/plot_svg.ts";
import { AXIS, COLORS } from "./kit/theme.ts";

const SIZES = {
  narrow: {
    aspect: 0.9,
    margin: { left: 46, right: 34, top: 18 },
    padding: 0.22,
    quarters: [0, 2, 4],
  },
  wide: {
    aspect: 0.55,
    margin: { left: 56, right: 46, top: 18 },
    padding: 0.14,
    quarters: [0, 1, 2, 3, 4],
  },
};

const CEILING = 3;
const PANEL = { fx: "rho", fy: "k", x: "t" } as const;

const THIN = { stroke: COLORS.ink, weight: 0.8 };
/** The curves and how they are drawn, in the key's order: the bound that holds, then the textbook's. */
const CURVES = {
  productBound: { name: "bound", stroke: "#0f766e", weight: 1.6 },
  bound: { name: "textbook (the smaller)", stroke: COLORS.rule, weight: 4 },
  knowledge: { name: "its knowledge", ...THIN, dash: "4,2" },
  correction: { name: "its correction", ...THIN, dash: "1,2" },
  variation: { name: "total variation", stroke: COLORS.warm, weight: 0.8 },
  mean: { name: "measured", stroke: COLORS.accent, weight: 1 },
} as const satisfies Partial<Record<keyof BoundRound, KeyEntry>>;

/** A panel for each correction rate and k, in it the misalignment and its bounds. */
export function plotValidation(
  rows: readonly BoundRound[],
  page: Page,
  heading: string,
): Element {
  const size = layout(page.width, SIZES, { heading, key: Object.values(CURVES) });
  const T = rows.at(-1)!.t + 1;
  const line = (y: keyof typeof CURVES): Plot.RenderableMark => {
    const { stroke, weight, dash: strokeDasharray = "none" }: KeyEntry = CURVES[y];
    return Plot.line(rows, {
      ...PANEL,
      // A logarithmic axis has no place for 0.
      y: (row: BoundRound) => row[y] >= FLOOR ? row[y] : NaN,
      clip: true,
      stroke,
      strokeWidth: weight! * size.stroke,
      strokeDasharray,
    });
  };
  return plotSvg(page, size, {
    fx: {
      label: null,
      padding: size.padding,
      tickFormat: (rho: number) => `*ρ* = ${rho}`,
      tickSize: 0,
    },
    fy: { label: null, padding: 0.08, tickFormat: (k: number) => `*k* = ${k}`, tickSize: 0 },
    x: { domain: [0, T] },
    y: { type: "log", domain: [FLOOR, CEILING], clamp: false },
    marks: [
      Plot.frame({ stroke: COLORS.rule }),
      Plot.axisX({ ...AXIS, ticks: size.quarters.map((n) => (n * T) / 4), label: "round *t*" }),
      Plot.axisY(logAxis([FLOOR, CEILING], "strategic misalignment *Δ*_{*t*}")),
      // The wide band first: it would hide the others.
      ...(["bound", "productBound", "knowledge", "correction", "variation"] as const).map(line),
      Plot.areaY(rows.filter(({ p90 }) => p90 >= FLOOR), {
        ...PANEL,
        y1: ({ p10 }: BoundRound) => Math.max(p10, FLOOR),
        y2: "p90",
        fill: COLORS.accent,
        fillOpacity: 0.2,
        clip: true,
      }),
      line("mean"),
    ],
  });
}
