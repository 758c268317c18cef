import { arcToCurves } from "./arc.ts";

/** A segment of a path in absolute coordinates, of the kinds that PDF knows. */
export type PathSegment =
  | { readonly kind: "move" | "line"; readonly x: number; readonly y: number }
  | {
    readonly kind: "curve";
    readonly x1: number;
    readonly y1: number;
    readonly x2: number;
    readonly y2: number;
    readonly x: number;
    readonly y: number;
  }
  | { readonly kind: "close" };

/** What each command takes: n a number, f a flag of the arc (one digit, maybe with no space after). */
const ARGUMENTS: Readonly<Record<string, string>> = {
  M: "nn",
  L: "nn",
  H: "n",
  V: "n",
  C: "nnnnnn",
  S: "nnnn",
  Q: "nnnn",
  T: "nn",
  A: "nnnffnn",
  Z: "",
};

/**
 * Reads SVG path data (all commands of SVG 1.1): relative becomes absolute; quadratic curves and
 * arcs become cubic ones.
 *
 * @param data The `d` attribute.
 * @throws {TypeError} When it is malformed.
 */
export function parsePathData(data: string): PathSegment[] {
  const segments: PathSegment[] = [];
  let [x, y, startX, startY] = [0, 0, 0, 0];
  // The last control point, for the smooth commands that reflect it, and what kind it was of.
  let [controlX, controlY, control] = [0, 0, ""];
  const line = (): void => void segments.push({ kind: "line", x, y });
  for (const [letter, values] of commands(data)) {
    const command = letter.toUpperCase();
    const [ox, oy] = letter === command ? [0, 0] : [x, y];
    const at = (i: number): number => values[i] ?? 0;
    const [lastX, lastY] = [x, y];
    const reflect = (kind: string): readonly [number, number] =>
      control === kind ? [2 * lastX - controlX, 2 * lastY - controlY] : [lastX, lastY];
    let next = "";
    switch (command) {
      case "M":
        [x, y] = [startX, startY] = [at(0) + ox, at(1) + oy];
        segments.push({ kind: "move", x, y });
        break;
      case "L":
        [x, y] = [at(0) + ox, at(1) + oy];
        line();
        break;
      case "H":
        x = at(0) + ox;
        line();
        break;
      case "V":
        y = at(0) + oy;
        line();
        break;
      case "C":
      case "S": {
        const o = command === "C" ? 2 : 0;
        const [x1, y1] = command === "C" ? [at(0) + ox, at(1) + oy] : reflect("cubic");
        [controlX, controlY, next] = [at(o) + ox, at(o + 1) + oy, "cubic"];
        [x, y] = [at(o + 2) + ox, at(o + 3) + oy];
        segments.push({ kind: "curve", x1, y1, x2: controlX, y2: controlY, x, y });
        break;
      }
      case "Q":
      case "T": {
        const o = command === "Q" ? 2 : 0;
        const [qx, qy] = command === "Q" ? [at(0) + ox, at(1) + oy] : reflect("quadratic");
        [controlX, controlY, next] = [qx, qy, "quadratic"];
        [x, y] = [at(o) + ox, at(o + 1) + oy];
        const [x1, y1] = [lastX + 2 / 3 * (qx - lastX), lastY + 2 / 3 * (qy - lastY)];
        const [x2, y2] = [x + 2 / 3 * (qx - x), y + 2 / 3 * (qy - y)];
        segments.push({ kind: "curve", x1, y1, x2, y2, x, y });
        break;
      }
      case "A":
        [x, y] = [at(5) + ox, at(6) + oy];
        segments.push(...arcToCurves({
          from: [lastX, lastY],
          to: [x, y],
          rx: at(0),
          ry: at(1),
          rotation: at(2),
          large: at(3) === 1,
          sweep: at(4) === 1,
        }));
        break;
      default:
        [x, y] = [startX, startY];
        segments.push({ kind: "close" });
    }
    control = next;
  }
  return segments;
}

/** The commands with their arguments, repeated ones written out. */
function* commands(data: string): Generator<readonly [string, readonly number[]]> {
  const token = /[\s,]*([a-df-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)/iy;
  const flag = /[\s,]*([01])/y;
  let position = 0;
  const read = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position;
    const found = pattern.exec(data)?.[1];
    if (found !== undefined) position = pattern.lastIndex;
    return found;
  };
  let letter = "";
  while (data.slice(position).trim() !== "") {
    const before = position;
    const first = read(token);
    if (first !== undefined && /[a-z]/i.test(first)) letter = first;
    else position = before;
    const pattern = ARGUMENTS[letter.toUpperCase()];
    if (first === undefined || pattern === undefined || (pattern === "" && position === before)) {
      throw new TypeError(`Cannot read path data: at ${before} of ${JSON.stringify(data)}`);
    }
    const values = Array.from(pattern, (kind) => Number(read(kind === "f" ? flag : token)));
    if (values.some(Number.isNaN)) {
      throw new TypeError(`Cannot read path data: an argument is missing after ${letter}`);
    }
    yield [letter, values];
    if (letter === "M") letter = "L";
    if (letter === "m") letter = "l";
  }
}
