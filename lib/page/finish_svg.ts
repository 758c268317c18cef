import { textRuns } from "../figure/pdf/text_runs.ts";

/** Fewer rectangles are left as they are. */
const MANY = 100;
const SVG = "http://www.w3.org/2000/svg";
/**
 * Makes a figure's drawing part of a page: its marked-up texts are set, its names are its own, and it is
 * hidden from screen readers, which read the caption instead.
 *
 * @param name Different for each drawing of the page.
 */
export function finishSvg(svg: Element, name: string): Element {
  const document = svg.ownerDocument;
  for (const text of svg.querySelectorAll("text, tspan")) {
    if (text.children.length === 0) setText(text, document);
  }
  // Plot counts its names over all that it draws.
  const ids = new Map([...svg.querySelectorAll("[id]")].map(({ id }, n) => [id, `${name}-${n}`]));
  for (const element of [svg, ...svg.querySelectorAll("*")]) {
    for (const { name: attribute, value } of [...element.attributes]) {
      if (attribute === "id") element.id = ids.get(value) ?? value;
      const used = /^url\(#(.*)\)$/.exec(value)?.[1];
      if (used !== undefined) element.setAttribute(attribute, `url(#${ids.get(used) ?? used})`);
      if (attribute.startsWith("aria-")) element.removeAttribute(attribute);
    }
  }
  for (const group of svg.querySelectorAll("g")) joinCells(group);
  svg.setAttribute("aria-hidden", "true");
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  return svg;
}

/** Numbers of a drawing are rounded to hundredths of a point. */
const LONG = /-?\d+\.\d{3,}/g;
const PLACES = ["d", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "cx", "cy", "r"];

/** The drawing as markup, with fewer digits: for a file, not for a drawing that moves. */
export function shortMarkup(svg: Element): string {
  for (const element of svg.querySelectorAll("*")) {
    for (const name of [...PLACES, "transform"]) {
      const value = element.getAttribute(name);
      if (value === null) continue;
      element.setAttribute(name, value.replace(LONG, (x) => String(+(+x).toFixed(2))));
    }
  }
  return svg.outerHTML;
}

/** A heatmap's cells as a path for each colour: a third of the characters. */
function joinCells(group: Element): void {
  const cells = [...group.children];
  if (cells.length < MANY || cells.some(({ tagName }) => tagName !== "rect")) return;
  const paths = new Map<string, string>();
  for (const cell of cells) {
    const [x, y, w, h] = ["x", "y", "width", "height"].map((name) => cell.getAttribute(name));
    const fill = cell.getAttribute("fill") ?? "";
    paths.set(fill, `${paths.get(fill) ?? ""}M${x} ${y}h${w}v${h}h-${w}z`);
  }
  group.replaceChildren(...[...paths].map(([fill, d]) => {
    const path = group.ownerDocument.createElementNS(SVG, "path");
    path.setAttribute("fill", hex(fill));
    path.setAttribute("d", d);
    return path;
  }));
}

function hex(color: string): string {
  const [, ...parts] = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(color) ?? [];
  if (parts.length === 0) return color;
  return `#${parts.map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`;
}

function setText(element: Element, document: Document): void {
  const source = element.textContent ?? "";
  if (!/[*_^\\]/.test(source)) return;
  let raised = 0;
  const runs = textRuns(source).map(({ text, rise, scale, italic }) => {
    const span = document.createElementNS(SVG, "tspan");
    span.textContent = text;
    if (italic) span.setAttribute("font-style", "italic");
    if (scale !== 1) span.setAttribute("font-size", `${scale}em`);
    // dy is in the run's own size and lasts for what follows.
    if (rise !== raised) span.setAttribute("dy", `${((raised - rise) / scale).toFixed(3)}em`);
    raised = rise;
    return span;
  });
  element.replaceChildren(...runs);
}
