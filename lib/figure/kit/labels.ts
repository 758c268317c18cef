import * as Plot from "@observablehq/plot";
import { HALO } from "./theme.ts";

/** A text beside a row's point, readable on whatever lies under it. */
export function directLabel<Row>(
  row: Row,
  text: string,
  options: Omit<Plot.TextOptions, "text">,
): Plot.RenderableMark {
  return Plot.text([row] as Plot.Data, { ...HALO, text: () => text, ...options });
}

/** A line of text at the upper right corner of the frame. */
export function cornerLabel(text: string, options: Plot.TextOptions): Plot.RenderableMark {
  return Plot.text([0], { frameAnchor: "top-right", text: () => text, ...options });
}
