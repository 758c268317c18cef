import type { Column } from "./kit/csv.ts";
import type { Page } from "./kit/plot_svg.ts";

/** A figure in four parts, each a pure function of the results that it shows. */
export interface FigureParts<Results, Rows> {
  readonly title: (results: Results) => string;
  /** The numbers that are drawn, as the other parts take them. */
  readonly rows: (results: Results) => Rows;
  readonly plot: (rows: Rows, page: Page, results: Results) => Element;
  /** One paragraph, made from the numbers. */
  readonly caption: (rows: Rows, results: Results) => string;
  /** The columns of the CSV file. */
  readonly columns: (rows: Rows, results: Results) => readonly Column[];
}

/** A figure, ready to be written. */
export interface Figure {
  readonly title: string;
  readonly caption: string;
  readonly svg: Element;
  readonly columns: readonly Column[];
}

/** Puts the four parts together. */
export function figure<Results, Rows>(
  parts: FigureParts<Results, Rows>,
): (results: Results, page: Page) => Figure {
  return (results, page) => {
    const rows = parts.rows(results);
    return {
      title: parts.title(results),
      caption: parts.caption(rows, results),
      svg: parts.plot(rows, page, results),
      columns: parts.columns(rows, results),
    };
  };
}
