import type { PlotOptions } from "@observablehq/plot";

/** Observable Plot, as figures are given it. */
export type PlotModule = typeof import("@observablehq/plot");

/**
 * Draws a plot to SVG without a browser.
 *
 * @param make Gives the plot's options.
 */
export async function plotSvg(make: (Plot: PlotModule) => PlotOptions): Promise<Element> {
  const { JSDOM } = await import("jsdom");
  const Plot = await import("@observablehq/plot");
  const { document } = new JSDOM("").window;
  const element = Plot.plot({ ...make(Plot), document: document as unknown as Document });
  if (element.tagName.toLowerCase() !== "svg") {
    throw new TypeError("Cannot draw the figure: it is no single SVG (a legend or title in HTML?)");
  }
  return element;
}
