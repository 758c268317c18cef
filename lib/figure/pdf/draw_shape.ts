import {
  fill as fillPath,
  fillAndStroke,
  setDashPattern,
  setFillingColor,
  setLineCap,
  setLineJoin,
  setLineWidth,
  setStrokingColor,
  stroke as strokePath,
} from "pdf-lib";
import { type Canvas, paintOf } from "./canvas.ts";
import { pathOperators } from "./path_operators.ts";
import { shapePath } from "./shape_path.ts";
import { length, type Style } from "./style.ts";

const LINE_JOIN: Readonly<Record<string, number>> = { miter: 0, round: 1, bevel: 2 };
const LINE_CAP: Readonly<Record<string, number>> = { butt: 0, round: 1, square: 2 };

/**
 * Fills and strokes a path, line, rect, circle or ellipse.
 *
 * @param canvas The page.
 * @param element The shape.
 * @param style Its style.
 * @param opacity Of the shape and all that it stands in, in [0, 1].
 * @throws {TypeError} For any other element.
 */
export function drawShape(canvas: Canvas, element: Element, style: Style, opacity: number): void {
  const path = pathOperators(shapePath(element));
  if (path.length === 0) return;
  const fill = element.tagName.toLowerCase() === "line" ? undefined : paintOf("fill", style);
  const width = length(style["stroke-width"], 0, 1);
  const stroke = width > 0 ? paintOf("stroke", style) : undefined;
  if (fill === undefined && stroke === undefined) return;
  canvas.opacity((fill?.alpha ?? 1) * opacity, (stroke?.alpha ?? 1) * opacity);
  if (fill) canvas.emit(setFillingColor(fill.color));
  if (stroke) {
    canvas.emit(setStrokingColor(stroke.color), setLineWidth(width));
    const dashes = style["stroke-dasharray"];
    if (dashes && dashes !== "none") {
      canvas.emit(setDashPattern(dashes.split(/[\s,]+/).map(Number), 0));
    }
    canvas.emit(
      setLineJoin(LINE_JOIN[style["stroke-linejoin"] ?? ""] ?? 0),
      setLineCap(LINE_CAP[style["stroke-linecap"] ?? ""] ?? 0),
    );
  }
  canvas.emit(...path, fill ? (stroke ? fillAndStroke() : fillPath()) : strokePath());
}
