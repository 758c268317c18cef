import type { PDFFont, PDFName, PDFOperator, PDFPage } from "pdf-lib";
import { parsePathData, type PathSegment } from "./path_data.ts";
import {
  INITIAL_STYLE,
  isElement,
  length,
  resolveStyle,
  type Style,
  type SvgElement,
} from "./style.ts";
import { textRuns } from "./text_runs.ts";
import { parseTransform, type Transform } from "./transform.ts";

/** The faces of one family, embedded in a document. */
export interface Fonts {
  readonly regular: PDFFont;
  readonly italic: PDFFont;
  readonly bold: PDFFont;
}

/** Kappa: the control points' distance by which four Bézier curves make a circle. */
const KAPPA = 0.5522847498;
const LINE_JOIN: Readonly<Record<string, number>> = { miter: 0, round: 1, bevel: 2 };
const LINE_CAP: Readonly<Record<string, number>> = { butt: 0, round: 1, square: 2 };
/** Elements that draw nothing by themselves. */
const SILENT = new Set(["style", "title", "desc", "defs", "clippath"]);

/** Draws SVG elements, as Observable Plot makes them, with the operators of a PDF page. */
export class SvgPainter {
  readonly #pdf: typeof import("pdf-lib");
  readonly #color: typeof import("d3-color").color;
  readonly #page: PDFPage;
  readonly #fonts: Fonts;
  readonly #states = new Map<string, PDFName>();
  readonly #fontNames = new Map<PDFFont, PDFName>();
  readonly #clips = new Map<string, SvgElement>();

  constructor(
    modules: {
      readonly pdf: typeof import("pdf-lib");
      readonly color: typeof import("d3-color").color;
    },
    page: PDFPage,
    fonts: Fonts,
  ) {
    this.#pdf = modules.pdf;
    this.#color = modules.color;
    this.#page = page;
    this.#fonts = fonts;
  }

  /**
   * Draws a whole SVG, one unit a point.
   *
   * @param svg The root element.
   * @param top Distance of its top from the page's top, in points.
   * @throws {TypeError} For an element that is not drawn here.
   */
  draw(svg: SvgElement, top: number): void {
    for (const clip of Array.from(svg.querySelectorAll("clipPath"))) {
      this.#clips.set(clip.getAttribute("id") ?? "", clip);
    }
    this.#emit(this.#pdf.pushGraphicsState());
    this.#transform([1, 0, 0, -1, 0, this.#page.getHeight() - top]);
    this.#children(svg, resolveStyle(svg, INITIAL_STYLE), 1);
    this.#emit(this.#pdf.popGraphicsState());
  }

  #emit(...operators: PDFOperator[]): void {
    this.#page.pushOperators(...operators);
  }

  #transform([a, b, c, d, e, f]: Transform): void {
    this.#emit(this.#pdf.concatTransformationMatrix(a, b, c, d, e, f));
  }

  #children(element: SvgElement, style: Style, opacity: number): void {
    for (const child of Array.from(element.children)) this.#element(child, style, opacity);
  }

  #element(element: SvgElement, parent: Style, parentOpacity: number): void {
    const tag = element.tagName.toLowerCase();
    if (SILENT.has(tag)) return;
    const style = resolveStyle(element, parent);
    if (style["display"] === "none" || style["visibility"] === "hidden") return;
    const opacity = parentOpacity * Number(style["opacity"] ?? 1);
    this.#emit(this.#pdf.pushGraphicsState());
    const transform = element.getAttribute("transform");
    if (transform) this.#transform(parseTransform(transform));
    if (tag === "svg") {
      const [x, y] = [length(element.getAttribute("x")), length(element.getAttribute("y"))];
      this.#transform([1, 0, 0, 1, x, y]);
    }
    const clip = /#([^)"']+)/.exec(style["clip-path"] ?? "")?.[1];
    if (clip !== undefined) this.#clip(clip);
    if (tag === "g" || tag === "svg" || tag === "a") this.#children(element, style, opacity);
    else if (tag === "text") this.#text(element, style, opacity);
    else this.#shape(element, style, opacity);
    this.#emit(this.#pdf.popGraphicsState());
  }

  #clip(id: string): void {
    for (const shape of Array.from(this.#clips.get(id)?.children ?? [])) {
      this.#emit(...this.#operators(shapeSegments(shape)));
    }
    this.#emit(this.#pdf.clip(), this.#pdf.endPath());
  }

  #shape(element: SvgElement, style: Style, opacity: number): void {
    const segments = shapeSegments(element);
    if (segments.length === 0) return;
    const isLine = element.tagName.toLowerCase() === "line";
    const fill = isLine ? undefined : this.#paint(style["fill"], style);
    const width = length(style["stroke-width"], 0, 1);
    const stroke = width > 0 ? this.#paint(style["stroke"], style) : undefined;
    if (fill === undefined && stroke === undefined) return;
    this.#alpha(
      (fill?.alpha ?? 1) * Number(style["fill-opacity"] ?? 1) * opacity,
      (stroke?.alpha ?? 1) * Number(style["stroke-opacity"] ?? 1) * opacity,
    );
    if (fill) this.#emit(this.#pdf.setFillingColor(fill.color));
    if (stroke) {
      this.#emit(this.#pdf.setStrokingColor(stroke.color), this.#pdf.setLineWidth(width));
      const dashes = style["stroke-dasharray"];
      if (dashes && dashes !== "none") {
        this.#emit(this.#pdf.setDashPattern(dashes.split(/[\s,]+/).map(Number), 0));
      }
      this.#emit(this.#pdf.setLineJoin(LINE_JOIN[style["stroke-linejoin"] ?? ""] ?? 0));
      this.#emit(this.#pdf.setLineCap(LINE_CAP[style["stroke-linecap"] ?? ""] ?? 0));
    }
    const finish = fill && stroke
      ? this.#pdf.fillAndStroke()
      : fill
      ? this.#pdf.fill()
      : this.#pdf.stroke();
    this.#emit(...this.#operators(segments), finish);
  }

  #text(element: SvgElement, style: Style, opacity: number): void {
    const size = length(style["font-size"]);
    const at = (name: string, e: SvgElement): number => length(e.getAttribute(name), size);
    let x = at("x", element) + at("dx", element);
    let y = at("y", element) + at("dy", element);
    for (const node of Array.from(element.childNodes)) {
      if (!isElement(node)) {
        if (node.nodeValue) x += this.#string(node.nodeValue, x, y, style, opacity);
        continue;
      }
      if (node.tagName.toLowerCase() !== "tspan") continue;
      if (node.getAttribute("x") !== null) x = at("x", node);
      if (node.getAttribute("y") !== null) y = at("y", node);
      x += at("dx", node);
      y += at("dy", node);
      x += this.#string(node.textContent ?? "", x, y, resolveStyle(node, style), opacity);
    }
  }

  /** @returns How far the text after it has to move, in points. */
  #string(text: string, x: number, y: number, style: Style, opacity: number): number {
    const size = length(style["font-size"]);
    const bold = style["font-weight"] === "bold" || Number(style["font-weight"]) >= 600;
    const runs = textRuns(text).map((run) => {
      const italic = run.italic || style["font-style"] === "italic";
      const font = bold ? this.#fonts.bold : italic ? this.#fonts.italic : this.#fonts.regular;
      return { ...run, font, width: font.widthOfTextAtSize(run.text, size * run.scale) };
    });
    const width = runs.reduce((sum, run) => sum + run.width, 0);
    const anchor = style["text-anchor"] ?? "start";
    const start = x - (anchor === "middle" ? width / 2 : anchor === "end" ? width : 0);
    const halo = this.#paint(style["stroke"], style);
    const fill = this.#paint(style["fill"], style);
    const passes = [
      ...(halo ? [{ paint: halo, mode: this.#pdf.TextRenderingMode.Outline }] : []),
      ...(fill ? [{ paint: fill, mode: this.#pdf.TextRenderingMode.Fill }] : []),
    ];
    for (const { paint, mode } of passes) {
      this.#emit(this.#pdf.pushGraphicsState());
      const alpha = paint.alpha * opacity *
        Number(style[mode === 0 ? "fill-opacity" : "stroke-opacity"] ?? 1);
      this.#alpha(alpha, alpha);
      this.#emit(
        ...(mode === this.#pdf.TextRenderingMode.Fill ? [this.#pdf.setFillingColor(paint.color)] : [
          this.#pdf.setStrokingColor(paint.color),
          this.#pdf.setLineWidth(length(style["stroke-width"], size, 1)),
          this.#pdf.setLineJoin(1),
        ]),
        this.#pdf.beginText(),
        this.#pdf.setTextRenderingMode(mode),
      );
      let at = start;
      for (const { text, font, width, scale, rise } of runs) {
        this.#emit(
          this.#pdf.setFontAndSize(this.#fontName(font), size * scale),
          this.#pdf.setTextMatrix(1, 0, 0, -1, at, y - rise * size),
          this.#pdf.showText(font.encodeText(text)),
        );
        at += width;
      }
      this.#emit(this.#pdf.endText(), this.#pdf.popGraphicsState());
    }
    return anchor === "start" ? width : 0;
  }

  #fontName(font: PDFFont): PDFName {
    const known = this.#fontNames.get(font) ??
      this.#page.node.newFontDictionary(font.name, font.ref);
    this.#fontNames.set(font, known);
    return known;
  }

  #alpha(fill: number, stroke: number): void {
    if (fill >= 1 && stroke >= 1) return;
    const key = `${fill} ${stroke}`;
    const state = this.#states.get(key) ?? this.#page.node.newExtGState(
      "GS",
      this.#page.doc.context.obj({ Type: "ExtGState", ca: fill, CA: stroke }),
    );
    this.#states.set(key, state);
    this.#emit(this.#pdf.setGraphicsState(state));
  }

  #paint(text: string | undefined, style: Style): Paint | undefined {
    if (!text || text === "none") return undefined;
    const named = text === "currentColor" ? style["color"] ?? "black" : text;
    const found = this.#color(named)?.rgb();
    if (!found) throw new TypeError(`Cannot draw SVG: colour ${named}`);
    if (found.opacity === 0) return undefined;
    const color = this.#pdf.rgb(found.r / 255, found.g / 255, found.b / 255);
    return { color, alpha: found.opacity };
  }

  #operators(segments: readonly PathSegment[]): PDFOperator[] {
    return segments.map((s) => {
      switch (s.kind) {
        case "move":
          return this.#pdf.moveTo(s.x, s.y);
        case "line":
          return this.#pdf.lineTo(s.x, s.y);
        case "curve":
          return this.#pdf.appendBezierCurve(s.x1, s.y1, s.x2, s.y2, s.x, s.y);
        case "close":
          return this.#pdf.closePath();
      }
    });
  }
}

interface Paint {
  readonly color: ReturnType<typeof import("pdf-lib").rgb>;
  readonly alpha: number;
}

function shapeSegments(element: SvgElement): PathSegment[] {
  const at = (name: string): number => length(element.getAttribute(name));
  const tag = element.tagName.toLowerCase();
  switch (tag) {
    case "path":
      return parsePathData(element.getAttribute("d") ?? "");
    case "line":
      return [
        { kind: "move", x: at("x1"), y: at("y1") },
        { kind: "line", x: at("x2"), y: at("y2") },
      ];
    case "rect": {
      const [x, y, w, h] = [at("x"), at("y"), at("width"), at("height")];
      return [
        { kind: "move", x, y },
        { kind: "line", x: x + w, y },
        { kind: "line", x: x + w, y: y + h },
        { kind: "line", x, y: y + h },
        { kind: "close" },
      ];
    }
    case "circle":
      return ellipse(at("cx"), at("cy"), at("r"), at("r"));
    case "ellipse":
      return ellipse(at("cx"), at("cy"), at("rx"), at("ry"));
    default:
      throw new TypeError(`Cannot draw SVG: element <${tag}>`);
  }
}

function ellipse(cx: number, cy: number, rx: number, ry: number): PathSegment[] {
  const [kx, ky] = [KAPPA * rx, KAPPA * ry];
  const curve = (
    [x1, y1, x2, y2, x, y]: readonly [number, number, number, number, number, number],
  ): PathSegment => ({
    kind: "curve",
    x1: cx + x1,
    y1: cy + y1,
    x2: cx + x2,
    y2: cy + y2,
    x: cx + x,
    y: cy + y,
  });
  return [
    { kind: "move", x: cx + rx, y: cy },
    curve([rx, ky, kx, ry, 0, ry]),
    curve([-kx, ry, -rx, ky, -rx, 0]),
    curve([-rx, -ky, -kx, -ry, 0, -ry]),
    curve([kx, -ry, rx, -ky, rx, 0]),
    { kind: "close" },
  ];
}
