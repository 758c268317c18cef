import * as Plot from "@observablehq/plot";

/** A cell of a heatmap: its value, and its edges on the two axes. */
export interface Cell {
  readonly value: number;
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
}

/** Each cell reaches this far under its neighbours, in points, so that no seam shows between them. */
const OVERLAP = -0.3;

/** The cells of m × n values, from their m + 1 and n + 1 edges. */
export function gridCells(
  values: ArrayLike<number>,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): Cell[] {
  const n = y.length - 1;
  return Array.from(values, (value, cell) => {
    const [i, j] = [Math.floor(cell / n), cell % n];
    return { value, x1: x[i]!, x2: x[i + 1]!, y1: y[j]!, y2: y[j + 1]! };
  });
}

/** Draws cells, coloured by their values, on an axis y that points up or down. */
export function heatmap(cells: readonly Cell[], y: "up" | "down" = "up"): Plot.RenderableMark {
  return Plot.rect(cells, {
    x1: "x1",
    x2: "x2",
    y1: "y1",
    y2: "y2",
    fill: "value",
    insetRight: OVERLAP,
    [y === "up" ? "insetTop" : "insetBottom"]: OVERLAP,
  });
}
