/** What a figure decides by its printed width, in points. */
export interface Sizes {
  /** Height as a share of the width. */
  readonly aspect: number;
  /** Room around the frame, for axes and labels. */
  readonly margin: { readonly left: number; readonly right: number; readonly top: number };
}

/** All sizes of a figure in points: its own, those that follow from them, and those that all share. */
export type Layout<Own extends Sizes = Sizes> = Own & {
  readonly width: number;
  readonly height: number;
  /** Length of the frame's sides. */
  readonly inner: { readonly width: number; readonly height: number };
  readonly font: number;
  readonly stroke: number;
  readonly rampWidth: number;
};

/** Room under the frame of every figure, for the axis and its label. */
export const MARGIN_BOTTOM = 28;

const POINTS_PER_INCH = 72;
/** From this printed width on, in inches, a figure stands in two columns. */
const WIDE = 5;
const SHARED = {
  narrow: { font: 7, stroke: 1, rampWidth: 7 },
  wide: { font: 8, stroke: 1.2, rampWidth: 9 },
};

/**
 * Resolves a figure's sizes for a printed width, once for all that is drawn.
 *
 * @param inches 3.3 for one column, 6.75 for two.
 * @param sizes The figure's own, for one column (narrow) and for two (wide).
 */
export function layout<Own extends Sizes>(
  inches: number,
  sizes: { readonly narrow: Own; readonly wide: Own },
): Layout<Own> {
  const column = inches < WIDE ? "narrow" : "wide";
  const { aspect, margin: { left, right, top } } = sizes[column];
  const width = inches * POINTS_PER_INCH;
  const height = width * aspect;
  const inner = { width: width - left - right, height: height - top - MARGIN_BOTTOM };
  return { ...sizes[column], ...SHARED[column], width, height, inner };
}
