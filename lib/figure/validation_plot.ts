import * as Plot from "@observablehq/plot";
import { MIN_MISALIGNMENT as FLOOR } from "../game/bounds.ts";
import type { BoundRound } from "../game/summaries/bound_summary.ts";
import { directLabel } from "./kit/labels.ts";
import { layout } from "./kit/layout.ts";
import { logAxis } from "./kit/log_axis.ts";
import { type Page, plotSvg } from "./kit/plot_svg.ts";
import { AXIS, COLORS } from "./kit/theme.ts";

const SIZES = {
  narrow: {
    aspect: 0.9,
    margin: { left: 46, right: 34, top: 18 },
    padding: 0.1,
    quarters: [0, 2],
    isLabelled: false,
  },
  wide: {
    aspect: 0.55,
    margin: { left: 56, right: 46, top: 18 },
    padding: 0.14,
    quarters: [0, 1, 2, 3, 4],
    isLabelled: true,
  },
};

const CEILING = 3;
const PANEL = { fx: "rho", fy: "k", x: "t" } as const;

/** Where along its curve each is named, as a share of the rounds. */
const LABELS = [
  { place: 0.62, y: "knowledge", text: "knowledge", fill: COLORS.ink, dy: -6 },
  { place: 0.53, y: "correction", text: "correction", fill: COLORS.ink, dy: 12 },
  { place: 0.78, y: "variation", text: "total variation", fill: COLORS.warm, dy: -8 },
  { place: 0.3, y: "mean", text: "measured", fill: COLORS.accent, dy: 14 },
] as const;

/** A panel for each correction rate and k, in it the misalignment and the terms of its bound. */
export function plotValidation(rows: readonly BoundRound[], page: Page): Element {
  const size = layout(page.width, SIZES);
  const T = rows.at(-1)!.t + 1;
  const line = (y: keyof BoundRound, options: Plot.LineOptions): Plot.RenderableMark =>
    // A logarithmic axis has no place for 0.
    Plot.line(rows, {
      ...PANEL,
      y: (row: BoundRound) => row[y] >= FLOOR ? row[y] : NaN,
      clip: true,
      ...options,
    });
  const thin = { stroke: COLORS.ink, strokeWidth: 0.8 * size.stroke };
  // The curves are named where they are apart: at the second ρ, if there is one.
  const rhos = [...new Set(rows.map(({ rho }) => rho))];
  const first = rows.findIndex(({ rho }) => rho === (rhos[1] ?? rhos[0]));
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
      line("bound", { stroke: COLORS.rule, strokeWidth: 4 * size.stroke }),
      line("knowledge", { ...thin, strokeDasharray: "4,2" }),
      line("correction", { ...thin, strokeDasharray: "1,2" }),
      line("variation", { ...thin, stroke: COLORS.warm }),
      Plot.areaY(rows.filter(({ p90 }) => p90 >= FLOOR), {
        ...PANEL,
        y1: ({ p10 }: BoundRound) => Math.max(p10, FLOOR),
        y2: "p90",
        fill: COLORS.accent,
        fillOpacity: 0.2,
        clip: true,
      }),
      line("mean", { stroke: COLORS.accent, strokeWidth: size.stroke }),
      ...(size.isLabelled ? LABELS : []).map(({ place, text, ...style }) =>
        directLabel(rows[first + Math.floor(place * (T - 1))]!, text, { ...PANEL, ...style })
      ),
    ],
  });
}
