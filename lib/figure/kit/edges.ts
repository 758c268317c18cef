/**
 * Edges of cells around ascending points: halfway between neighbours; the outer ones as far outside as
 * the inner ones are inside.
 *
 * @param points n ascending numbers, at least 1; one alone has edges at a distance of ½.
 * @returns n + 1 edges.
 */
export function midpoints(points: ArrayLike<number>): Float64Array {
  const n = points.length;
  if (n === 1) return Float64Array.of(points[0]! - 0.5, points[0]! + 0.5);
  return Float64Array.from({ length: n + 1 }, (_, i) => {
    if (i === 0) return points[0]! - (points[1]! - points[0]!) / 2;
    if (i === n) return points[n - 1]! + (points[n - 1]! - points[n - 2]!) / 2;
    return (points[i - 1]! + points[i]!) / 2;
  });
}

/** The same on a logarithmic axis, for points above 0. */
export function logEdges(points: ArrayLike<number>): Float64Array {
  return midpoints(Float64Array.from(points, Math.log)).map(Math.exp);
}
