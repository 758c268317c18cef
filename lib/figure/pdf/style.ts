/** Presentation properties of an SVG element, after inheritance. */
export type Style = Readonly<Record<string, string>>;

/** Whether the node is an element. */
export function isElement(node: Node): node is Element {
  return node.nodeType === 1;
}

const INHERITED = [
  "color",
  "fill",
  "fill-opacity",
  "font-size",
  "font-style",
  "font-weight",
  "paint-order",
  "stroke",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "stroke-opacity",
  "stroke-width",
  "text-anchor",
  "visibility",
] as const;

const OWN = ["clip-path", "display", "opacity"] as const;

/** The initial values of CSS. */
export const INITIAL_STYLE: Style = {
  color: "black",
  fill: "black",
  "fill-opacity": "1",
  "font-size": "10",
  stroke: "none",
  "stroke-opacity": "1",
  "stroke-width": "1",
  "text-anchor": "start",
};

/**
 * An element's style: its attributes, over which goes its `style` attribute, over what it inherits.
 * Style sheets are not read.
 *
 * @param element The element.
 * @param parent Style of its parent.
 */
export function resolveStyle(element: Element, parent: Style): Style {
  const style: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = parent[name];
    if (value !== undefined) style[name] = value;
  }
  const inline = declarations(element.getAttribute("style") ?? "");
  for (const name of [...INHERITED, ...OWN]) {
    const value = inline.get(name) ?? element.getAttribute(name);
    if (value !== null && value !== "" && value !== "inherit") style[name] = value;
  }
  return style;
}

/**
 * A length in user units.
 *
 * @param text Such as `3`, `3px` or `0.32em`; absent or empty gives the fallback.
 * @param em Font size in user units.
 * @param fallback The length when there is none.
 * @throws {TypeError} When the text is not a length in those units.
 */
export function length(text: string | null | undefined, em = 0, fallback = 0): number {
  if (text === null || text === undefined || text === "") return fallback;
  const match = /^([-+]?[\d.]+(?:e[-+]?\d+)?)(px|em)?$/i.exec(text.trim());
  const value = Number(match?.[1]);
  if (match === null || Number.isNaN(value)) {
    throw new TypeError(`Cannot draw SVG: length ${JSON.stringify(text)}`);
  }
  return match[2] === "em" ? value * em : value;
}

function declarations(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const declaration of text.split(";")) {
    const colon = declaration.indexOf(":");
    if (colon < 0) continue;
    found.set(declaration.slice(0, colon).trim(), declaration.slice(colon + 1).trim());
  }
  return found;
}
