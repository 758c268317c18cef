/** What a figure decides by its printed width, in points. */
export interface Sizes {
  /** Height as a share of the width. */
  readonly aspect: number;
  /** Room around the frame, for axes and labels; `bottom` where there is no axis. */
  readonly margin: {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom?: number;
  };
}

/** How a curve looks, and what it is called, in the key above the frame. */
export interface KeyEntry {
  readonly name: string;
  readonly stroke: string;
  readonly dash?: string;
  /** Width of the line as a multiple of the usual one; 0: a dot in its place. */
  readonly weight?: number;
  /** A letter in place of the line. */
  readonly glyph?: string;
}

/** What stands above the frame: what is shown, and a key to the curves. */
export interface Header {
  /** One short line: the pool, and what all panels share. */
  readonly heading: string;
  readonly key?: readonly KeyEntry[];
}

/** All sizes of a figure in points: its own, those that follow from them, and those that all share. */
export type Layout<Own extends Sizes = Sizes> = Own & {
  readonly width: number;
  readonly height: number;
  readonly margin: Required<Sizes["margin"]>;
  /** Length of the frame's sides. */
  readonly inner: { readonly width: number; readonly height: number };
  readonly font: number;
  readonly stroke: number;
  readonly rampWidth: number;
  /** Lines of text above the frame, and the key's entries on each of them after the heading. */
  readonly header: { readonly heading: string; readonly key: readonly (readonly KeyEntry[])[] };
};

/** Room under the frame, for the axis and its label. */
export const MARGIN_BOTTOM = 28;

const POINTS_PER_INCH = 72;
/** From this printed width on, in inches, a figure stands in two columns. */
const WIDE = 5;
const SHARED = {
  narrow: { font: 7, stroke: 1, rampWidth: 7 },
  wide: { font: 8, stroke: 1.2, rampWidth: 9 },
};

/** Height of a line of the header and width of a letter, as multiples of the font size. */
export const HEADER = { line: 1.45, letter: 0.55, swatch: 2.2, gap: 1.2 };

/** Width of a key's entry with the gap after it, in points: an estimate that no font is needed for. */
export function entryWidth({ name }: KeyEntry, font: number): number {
  return font *
    (HEADER.swatch + 0.4 + HEADER.letter * name.replaceAll(/[*\\]/g, "").length + HEADER.gap);
}

/** The key's entries in lines that fit the width. */
function keyLines(key: readonly KeyEntry[], width: number, font: number): KeyEntry[][] {
  const lines: KeyEntry[][] = [];
  let left = 0;
  for (const entry of key) {
    const needed = entryWidth(entry, font);
    if (lines.length === 0 || needed > left) {
      lines.push([]);
      left = width;
    }
    lines.at(-1)!.push(entry);
    left -= needed;
  }
  return lines;
}

/**
 * Resolves a figure's sizes for a printed width, once for all that is drawn.
 *
 * @param inches 3.3 for one column, 6.75 for two.
 * @param sizes The figure's own, for one column (narrow) and for two (wide).
 * @param header What stands above the frame, if anything; the picture is made taller for it.
 */
export function layout<Own extends Sizes>(
  inches: number,
  sizes: { readonly narrow: Own; readonly wide: Own },
  header?: Header,
): Layout<Own> {
  const column = inches < WIDE ? "narrow" : "wide";
  const { aspect, margin } = sizes[column];
  const { left, right, top, bottom = MARGIN_BOTTOM } = margin;
  const shared = SHARED[column];
  const width = inches * POINTS_PER_INCH;
  const inner = { width: width - left - right, height: width * aspect - top - bottom };
  const key = keyLines(header?.key ?? [], width - left, shared.font);
  const above = header === undefined ? 0 : (1 + key.length) * HEADER.line * shared.font;
  return {
    ...sizes[column],
    ...shared,
    width,
    height: width * aspect + above,
    margin: { left, right, top: top + above, bottom },
    inner,
    header: { heading: header?.heading ?? "", key },
  };
}
