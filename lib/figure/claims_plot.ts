import * as Plot from "@observablehq/plot";
import { CELL_OUTCOMES, type CellOutcome, type ClaimsByTable } from "../claims/claims_by_table.ts";
import type { ClaimCell } from "./claims_figure.ts";
import { HEADER, layout, type Sizes } from "./kit/layout.ts";
import { type Page, plotSvg } from "./kit/plot_svg.ts";
import { COLORS } from "./kit/theme.ts";

/** How an outcome looks: by its form too, since colours are not told apart by all. */
const LOOKS: Readonly<Record<CellOutcome, { readonly glyph: string; readonly stroke: string }>> = {
  "holds": { glyph: "●", stroke: COLORS.accent },
  "fails as expected": { glyph: "×", stroke: COLORS.ink },
  "fails unexpectedly": { glyph: "✖", stroke: COLORS.warm },
  "not decidable here": { glyph: "○", stroke: COLORS.faint },
  "no result": { glyph: "–", stroke: COLORS.faint },
};
/** Behind what is to be looked at. */
const ALARM = "#fbe7e1";

/** Sizes in points: the labels' room, a row's height, and the letters of names and of numbers. */
const SIZES = {
  narrow: { left: 78, row: 11, name: 7, number: 6 },
  wide: { left: 112, row: 13, name: 8, number: 7.5 },
};
const RIGHT = 2;
const BOTTOM = 4;
/** From the left of a column to its name, and to the glyph and the number of a cell. */
const INSET = { head: 2, glyph: 6, number: 12 };
/** Between the names of the tables and the first line. */
const ABOVE = 5;
/** Width of a letter as a multiple of its size. */
const LETTER = 0.56;
/** Lines of a table's name, and letters of a turned one, at most. */
const MAX_LINES = 3;
const MAX_TURNED = 18;

/** A matrix of claims and tables; numbers are left out where the columns are too narrow for them. */
export function plotClaims(
  cells: readonly ClaimCell[],
  page: Page,
  { tables, claims }: ClaimsByTable,
): Element {
  const found = CELL_OUTCOMES.filter((known) => cells.some(({ outcome }) => outcome === known));
  const sizesOf = (own: typeof SIZES.narrow): Sizes & Matrix =>
    matrixOf(own, page, tables, claims.length);
  const size = layout(
    page.width,
    { narrow: sizesOf(SIZES.narrow), wide: sizesOf(SIZES.wide) },
    { heading: "Claims by table", key: found.map((name) => ({ name, ...LOOKS[name] })) },
  );
  const { heads, number, cell } = size;
  const numbers = cells.map(numberOf);
  const fits = Math.max(...numbers.map(({ length }) => length)) * LETTER * number <=
    cell - INSET.number;
  const head = (x: number, text: string, more: Plot.TextOptions): Plot.RenderableMark =>
    Plot.text([text], {
      frameAnchor: "top",
      x: () => x,
      text: plain,
      textAnchor: "start",
      ...more,
    });
  const groups = claims.flatMap(({ cells }, n) =>
    n > 0 && groupOf(cells) !== groupOf(claims[n - 1]!.cells) ? [n] : []
  );
  const at = { x: "column", y: (c: ClaimCell) => c.row + 0.5 } as const;
  return plotSvg(page, size, {
    x: { domain: [0, tables.length], axis: null },
    y: { domain: [claims.length, 0], axis: null },
    marks: [
      Plot.rect(cells.filter(({ outcome }) => outcome === "fails unexpectedly"), {
        x1: "column",
        x2: ({ column }: ClaimCell) => column + 1,
        y1: "row",
        y2: ({ row }: ClaimCell) => row + 1,
        fill: ALARM,
      }),
      Plot.ruleY([0, claims.length], { stroke: COLORS.ink, strokeWidth: 0.6 }),
      Plot.ruleY(groups, { stroke: COLORS.rule, strokeWidth: 0.6 }),
      ...heads.all.flatMap(({ n, lines, skills }) =>
        heads.isTurned
          ? [head(n + 0.5, lines[0]!, { rotate: -90, dy: -ABOVE, lineAnchor: "middle" })]
          : [...lines, skills].map((line, i) =>
            head(n, line, {
              dx: INSET.head,
              lineAnchor: "bottom",
              dy: -ABOVE - (lines.length - i) * HEADER.line * size.name,
              ...i === lines.length ? { fill: COLORS.faint, fontSize: number } : {},
            })
          )
      ),
      Plot.text(claims.map(({ label }, n) => ({ label, n })), {
        frameAnchor: "left",
        y: ({ n }: { n: number }) => n + 0.5,
        text: ({ label }: { label: string }) => symbols(label),
        textAnchor: "end",
        dx: -4,
      }),
      Plot.text(cells, {
        ...at,
        text: ({ outcome }: ClaimCell) => LOOKS[outcome].glyph,
        fill: ({ outcome }: ClaimCell) => LOOKS[outcome].stroke,
        dx: heads.isTurned ? cell / 2 : INSET.glyph,
      }),
      ...fits
        ? [Plot.text(cells, {
          ...at,
          text: (_, i) => symbols(numbers[i]!),
          fontSize: number,
          textAnchor: "start",
          dx: INSET.number,
        })]
        : [],
    ],
  });
}

/** What stands above a column. */
interface Head {
  /** From 0, of the table. */
  readonly n: number;
  /** Its name. */
  readonly lines: readonly string[];
  /** Its number of skills, or that it failed. */
  readonly skills: string;
}

/** What the matrix decides by its width, in points. */
interface Matrix {
  readonly row: number;
  readonly name: number;
  readonly number: number;
  /** Width of a column. */
  readonly cell: number;
  readonly heads: { readonly isTurned: boolean; readonly all: readonly Head[] };
}

function matrixOf(
  { left, ...own }: typeof SIZES.narrow,
  page: Page,
  tables: ClaimsByTable["tables"],
  n_claims: number,
): Sizes & Matrix {
  const width = page.width * 72;
  const cell = (width - left - RIGHT) / tables.length;
  const letters = Math.floor(cell / (LETTER * own.name));
  const words = tables.flatMap(({ name }) => name.split(/(?<=[_-])/));
  const isTurned = words.some((word) => word.length > letters);
  const all = tables.map(({ name, error, n_skills }, n) => ({
    n,
    skills: n_skills !== null ? `d = ${n_skills}` : error === null ? "" : "failed",
    lines: isTurned ? [cut(name, MAX_TURNED)] : broken(name, letters),
  }));
  const longest = Math.max(...all.map(({ lines }) => isTurned ? lines[0]!.length : lines.length));
  const top = 3 * ABOVE + own.name * (isTurned ? longest * LETTER : (longest + 1) * HEADER.line);
  const height = top + n_claims * own.row + BOTTOM;
  return {
    ...own,
    cell,
    heads: { isTurned, all },
    aspect: height / width,
    margin: { left, right: RIGHT, top, bottom: BOTTOM },
  };
}

/** Breaks a name into lines after _ and -; each of its words fits a line. */
function broken(name: string, letters: number): string[] {
  const lines: string[] = [];
  let rest = name;
  while (rest.length > letters && lines.length < MAX_LINES - 1) {
    const end = 1 + Math.max(...["_", "-"].map((mark) => rest.lastIndexOf(mark, letters - 1)));
    lines.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...lines, cut(rest, letters)];
}

function cut(text: string, letters: number): string {
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
}

/** The number without the k* that its row is named after. */
function numberOf({ shown }: ClaimCell): string {
  return shown.replace(/^k\* (= )?/, "");
}

/** The figure of a claim without what is added for its table. */
function groupOf(cells: readonly Pick<ClaimCell, "figure">[]): string {
  return /^fig_[a-z]+_[a-z]+/.exec(cells.find(({ figure }) => figure !== "")?.figure ?? "")?.[0] ??
    "";
}

/** A text without marks. */
function plain(text: string): string {
  return text.replaceAll(/[\\*_^]/g, "\\$&");
}

/** A text with its symbols in italics. */
function symbols(text: string): string {
  return plain(text).replaceAll(/(?<![\p{L}\d])[kΔρd](?![\p{L}\d])/gu, "*$&*");
}
