/** A piece of a contour, from one edge of a triangle to another. */
export interface Segment {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/**
 * Where a function on a grid is zero, linear in between: each cell of the grid is cut into two
 * triangles, and a triangle whose corners differ in sign gives one segment.
 *
 * @param x m ascending places.
 * @param y n ascending places.
 * @param values m × n.
 */
export function zeroContour(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  values: ArrayLike<number>,
): Segment[] {
  const segments: Segment[] = [];
  const corner = (i: number, j: number): Corner => [x[i]!, y[j]!, values[i * y.length + j]!];
  for (let i = 0; i + 1 < x.length; i++) {
    for (let j = 0; j + 1 < y.length; j++) {
      const [a, b, c, d] = [corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)];
      for (const triangle of [[a, b, c], [a, c, d]] as const) {
        const [first, second] = crossings(triangle);
        if (first && second) {
          segments.push({ x1: first[0], y1: first[1], x2: second[0], y2: second[1] });
        }
      }
    }
  }
  return segments;
}

type Corner = readonly [x: number, y: number, value: number];

/** Where the edges of a triangle cross zero: none or two points. Zero counts as above. */
function crossings(triangle: readonly [Corner, Corner, Corner]): (readonly [number, number])[] {
  return triangle.flatMap((from, n) => {
    const to = triangle[(n + 1) % 3]!;
    if ((from[2] >= 0) === (to[2] >= 0)) return [];
    const share = from[2] / (from[2] - to[2]);
    return [[from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])] as const];
  });
}
