import type { RenderFunction } from "@observablehq/plot";

/** Where a ramp stands in the picture, in points from its top left corner. */
export interface RampPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** So many steps look continuous. */
const STEPS = 64;
const SVG = "http://www.w3.org/2000/svg";

/**
 * The colour legend of a plot as vectors: a vertical ramp of the plot's colour scale with ticks on its
 * right. (Plot's own legend is a figure apart, and needs a canvas.)
 *
 * @param domain Ends of the scale, the lower first.
 * @param ticks Values to name.
 * @param place Where.
 * @param scale Whether the scale is logarithmic.
 */
export function colorRamp(
  domain: readonly [number, number],
  ticks: readonly number[],
  { x, y, width, height }: RampPlace,
  { log = false }: { readonly log?: boolean } = {},
): RenderFunction {
  const [low, high] = log ? [Math.log(domain[0]), Math.log(domain[1])] : domain;
  const valueAt = (share: number): number => {
    const value = high - share * (high - low);
    return log ? Math.exp(value) : value;
  };
  const shareAt = (value: number): number =>
    (high - (log ? Math.log(value) : value)) / (high - low);
  return (_index, scales, _values, _dimensions, { document }) => {
    const group = document.createElementNS(SVG, "g");
    const add = (tag: string, attributes: Record<string, string | number>): Element => {
      const element = document.createElementNS(SVG, tag);
      for (const [name, value] of Object.entries(attributes)) {
        element.setAttribute(name, String(value));
      }
      group.append(element);
      return element;
    };
    const step = height / STEPS;
    for (let n = 0; n < STEPS; n++) {
      // Each step reaches under the next, so that no seam shows between them.
      const below = n + 1 < STEPS ? step / 2 : 0;
      const fill = String(scales.color?.(valueAt((n + 0.5) / STEPS)) ?? "none");
      add("rect", { x, y: y + n * step, width, height: step + below, fill });
    }
    for (const tick of ticks) {
      const at = y + shareAt(tick) * height;
      const [x1, x2] = [x + width, x + width + 3];
      add("line", { x1, x2, y1: at, y2: at, stroke: "currentColor", "stroke-width": 0.6 });
      add("text", { x: x2 + 2, y: at, dy: "0.32em", "text-anchor": "start" }).textContent = String(
        tick,
      ).replace("-", "−");
    }
    return group;
  };
}
