import * as Plot from "@observablehq/plot";
import type { HoldoutRow } from "./holdout_figure.ts";
import { range, significant } from "./kit/format.ts";
import { layout } from "./kit/layout.ts";
import { logDomain, logTicks } from "./kit/log_axis.ts";
import { niceStep } from "./kit/nice_step.ts";
import { type Panel, panelScales, placePanels } from "./kit/panels.ts";
import { type Page, plotSvg } from "./kit/plot_svg.ts";
import { COLORS } from "./kit/theme.ts";

/** What each mechanism is called. */
export const MECHANISM_NAMES: Readonly<Record<string, string>> = {
  none: "no remedy",
  correction: "correction",
  holdout: "holdout",
  both: "holdout and correction",
  transparency: "transparency",
};

const SIZES = {
  narrow: { aspect: 1.35, margin: { left: 46, right: 8, top: 12 }, columns: 1 },
  wide: { aspect: 0.36, margin: { left: 48, right: 4, top: 14 }, columns: 3 },
};

/** How the mechanisms are drawn. */
const STYLES: Readonly<Record<string, { readonly stroke: string; readonly dash?: string }>> = {
  none: { stroke: COLORS.faint },
  correction: { stroke: COLORS.accent },
  holdout: { stroke: COLORS.warm },
  both: { stroke: "#0f766e" },
  transparency: { stroke: COLORS.ink, dash: "4,2" },
};
/** Of a bar, in rows; and how light the part of the variance is. */
const BAR = 0.3;
const LIGHT = 0.35;
/** Misalignment in an axis without any; room for the number beside the longest bar. */
const MIN_TOP = 1e-3;
const BESIDE = 1.28;

/** Three panels: misalignment and variance over the rounds, and a bar of total cost for each mechanism. */
export function plotHoldout(rows: readonly HoldoutRow[], page: Page, heading: string): Element {
  const T = rows.at(-1)!.t + 1;
  const totals = rows.filter(({ t }) => t === 0);
  const M = totals.length;
  const key = totals.map(({ mechanism }) => ({
    name: MECHANISM_NAMES[mechanism]!,
    ...STYLES[mechanism]!,
  }));
  const size = layout(page.width, SIZES, { heading, key });
  const top = Math.max(...rows.map(({ misalignment }) => misalignment.p90), MIN_TOP);
  const dearest = BESIDE * Math.max(...totals.map(({ cost }) => cost.mean), MIN_TOP);
  const [low, high] = logDomain(rows.map(({ variance }) => variance.mean), 6);
  const steps = (end: number): number[] =>
    range(Math.floor(end / niceStep(end / 4) + 1e-9) + 1).map((n) => n * niceStep(end / 4));
  const round = { domain: [0, T], ticks: [0, T / 2, T], label: "round *t*" } as const;
  const [misalignment, variance, cost] = placePanels(size, size.columns, [
    {
      title: "misalignment *Δ*_{*t*}",
      x: round,
      y: { domain: [-0.03 * top, 1.05 * top], ticks: steps(top), label: "in units of the score" },
    },
    {
      title: "variance of the published score",
      x: round,
      y: {
        domain: [low * 0.7, high * 1.4],
        isLog: true,
        ticks: logTicks(low * 0.7, high * 1.4),
        label: "squared units",
      },
    },
    {
      title: "total cost",
      x: { domain: [0, dearest], ticks: steps(dearest), label: `over ${T} rounds` },
      y: { domain: [0.5 - M, 0.5], ticks: [], label: "" },
    },
  ]) as [Panel, Panel, Panel];
  const curves = (panel: Panel, of: "misalignment" | "variance", least: number): Plot.Markish[] =>
    totals.flatMap(({ mechanism }) => {
      const points = rows.filter((row) => row.mechanism === mechanism);
      const { stroke, dash = "none" } = STYLES[mechanism]!;
      const at = (part: "mean" | "p10" | "p90") => (row: HoldoutRow): number =>
        panel.y(Math.max(row[of][part], least));
      const x = ({ t }: HoldoutRow): number => panel.x(t);
      return [
        Plot.areaY(points, { x, y1: at("p10"), y2: at("p90"), fill: stroke, fillOpacity: 0.16 }),
        Plot.line(points, {
          ...{ x, y: at("mean"), stroke, strokeDasharray: dash },
          strokeWidth: size.stroke,
        }),
      ];
    });
  const bar = (from: (row: HoldoutRow) => number, to: (row: HoldoutRow) => number, light = 1) =>
    Plot.rect(totals, {
      x1: (row: HoldoutRow) => cost.x(from(row)),
      x2: (row: HoldoutRow) => cost.x(to(row)),
      y1: (_: HoldoutRow, n: number) => cost.y(-n - BAR),
      y2: (_: HoldoutRow, n: number) => cost.y(-n + BAR),
      fill: ({ mechanism }: HoldoutRow) => STYLES[mechanism]!.stroke,
      fillOpacity: light,
    });
  const misaligned = (row: HoldoutRow): number => Math.max(0, row.cost.mean - row.varianceCost);
  return plotSvg(page, size, {
    ...panelScales(size),
    marks: [
      ...[misalignment, variance, cost].flatMap(({ marks }) => marks),
      ...curves(misalignment, "misalignment", -0.03 * top),
      ...curves(variance, "variance", low * 0.7),
      bar(() => 0, misaligned),
      bar(misaligned, ({ cost }) => cost.mean, LIGHT),
      Plot.text(totals, {
        x: (row: HoldoutRow) => cost.x(row.cost.mean),
        y: (_: HoldoutRow, n: number) => cost.y(-n),
        text: (row: HoldoutRow) => significant(row.cost.mean),
        textAnchor: "start",
        dx: 3,
      }),
    ],
  });
}
