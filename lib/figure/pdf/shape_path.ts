import { length } from "./style.ts";

/** The control points' distance by which four Bézier curves make a circle. */
const KAPPA = 0.5522847498;

/**
 * The outline of an SVG shape as path data.
 *
 * @param element A path, line, rect, circle or ellipse.
 * @throws {TypeError} For any other element.
 */
export function shapePath(element: Element): string {
  const at = (name: string): number => length(element.getAttribute(name));
  const tag = element.tagName.toLowerCase();
  switch (tag) {
    case "path":
      return element.getAttribute("d") ?? "";
    case "line":
      return `M${at("x1")},${at("y1")}L${at("x2")},${at("y2")}`;
    case "rect": {
      const [x, y] = [at("x"), at("y")];
      return `M${x},${y}H${x + at("width")}V${y + at("height")}H${x}Z`;
    }
    case "circle":
      return ellipse(at("cx"), at("cy"), at("r"), at("r"));
    case "ellipse":
      return ellipse(at("cx"), at("cy"), at("rx"), at("ry"));
    default:
      throw new TypeError(`Cannot draw SVG: element <${tag}>`);
  }
}

function ellipse(cx: number, cy: number, rx: number, ry: number): string {
  const [kx, ky] = [KAPPA * rx, KAPPA * ry];
  // Offsets from the centre, four curves of three points each; arcs would leave rounding noise.
  const points = [[rx, ky], [kx, ry], [0, ry], [-kx, ry], [-rx, ky], [-rx, 0]] as const;
  const curves = [1, -1].flatMap((side) =>
    points.map(([x, y]) => `${cx + side * x},${cy + side * y}`)
  );
  return `M${cx + rx},${cy}C${curves.join(" ")}Z`;
}
