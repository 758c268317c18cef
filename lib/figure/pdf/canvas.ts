import { color as parseColor } from "d3-color";
import {
  type Color,
  concatTransformationMatrix,
  type PDFFont,
  type PDFName,
  type PDFOperator,
  type PDFPage,
  popGraphicsState,
  pushGraphicsState,
  rgb,
  setGraphicsState,
} from "pdf-lib";
import type { Style } from "./style.ts";
import type { Transform } from "./transform.ts";

/** The faces of one family, embedded in a document. */
export interface Fonts {
  readonly regular: PDFFont;
  readonly italic: PDFFont;
  readonly bold: PDFFont;
}

/** A colour with its opacity in [0, 1]. */
export interface Paint {
  readonly color: Color;
  readonly alpha: number;
}

/** A PDF page with the fonts and graphics states that were used on it. */
export class Canvas {
  readonly page: PDFPage;
  readonly fonts: Fonts;
  readonly #states = new Map<string, PDFName>();
  readonly #fontNames = new Map<PDFFont, PDFName>();

  constructor(page: PDFPage, fonts: Fonts) {
    this.page = page;
    this.fonts = fonts;
  }

  emit(...operators: PDFOperator[]): void {
    this.page.pushOperators(...operators);
  }

  transform([a, b, c, d, e, f]: Transform): void {
    this.emit(concatTransformationMatrix(a, b, c, d, e, f));
  }

  /** Draws between saving and restoring the graphics state. */
  isolate(draw: () => void): void {
    this.emit(pushGraphicsState());
    draw();
    this.emit(popGraphicsState());
  }

  /** Sets the opacity of what is filled and of what is stroked, both in [0, 1]. */
  opacity(fill: number, stroke: number): void {
    if (fill >= 1 && stroke >= 1) return;
    const key = `${fill} ${stroke}`;
    const state = this.#states.get(key) ?? this.page.node.newExtGState(
      "GS",
      this.page.doc.context.obj({ Type: "ExtGState", ca: fill, CA: stroke }),
    );
    this.#states.set(key, state);
    this.emit(setGraphicsState(state));
  }

  /** The name of a font on this page. */
  fontName(font: PDFFont): PDFName {
    const name = this.#fontNames.get(font) ??
      this.page.node.newFontDictionary(font.name, font.ref);
    this.#fontNames.set(font, name);
    return name;
  }
}

/**
 * How a `fill` or a `stroke` is painted.
 *
 * @param property Which of them.
 * @param style Where it stands, with its opacity and the current colour.
 * @returns Nothing when it is `none` or transparent.
 * @throws {TypeError} When it is not a colour.
 */
export function paintOf(property: "fill" | "stroke", style: Style): Paint | undefined {
  const text = style[property];
  if (!text || text === "none") return undefined;
  const name = text === "currentColor" ? style["color"] ?? "black" : text;
  const color = parseColor(name)?.rgb();
  if (!color) throw new TypeError(`Cannot draw SVG: colour ${name}`);
  if (color.opacity === 0) return undefined;
  return {
    color: rgb(color.r / 255, color.g / 255, color.b / 255),
    alpha: color.opacity * Number(style[`${property}-opacity`] ?? 1),
  };
}
