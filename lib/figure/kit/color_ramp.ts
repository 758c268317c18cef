import type { RenderFunction } from "@observablehq/plot";
import type { Layout } from "./layout.ts";

/** A colour legend: what it shows and where it stands, in points. */
export interface RampOptions {
  /** Ends of the scale, the lower first. */
  readonly domain: readonly [number, number];
  /** Values to name. */
  readonly ticks: readonly number[];
  /** Whether the scale is logarithmic. */
  readonly log?: boolean;
  /** Distance of its left side from the picture's right side. */
  readonly fromRight: number;
  /** Lines of text above it. */
  readonly lines: number;
  /** At most so high; by default down to the frame's lower side. */
  readonly maxHeight?: number;
}

const TICK = 3;
const LABEL_GAP = 2;
/** This many steps look continuous. */
const STEPS = 64;
const SVG = "http://www.w3.org/2000/svg";

/**
 * The colour legend of a plot as vectors: a vertical ramp of the plot's colour scale with ticks on its
 * right. (Plot's own legend is a figure apart, and needs a canvas.)
 */
export function colorRamp(layout: Layout, options: RampOptions): RenderFunction {
  const { domain, ticks, log = false, fromRight, lines, maxHeight = Infinity } = options;
  const [x, width] = [layout.width - fromRight, layout.rampWidth];
  const y = layout.margin.top + lines * layout.font;
  const height = Math.min(maxHeight, layout.inner.height - lines * layout.font);
  const to = log ? Math.log : Number;
  const [low, high] = [to(domain[0]), to(domain[1])];
  const valueAt = (share: number): number => {
    const value = high - share * (high - low);
    return log ? Math.exp(value) : value;
  };
  return (_index, { color }, _values, _dimensions, { document }) => {
    const group = document.createElementNS(SVG, "g");
    const add = (tag: string, attributes: Readonly<Record<string, string | number>>): Element => {
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
      const fill = String(color?.(valueAt((n + 0.5) / STEPS)) ?? "none");
      add("rect", { x, y: y + n * step, width, height: step + below, fill });
    }
    for (const tick of ticks) {
      const at = y + ((high - to(tick)) / (high - low)) * height;
      const [x1, x2] = [x + width, x + width + TICK];
      add("line", { x1, x2, y1: at, y2: at, stroke: "currentColor", "stroke-width": 0.6 });
      const label = { x: x2 + LABEL_GAP, y: at, dy: "0.32em", "text-anchor": "start" };
      add("text", label).textContent = String(tick).replace("-", "−");
    }
    return group;
  };
}
