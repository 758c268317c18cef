import { clip, endPath } from "pdf-lib";
import type { Canvas } from "./canvas.ts";
import { drawShape } from "./draw_shape.ts";
import { drawText } from "./draw_text.ts";
import { pathOperators } from "./path_operators.ts";
import { shapePath } from "./shape_path.ts";
import { INITIAL_STYLE, length, resolveStyle, type Style } from "./style.ts";
import { parseTransform } from "./transform.ts";

/** Elements that draw nothing by themselves. */
const SILENT = new Set(["style", "title", "desc", "defs", "clippath"]);

/**
 * Draws an SVG, as Observable Plot makes it, from the top of a page down, one unit a point.
 *
 * @param canvas The page.
 * @param svg The root element.
 * @throws {TypeError} For an element that is not drawn here.
 */
export function drawSvg(canvas: Canvas, svg: Element): void {
  const clips = new Map(Array.from(svg.querySelectorAll("clipPath"), (path) => [path.id, path]));
  canvas.isolate(() => {
    canvas.transform([1, 0, 0, -1, 0, canvas.page.getHeight()]);
    drawChildren(svg, resolveStyle(svg, INITIAL_STYLE), 1);
  });

  function drawChildren(element: Element, style: Style, opacity: number): void {
    for (const child of Array.from(element.children)) drawElement(child, style, opacity);
  }

  function drawElement(element: Element, parent: Style, parentOpacity: number): void {
    const tag = element.tagName.toLowerCase();
    if (SILENT.has(tag)) return;
    const style = resolveStyle(element, parent);
    if (style["display"] === "none" || style["visibility"] === "hidden") return;
    const opacity = parentOpacity * Number(style["opacity"] ?? 1);
    canvas.isolate(() => {
      const transform = element.getAttribute("transform");
      if (transform) canvas.transform(parseTransform(transform));
      if (tag === "svg") {
        const [x, y] = [length(element.getAttribute("x")), length(element.getAttribute("y"))];
        canvas.transform([1, 0, 0, 1, x, y]);
      }
      const clipId = /#([^)"']+)/.exec(style["clip-path"] ?? "")?.[1];
      if (clipId !== undefined) clipTo(clipId);
      if (tag === "g" || tag === "svg" || tag === "a") drawChildren(element, style, opacity);
      else if (tag === "text") drawText(canvas, element, style, opacity);
      else drawShape(canvas, element, style, opacity);
    });
  }

  function clipTo(id: string): void {
    for (const shape of Array.from(clips.get(id)?.children ?? [])) {
      canvas.emit(...pathOperators(shapePath(shape)));
    }
    canvas.emit(clip(), endPath());
  }
}
