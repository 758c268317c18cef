import * as Plot from "@observablehq/plot";
import type { DeltaRow } from "./delta_vs_k_figure.ts";
import { layout } from "./kit/layout.ts";
import { type Page, plotSvg } from "./kit/plot_svg.ts";
import { spreadLabels } from "./kit/spread_labels.ts";
import { AXIS, colorOfK, COLORS } from "./kit/theme.ts";

const SIZES = {
  narrow: {
    aspect: 0.72,
    margin: { left: 36, right: 34, top: 20 },
    padding: 0.16,
    ticks: 2,
    // The least distance of two labels, as a share of the axis.
    labelGap: 0.08,
    words: { corrected: "correction", free: "no correction" },
  },
  wide: {
    aspect: 0.42,
    margin: { left: 46, right: 40, top: 20 },
    padding: 0.11,
    ticks: 5,
    labelGap: 0.065,
    words: { corrected: "with correction", free: "without correction" },
  },
};

/** The axis reaches at least so far where there is no misalignment. */
const MIN_TOP = 1e-3;

/** A panel for each correction rate, in it the misalignment over the rounds for each k. */
export function plotDeltaVsK(
  rows: readonly DeltaRow[],
  page: Page,
  heading: string,
): Element {
  const size = layout(page.width, SIZES, { heading });
  const T = rows.at(-1)!.t + 1;
  const points = rows.map(({ rho, k, t, misalignment }) => ({
    panel: rho > 0 ? `${size.words.corrected}, *ρ* = ${rho}` : size.words.free,
    k,
    t,
    color: colorOfK(k),
    ...misalignment,
  }));
  const panels = [...new Set(points.map(({ panel }) => panel))];
  const ends = points.filter(({ t, panel }) => t === T - 1 && panel === panels.at(-1))
    .map((point) => ({ ...point, at: point.mean }));
  const top = Math.max(...points.map(({ p90 }) => p90), MIN_TOP);
  const bottom = Math.min(0, ...points.map(({ p10 }) => p10));
  const curve = { fx: "panel", x: "t", z: "k" };
  return plotSvg(page, size, {
    fx: { label: null, domain: panels, padding: size.padding, axis: null },
    x: { domain: [0, T] },
    y: { domain: [bottom < -0.02 * top ? bottom : -0.02 * top, 1.04 * top] },
    marks: [
      Plot.frame({ stroke: COLORS.rule }),
      Plot.axisX({ ...AXIS, ticks: size.ticks, label: "round *t*" }),
      Plot.axisY({ ...AXIS, ticks: 5, label: "strategic misalignment *Δ*_{*t*}" }),
      Plot.ruleY([0], { stroke: COLORS.faint, strokeWidth: 0.5 }),
      Plot.text(panels, {
        fx: String,
        text: String,
        frameAnchor: "top-left",
        dy: -11,
        fontSize: size.font,
      }),
      Plot.areaY(points, { ...curve, y1: "p10", y2: "p90", fill: "color", fillOpacity: 0.18 }),
      Plot.line(points, { ...curve, y: "mean", stroke: "color", strokeWidth: size.stroke }),
      Plot.text(spreadLabels(ends, top * size.labelGap), {
        fx: "panel",
        x: "t",
        y: "y",
        text: ({ k }: { readonly k: number }) => `*k* = ${k}`,
        textAnchor: "start",
        dx: 4,
        fill: "color",
      }),
    ],
  });
}
