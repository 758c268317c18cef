const SVG = "http://www.w3.org/2000/svg";
/** Of `compareDocumentPosition`: the other node comes later. */
const FOLLOWING = 4;
/** The same: it comes earlier. */
const PRECEDING = 2;

/**
 * A document in which Observable Plot can draw, and nothing else: elements, attributes, inline styles and
 * text. To load a whole browser's document takes ten times as long as to draw a figure.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { svgDocument } from "./svg_document.ts";
 * const line = svgDocument().createElementNS("http://www.w3.org/2000/svg", "line");
 * line.setAttribute("x1", "3");
 * assert.equal(line.getAttribute("x1"), "3");
 * ```
 */
export function svgDocument(): Document {
  return new SvgDocument() as unknown as Document;
}

class SvgDocument {
  readonly documentElement = new SvgElement("svg", this);

  createElementNS(_namespace: string, name: string): SvgElement {
    return new SvgElement(name, this);
  }

  createTextNode(text: string): TextNode {
    return new TextNode(text);
  }
}

class TextNode {
  readonly nodeType = 3;
  readonly children: readonly SvgElement[] = [];
  parentNode: SvgElement | null = null;

  constructor(readonly nodeValue: string) {}

  get textContent(): string {
    return this.nodeValue;
  }
}

/** Properties by their names in CSS or in scripts. */
class InlineStyle {
  setProperty(name: string, value: string): void {
    Object.assign(this, { [name]: value });
  }

  toString(): string {
    const kebab = (name: string): string => name.replace(/[A-Z]/g, (x) => `-${x.toLowerCase()}`);
    return Object.entries(this).map(([name, value]) => `${kebab(name)}: ${value};`).join(" ");
  }
}

type Child = SvgElement | TextNode;

class SvgElement {
  readonly nodeType = 1;
  readonly namespaceURI = SVG;
  readonly style = new InlineStyle();
  readonly childNodes: Child[] = [];
  parentNode: SvgElement | null = null;
  readonly #attributes = new Map<string, string>();

  constructor(readonly tagName: string, readonly ownerDocument: SvgDocument) {}

  get id(): string {
    return this.getAttribute("id") ?? "";
  }

  get children(): SvgElement[] {
    return this.childNodes.filter((child) => child instanceof SvgElement);
  }

  get textContent(): string {
    return this.childNodes.map((child) => child.textContent).join("");
  }

  set textContent(text: string) {
    this.childNodes.length = 0;
    this.append(text);
  }

  getAttribute(name: string): string | null {
    return this.#attributes.get(name) ?? (name === "style" ? String(this.style) : null);
  }

  hasAttribute(name: string): boolean {
    return this.#attributes.has(name);
  }

  setAttribute(name: string, value: unknown): void {
    this.#attributes.set(name, String(value));
  }

  setAttributeNS(_namespace: string, name: string, value: unknown): void {
    this.setAttribute(name, value);
  }

  removeAttribute(name: string): void {
    this.#attributes.delete(name);
  }

  append(...children: readonly (Child | string)[]): void {
    for (const child of children) {
      this.appendChild(typeof child === "string" ? new TextNode(child) : child);
    }
  }

  appendChild<C extends Child>(child: C): C {
    return this.insertBefore(child, null);
  }

  insertBefore<C extends Child>(child: C, next: Child | null): C {
    child.parentNode?.removeChild(child);
    const at = next === null ? this.childNodes.length : this.childNodes.indexOf(next);
    this.childNodes.splice(at, 0, child);
    child.parentNode = this;
    return child;
  }

  removeChild(child: Child): void {
    this.childNodes.splice(this.childNodes.indexOf(child), 1);
    child.parentNode = null;
  }

  /** @param other A node of the same parent. */
  compareDocumentPosition(other: Child): number {
    const all = this.parentNode?.childNodes ?? [];
    return all.indexOf(this) < all.indexOf(other) ? FOLLOWING : PRECEDING;
  }

  /** @param name A tag's name: no other selector is understood. */
  querySelectorAll(name: string): SvgElement[] {
    return this.children.flatMap((child) => [
      ...(child.tagName === name ? [child] : []),
      ...child.querySelectorAll(name),
    ]);
  }
}
