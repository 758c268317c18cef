import * as Plot from "@observablehq/plot";
import type { ControlRow } from "./controls_figure.ts";
import { layout, MARGIN_BOTTOM } from "./kit/layout.ts";
import { niceStep } from "./kit/nice_step.ts";
import { type Page, plotSvg } from "./kit/plot_svg.ts";
import { AXIS, COLORS } from "./kit/theme.ts";

const SIZES = {
  narrow: {
    aspect: 0.6,
    margin: { left: 82, right: 8, top: 8 },
    radius: 1.6,
    ticks: 4,
    labels: ["peak *Δ*_{*t*}", "utility"],
  },
  wide: {
    aspect: 0.34,
    margin: { left: 96, right: 10, top: 8 },
    radius: 2.2,
    ticks: 4,
    labels: ["peak misalignment *Δ*_{*t*}", "utility, share of the best"],
  },
};
/** Gap between the panels, as a share of one. */
const PADDING = 0.12;
/** Between ticks of the utility. */
const UTILITY_STEP = 0.5;
/** Half the length of a mean's line, and how far the two utilities stand apart, in rows. */
const HALF = 0.16;
const APART = 0.18;

/** What is drawn: in the left panel the peak, in the right one the utilities. */
const SERIES = [
  { panel: 0, of: ({ peak }: ControlRow) => peak, color: COLORS.accent, shift: 0 },
  { panel: 1, of: ({ transparency }: ControlRow) => transparency, color: COLORS.ink, shift: APART },
  { panel: 1, of: ({ erm }: ControlRow) => erm, color: COLORS.warm, shift: -APART },
];

/** Two panels with a row for each control, on one axis: each panel is scaled to its own ends. */
export function plotControls(rows: readonly ControlRow[], page: Page): Element {
  const key = [
    { name: "misalignment", stroke: COLORS.accent, weight: 0 },
    { name: "transparency", stroke: COLORS.ink, weight: 0 },
    { name: "ERM", stroke: COLORS.warm, weight: 0 },
  ];
  const size = layout(page.width, SIZES, { heading: "A point for each random pool", key });
  const controls = byControl(rows);
  const top = 1.08 * Math.max(...rows.map(({ peak }) => peak), Number.MIN_VALUE);
  const ends = [top, 1];
  const x = (panel: number, value: number): number => panel * (1 + PADDING) + value / ends[panel]!;
  const marks = SERIES.flatMap(({ panel, of, color, shift }) =>
    controls.flatMap(([, rows], n) => [
      Plot.dot(rows, {
        x: (row: ControlRow) => x(panel, of(row)),
        y: () => -n + shift,
        r: size.radius,
        stroke: color,
        strokeWidth: 0.6,
        strokeOpacity: 0.7,
      }),
      Plot.ruleX([x(panel, meanOf(rows, of))], {
        y1: -n + shift - HALF,
        y2: -n + shift + HALF,
        stroke: color,
        strokeWidth: 1.4 * size.stroke,
      }),
    ])
  );
  const axes = size.labels.flatMap((label, panel) => {
    const step = panel === 0 ? niceStep(top / size.ticks) : UTILITY_STEP;
    const ticks = Array.from(
      { length: Math.floor(ends[panel]! / step + 1e-9) + 1 },
      (_, n) => n * step,
    );
    return [
      Plot.axisX(ticks.map((tick) => x(panel, tick)), {
        ...AXIS,
        label: null,
        text: (at: number) =>
          String(Number(((at - panel * (1 + PADDING)) * ends[panel]!).toPrecision(3))),
      }),
      Plot.text([0], {
        x: x(panel, ends[panel]! / 2),
        frameAnchor: "bottom",
        text: () => label,
        dy: MARGIN_BOTTOM - 0.6 * size.font,
      }),
      Plot.rect([0], {
        x1: x(panel, 0),
        x2: x(panel, ends[panel]!),
        y1: 0.5,
        y2: 0.5 - controls.length,
        stroke: COLORS.rule,
      }),
    ];
  });
  return plotSvg(page, size, {
    x: { domain: [0, 2 + PADDING] },
    y: { domain: [0.5 - controls.length, 0.5] },
    marks: [
      ...axes,
      Plot.axisY(controls.map((_, n) => -n), {
        tickSize: 0,
        label: null,
        text: (y: number) => controls[-y]![0],
      }),
      ...marks,
    ],
  });
}

/** The controls in their order, with their rows. */
export function byControl(rows: readonly ControlRow[]): [string, readonly ControlRow[]][] {
  return [...new Set(rows.map(({ control }) => control))].map((control) => [
    control,
    rows.filter((row) => row.control === control),
  ]);
}

/** The mean of a number over some rows. */
export function meanOf(rows: readonly ControlRow[], of: (row: ControlRow) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
}
