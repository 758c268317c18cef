import { appendBezierCurve, closePath, lineTo, moveTo, type PDFOperator } from "pdf-lib";
import svgpath from "svgpath";

/** A quadratic curve is the cubic one whose control points lie this share of the way to its own. */
const CUBIC_SHARE = 2 / 3;

/**
 * The PDF operators that build a path.
 *
 * @param data SVG path data, all commands of SVG 1.1. Arcs become Bézier curves.
 * @throws {TypeError} When the data is malformed.
 */
export function pathOperators(data: string): PDFOperator[] {
  const path = svgpath(data) as ReturnType<typeof svgpath> & { readonly err: string };
  if (path.err !== "") throw new TypeError(`Cannot read path data: ${path.err}`);
  const operators: PDFOperator[] = [];
  path.abs().unshort().unarc().iterate(([command, ...values], _index, x, y) => {
    operators.push(operator(command, values, x, y));
  });
  return operators;
}

/** One of the commands that svgpath leaves: M, L, H, V, C, Q or Z, from the point (x, y). */
function operator(command: string, values: readonly number[], x: number, y: number): PDFOperator {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = values;
  switch (command) {
    case "M":
      return moveTo(a, b);
    case "L":
      return lineTo(a, b);
    case "H":
      return lineTo(a, y);
    case "V":
      return lineTo(x, a);
    case "C":
      return appendBezierCurve(a, b, c, d, e, f);
    case "Q": {
      const towards = (end: number, control: number): number => end + CUBIC_SHARE * (control - end);
      const [x1, y1, x2, y2] = [towards(x, a), towards(y, b), towards(c, a), towards(d, b)];
      return appendBezierCurve(x1, y1, x2, y2, c, d);
    }
    default:
      return closePath();
  }
}
