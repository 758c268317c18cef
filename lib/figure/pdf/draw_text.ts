import {
  beginText,
  endText,
  setFillingColor,
  setFontAndSize,
  setLineJoin,
  setLineWidth,
  setStrokingColor,
  setTextMatrix,
  setTextRenderingMode,
  showText,
  TextRenderingMode,
} from "pdf-lib";
import { type Canvas, paintOf } from "./canvas.ts";
import { isElement, length, resolveStyle, type Style } from "./style.ts";
import { textRuns } from "./text_runs.ts";

const ROUND_JOIN = 1;

/**
 * Draws a `<text>` with its `<tspan>`s; what is stroked stands under what is filled.
 *
 * @param canvas The page.
 * @param element The text.
 * @param style Its style.
 * @param opacity Of the text and all that it stands in, in [0, 1].
 */
export function drawText(canvas: Canvas, element: Element, style: Style, opacity: number): void {
  const size = length(style["font-size"]);
  const at = (name: string, e: Element): number => length(e.getAttribute(name), size);
  let x = at("x", element) + at("dx", element);
  let y = at("y", element) + at("dy", element);
  for (const node of Array.from(element.childNodes)) {
    if (!isElement(node)) {
      if (node.nodeValue) x += drawString(canvas, node.nodeValue, [x, y], style, opacity);
      continue;
    }
    if (node.tagName.toLowerCase() !== "tspan") continue;
    if (node.hasAttribute("x")) x = at("x", node);
    if (node.hasAttribute("y")) y = at("y", node);
    x += at("dx", node);
    y += at("dy", node);
    const own = resolveStyle(node, style);
    x += drawString(canvas, node.textContent ?? "", [x, y], own, opacity);
  }
}

/** @returns How far the text after it has to move, in points. */
function drawString(
  canvas: Canvas,
  text: string,
  [x, y]: readonly [number, number],
  style: Style,
  opacity: number,
): number {
  const size = length(style["font-size"]);
  const { bold, italic, regular } = canvas.fonts;
  const isBold = style["font-weight"] === "bold" || Number(style["font-weight"]) >= 600;
  const runs = textRuns(text).map((run) => {
    const isItalic = run.italic || style["font-style"] === "italic";
    const font = isBold ? bold : isItalic ? italic : regular;
    return { ...run, font, width: font.widthOfTextAtSize(run.text, size * run.scale) };
  });
  const width = runs.reduce((sum, run) => sum + run.width, 0);
  const anchor = style["text-anchor"] ?? "start";
  const start = x - (anchor === "middle" ? width / 2 : anchor === "end" ? width : 0);
  for (const property of ["stroke", "fill"] as const) {
    const paint = paintOf(property, style);
    if (paint === undefined) continue;
    canvas.isolate(() => {
      canvas.opacity(paint.alpha * opacity, paint.alpha * opacity);
      if (property === "fill") canvas.emit(setFillingColor(paint.color));
      else {
        const lineWidth = length(style["stroke-width"], size, 1);
        canvas.emit(
          setStrokingColor(paint.color),
          setLineWidth(lineWidth),
          setLineJoin(ROUND_JOIN),
        );
      }
      const mode = property === "fill" ? TextRenderingMode.Fill : TextRenderingMode.Outline;
      canvas.emit(beginText(), setTextRenderingMode(mode));
      let at = start;
      for (const { text, font, width, scale, rise } of runs) {
        canvas.emit(
          setFontAndSize(canvas.fontName(font), size * scale),
          setTextMatrix(1, 0, 0, -1, at, y - rise * size),
          showText(font.encodeText(text)),
        );
        at += width;
      }
      canvas.emit(endText());
    });
  }
  return anchor === "start" ? width : 0;
}
