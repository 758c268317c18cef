import { textRuns } from "../figure/pdf/text_runs.ts";

const SVG = "http://www.w3.org/2000/svg";
/** Numbers of a drawing are rounded to hundredths of a point. */
const LONG = /-?\d+\.\d{3,}/g;
const PLACES = ["d", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "cx", "cy", "r"];

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
  for (const element of [svg, ...svg.querySelectorAll("*")]) {
    for (const { name: attribute, value } of [...element.attributes]) {
      if (attribute === "id") element.id = `${name}-${value}`;
      if (value.startsWith("url(#")) {
        element.setAttribute(attribute, value.replace("url(#", `url(#${name}-`));
      }
      if (attribute.startsWith("aria-")) element.removeAttribute(attribute);
      if (PLACES.includes(attribute) || attribute === "transform") {
        element.setAttribute(attribute, value.replace(LONG, (x) => String(+(+x).toFixed(2))));
      }
    }
  }
  svg.setAttribute("aria-hidden", "true");
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  return svg;
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
