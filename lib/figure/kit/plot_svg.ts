import * as Plot from "@observablehq/plot";
import { drawHeader } from "./draw_header.ts";
import type { Layout } from "./layout.ts";
import { COLORS } from "./theme.ts";

/** Where a figure is drawn. */
export interface Page {
  /** The browser's own, or jsdom's. */
  readonly document: Document;
  /** Printed width in inches: 3.3 for one column, 6.75 for two. */
  readonly width: number;
}

/**
 * Draws a plot to SVG, with the size, the margins and the font that its layout says.
 *
 * @param page Where.
 * @param layout Its sizes.
 * @param options Scales and marks.
 * @throws {TypeError} When Plot makes more than one SVG of it.
 */
export function plotSvg(
  { document }: Page,
  layout: Layout,
  options: Plot.PlotOptions,
): Element {
  const { width, height, margin, font } = layout;
  const svg = Plot.plot({
    ...options,
    document,
    width,
    height,
    marginLeft: margin.left,
    marginRight: margin.right,
    marginTop: margin.top,
    marginBottom: margin.bottom,
    style: { fontFamily: "DejaVu Sans", fontSize: `${font}px`, color: COLORS.ink },
  });
  if (svg.tagName.toLowerCase() !== "svg") {
    throw new TypeError("Cannot draw the figure: it is not a single SVG (a legend in HTML?)");
  }
  drawHeader(svg, layout);
  return svg;
}
