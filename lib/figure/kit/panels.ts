import * as Plot from "@observablehq/plot";
import { type Layout, MARGIN_BOTTOM } from "./layout.ts";
import { threeDigits } from "./format.ts";
import { COLORS } from "./theme.ts";

/** An axis of a panel. */
export interface PanelAxis {
  readonly domain: readonly [low: number, high: number];
  readonly ticks: readonly number[];
  readonly label: string;
  readonly isLog?: boolean;
  readonly text?: (value: number) => string;
}

/** One of several frames of a picture, each with axes of its own. */
export interface Panel {
  /** From values to points within the picture's inner rectangle, y upwards. */
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  /** Frame, ticks, labels and title. */
  readonly marks: readonly Plot.Markish[];
}

/** Lengths in points: of a tick, and from it to its text. */
const TICK = 3;
const TEXT = 3;

/** The scales of a picture made of panels: points, from the lower left corner. */
export function panelScales({ inner }: Layout): Pick<Plot.PlotOptions, "x" | "y"> {
  return {
    x: { domain: [0, inner.width], axis: null },
    y: { domain: [0, inner.height], axis: null },
  };
}

/**
 * Places panels in columns, from the upper left one on, and draws their frames and axes.
 *
 * @param size Its `left` margin is every panel's own.
 * @param columns Panels side by side.
 * @param panels Titles and axes.
 */
export function placePanels(
  size: Layout,
  columns: number,
  panels: readonly { readonly title: string; readonly x: PanelAxis; readonly y: PanelAxis }[],
): Panel[] {
  const { inner, margin: { left, right } } = size;
  const rows = Math.ceil(panels.length / columns);
  const width = (inner.width - (columns - 1) * (left + right)) / columns;
  const isLabelled = panels.some(({ x }) => x.label !== "");
  const between = (isLabelled ? MARGIN_BOTTOM : 2 * size.font) + 2.2 * size.font;
  const height = (inner.height - (rows - 1) * between) / rows;
  return panels.map(({ title, x, y }, n) => {
    const x0 = (n % columns) * (width + left + right);
    const y0 = (rows - 1 - Math.floor(n / columns)) * (height + between);
    const [sx, sy] = [scale(x, x0, width), scale(y, y0, height)];
    const words = (text: string, options: Plot.TextOptions): Plot.Markish =>
      Plot.text([0], { text: () => text, ...options });
    return {
      ...{ x: sx, y: sy },
      marks: [
        Plot.rect([0], { x1: x0, x2: x0 + width, y1: y0, y2: y0 + height, stroke: COLORS.rule }),
        Plot.link(x.ticks, { x: sx, y1: y0, y2: y0 - TICK, stroke: COLORS.ink }),
        Plot.text(x.ticks, {
          x: sx,
          y: y0,
          dy: TICK + TEXT,
          lineAnchor: "top",
          text: x.text ?? threeDigits,
        }),
        Plot.link(y.ticks, { x1: x0 - TICK, x2: x0, y: sy, stroke: COLORS.ink }),
        Plot.text(y.ticks, {
          x: x0,
          y: sy,
          dx: -TICK - TEXT,
          textAnchor: "end",
          text: y.text ?? threeDigits,
        }),
        words(x.label, { x: x0 + width / 2, y: y0, dy: MARGIN_BOTTOM - size.font }),
        words(y.label, {
          x: x0,
          y: y0 + height / 2,
          dx: -left + size.font / 2 + 1,
          rotate: -90,
        }),
        words(title, { x: x0, y: y0 + height, dy: -0.8 * size.font, textAnchor: "start" }),
      ],
    };
  });
}

function scale(
  { domain: [low, high], isLog = false }: PanelAxis,
  from: number,
  length: number,
): (value: number) => number {
  const of = isLog ? Math.log : (value: number): number => value;
  return (value) => from + length * (of(value) - of(low)) / (of(high) - of(low));
}
