import { entryWidth, HEADER, type KeyEntry, type Layout } from "./layout.ts";
import { COLORS } from "./theme.ts";

const SVG = "http://www.w3.org/2000/svg";
/** Base line below the middle of a letter, as a multiple of the font size. */
const DESCENT = 0.35;

/** Draws the heading and the key to the curves above the frame. */
export function drawHeader(svg: Element, { header, font, stroke, margin }: Layout): void {
  if (header.heading === "") return;
  const group = svg.ownerDocument.createElementNS(SVG, "g");
  const add = (tag: string, attributes: Readonly<Record<string, string | number>>): Element => {
    const element = svg.ownerDocument.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) {
      element.setAttribute(name, String(value));
    }
    group.append(element);
    return element;
  };
  const text = (x: number, y: number, words: string, fill: string = COLORS.ink): void => {
    const place = { x, y: y + DESCENT * font, fill, "text-anchor": "start" };
    add("text", place).textContent = words;
  };
  const line = HEADER.line * font;
  text(margin.left, line / 2, header.heading);
  for (const [n, entries] of header.key.entries()) {
    let x = margin.left;
    for (const entry of entries) {
      const y = (n + 1.5) * line;
      swatch(x, y, entry);
      text(x + (HEADER.swatch + 0.4) * font, y, entry.name);
      x += entryWidth(entry, font);
    }
  }
  svg.append(group);

  function swatch(x: number, y: number, entry: KeyEntry): void {
    const { stroke: color, dash = "none", weight = 1, glyph } = entry;
    if (glyph !== undefined) return text(x + (HEADER.swatch / 2) * font, y, glyph, color);
    if (weight === 0) {
      const dot = { cx: x + (HEADER.swatch * font) / 2, cy: y, r: 0.28 * font };
      add("circle", { ...dot, fill: color, stroke: COLORS.ink, "stroke-width": 0.8 * stroke });
      return;
    }
    add("line", {
      x1: x,
      x2: x + HEADER.swatch * font,
      y1: y,
      y2: y,
      stroke: color,
      "stroke-width": weight * stroke,
      "stroke-dasharray": dash,
    });
  }
}
